"""manage.py draw_blueprint: write tenants/agency.sql anew from this code's migrations."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from tenants import blueprint
from tenants.fleet.drawing import CannotDraw, drawn


class Command(BaseCommand):
    help = "Draw the schema of a new agency. Needs a PostgreSQL, and leaves nothing in it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Write nothing; fail if the file differs.")

    def handle(self, *args: Any, **options: Any) -> None:
        text = _drawn()
        if not options["check"]:
            blueprint.TEXT.write_text(text)
        elif not blueprint.TEXT.exists() or blueprint.TEXT.read_text() != text:
            raise CommandError(f"{blueprint.TEXT.name} differs from the migrations: `make blueprint` draws it anew")


def _drawn() -> str:
    with transaction.atomic():
        # An agency's migrations may need what the public ones make, such as an extension.
        call_command("migrate_schemas", shared=True, verbosity=0)
        try:
            return drawn()
        except CannotDraw as why:
            raise CommandError(str(why)) from None
        finally:
            transaction.set_rollback(True)
