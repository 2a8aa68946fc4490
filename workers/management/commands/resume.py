"""manage.py resume lane|agency|operation NAME: it goes on at the next turn."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events import dispatching
from people.principal import SYSTEM
from tenants import clock
from tenants.models import PauseScope
from workers.standing import add_operator, name_of


class Command(BaseCommand):
    help = "Let a paused lane, agency (by its host) or operation of HMRC's go on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scope", choices=PauseScope.values)
        parser.add_argument("name")
        add_operator(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        scope = PauseScope(options["scope"])
        name, who = name_of(scope, options["name"]), options["by"][:100]
        if not dispatching.resume(by=SYSTEM, who=who, scope=scope, name=name, now=clock.now()):
            raise CommandError("it was not paused")
