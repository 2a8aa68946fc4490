"""manage.py resume lane|agency|operation NAME: it goes on at the next turn."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events import dispatching
from people.principal import SYSTEM
from tenants import clock
from tenants.models import PauseScope
from workers.standing import name_of


class Command(BaseCommand):
    help = "Let a paused lane, agency (by its host) or operation of HMRC's go on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scope", choices=PauseScope.values)
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        scope = PauseScope(options["scope"])
        if not dispatching.resume(by=SYSTEM, scope=scope, name=name_of(scope, options["name"]), now=clock.now()):
            raise CommandError("it was not paused")
