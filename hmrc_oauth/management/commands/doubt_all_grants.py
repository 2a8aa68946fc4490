"""manage.py doubt_all_grants: after a restore, find out of every grant whether its token is still good."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hmrc_door import config
from hmrc_oauth.doubting import doubt_grants, places
from people.principal import SYSTEM
from tenants import clock, installation
from tenants.context import tenant
from tenants.models import Agency


class Command(BaseCommand):
    help = "Doubt every grant, agency by agency, and let the workers settle them at the pace."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--before", help="only tokens got before this moment (default: now)")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        before = _moment(options["before"]) if options["before"] else now
        at = places(now=now, per_second=config.environment().requests_per_second)
        self.stderr.write(f"To resume: doubt_all_grants --before {before.isoformat()}")
        agencies = grants = 0
        for agency in Agency.objects.order_by("pk").iterator():
            with tenant(agency):
                grants += doubt_grants(by=SYSTEM, before=before, at=at, now=now)
            agencies += 1
        installation.note_history(now=now)
        self.stdout.write(json.dumps({"before": before.isoformat(), "agencies": agencies, "grants": grants}))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise CommandError("--before must be a moment with its offset, such as 2026-11-22T12:00:00+00:00.")
    return moment
