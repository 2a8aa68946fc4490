"""manage.py share HOST --weight W --cap C: how much of HMRC's rate an agency gets beside the others."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events import dispatching
from people.principal import SYSTEM
from tenants import clock
from tenants.named import agency_at
from workers.standing import add_operator

_HEAVIEST = 100.0


class Command(BaseCommand):
    help = "Weigh an agency (by its host) against the others, and cap its share of HMRC's rate."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("host")
        parser.add_argument("--weight", type=float, default=1.0, help="turns for each turn of another agency; 1")
        parser.add_argument("--cap", type=float, help="at most this share of the rate, such as 0.5; none")
        add_operator(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        weight, cap = options["weight"], options["cap"]
        if not 0 < weight <= _HEAVIEST or not (cap is None or 0 < cap <= 1):
            raise CommandError(f"a weight is above 0 and at most {_HEAVIEST:g}, a cap above 0 and at most 1")
        given = {"agency": agency_at(options["host"]), "weight": weight, "cap": cap}
        dispatching.grant_share(by=SYSTEM, who=options["by"][:100], now=clock.now(), **given)
