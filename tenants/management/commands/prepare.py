"""manage.py prepare: bring the database to this release. Safe to run at every start."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from tenants import clock, installation
from tenants.guard import check_start


class Command(BaseCommand):
    help = "Migrate every schema, and check (or, on an empty database, remember) the keys and whose it is."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--report", type=Path, metavar="FILE", help="What became of each agency's schema, as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate_schemas", shared=True, verbosity=0)
        call_command("migrate_agencies", report=options["report"], verbosity=0)
        check_start(rings=["data", "token"])
        installation.adopt_if_empty(now=clock.now())
