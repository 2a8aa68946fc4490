"""manage.py migrate_agencies: bring every agency's schema to this release. Stopped in the midst, it goes on when it is
started again.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tenants.fleet.executor import finish
from tenants.fleet.migrating import migrate_all
from tenants.fleet.outcome import Summary


class Command(BaseCommand):
    help = "Migrate every agency's schema: the first of each state by Django, the others by replaying what it said."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--report", type=Path, metavar="FILE", help="A line of JSON for each schema.")
        parser.add_argument("--processes", type=int, metavar="N", help="How many at once; by default one a core, to 4.")
        parser.add_argument("--by-django", action="store_true", help="Replay nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes = migrate_all(processes=options["processes"], replays=not options["by_django"])
        with ExitStack() as stack:
            report = stack.enter_context(options["report"].open("w")) if options["report"] else None
            summary = Summary(report).of(outcomes)
        if options["verbosity"]:
            self.stdout.write(f"Agencies: {summary}")
        finish(summary)
