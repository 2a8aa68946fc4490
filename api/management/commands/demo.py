"""manage.py demo: the demo agency of `make run`, with the stand-in's test users as its landlords. Local only."""

import json
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from api import demo
from tenants import clock


class Command(BaseCommand):
    help = "Make sure that the demo agency is there, and write what a visitor needs to know."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--users", type=Path, required=True, help="What the stand-in answers to GET /control/users."
        )
        parser.add_argument(
            "--known", type=Path, required=True, help="The demo.json of an earlier run, if there is one."
        )
        parser.add_argument("--front-end", required=True, help="Where landlords' links lead, in a new demo agency.")
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.HMRC.name != "local":
            raise CommandError("The demo agency exists with HMRC_ENVIRONMENT=local only.")
        known = _read(options["known"])
        users = _read(options["users"])["users"]
        password = known.get("staff_password") or secrets.token_urlsafe(15)
        said = demo.ensure(users=users, known=known, password=password, front_end=options["front_end"], now=clock.now())
        options["out"].touch(mode=0o600)
        options["out"].write_text(json.dumps(said))


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return {}
