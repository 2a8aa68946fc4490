"""manage.py adopt_environment: make this database this environment's, and let its workers spend its tokens."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.adoption import adopt_environment
from people.principal import SYSTEM
from tenants import clock, installation

_WARNING = """\
This database belongs to {was}, and this environment is {becomes}.
If it is a copy and the original still runs, both hold the same tokens: each one spent here is lost there, and its
landlord must connect again. Go on only if the original is gone for good, or has another client id at HMRC.
If it was restored, run manage.py doubt_all_grants before the workers start.
Type {becomes} to go on: """


class Command(BaseCommand):
    help = "Make this database this environment's: its workers may spend the tokens in it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="ask nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        was, becomes = installation.owner() or "nobody", installation.fingerprint()
        if not options["yes"] and input(_WARNING.format(was=was, becomes=becomes)).strip() != becomes:
            raise CommandError("Nothing was changed.")
        many = adopt_environment(by=SYSTEM, now=clock.now())
        self.stdout.write(json.dumps({"was": was, "adopted": becomes, "agencies": many}))
