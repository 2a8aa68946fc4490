"""manage.py create_agency NAME --host H --owner EMAIL: a new agency whose owner is invited by mail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.governance import create_agency
from people.principal import SYSTEM
from tenants import clock
from tenants.faults import Fault


class Command(BaseCommand):
    help = "Create an agency: schema, keys, host, and an invited owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--host", required=True)
        parser.add_argument("--owner", required=True, metavar="EMAIL")
        parser.add_argument("--front-end", default="", metavar="URL", help="where links in mails lead")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            agency = create_agency(
                by=SYSTEM,
                name=options["name"],
                host=options["host"],
                owner=options["owner"],
                front_end_url=options["front_end"],
                now=clock.now(),
            )
        except Fault as fault:
            raise CommandError(f"{fault.code}: {fault.title}") from None
        self.stdout.write(f"{agency.pk} {options['host']}")
