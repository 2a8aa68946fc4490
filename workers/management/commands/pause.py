"""manage.py pause lane|agency|operation NAME --reason R: nothing of it goes until it is resumed. Alone: lists."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events import dispatching
from people.principal import SYSTEM
from tenants import clock, pauses
from tenants.models import PauseScope
from workers.standing import add_operator, name_of


class Command(BaseCommand):
    help = "Let a lane, an agency (by its host) or one of HMRC's operations stand still; without a name, list them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scope", nargs="?", choices=PauseScope.values)
        parser.add_argument("name", nargs="?")
        parser.add_argument("--reason", default="", help="shown to agencies in /queue, and audited")
        add_operator(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["scope"]:
            self._pause(**options)
        for each in pauses.in_force():
            self.stdout.write(f"{each.paused_at:%Y-%m-%d %H:%M:%SZ} {each.scope} {each.name}: {each.reason}")

    def _pause(self, *, scope: str, name: str | None, reason: str, by: str, **_: Any) -> None:
        if not name or not reason.strip():
            raise CommandError("what is to be paused, and --reason why?")
        dispatching.pause(
            by=SYSTEM,
            who=by[:100],
            scope=PauseScope(scope),
            name=name_of(scope, name),
            reason=reason.strip()[:500],
            now=clock.now(),
        )
