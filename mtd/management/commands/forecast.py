"""manage.py forecast: whether so many landlords' quarters fit into so many days at HMRC's rate."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mtd.forecast import CALLS, Forecast


class Command(BaseCommand):
    help = "Say whether a quarter of --landlords fits into --days, and which rate it would take."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--landlords", type=int, required=True)
        parser.add_argument("--days", type=float, required=True)
        parser.add_argument("--rate", type=float, help="requests a second; HMRC_REQUESTS_PER_SECOND if not given")
        parser.add_argument("--in-use", type=float, default=0.0, help="share of the rate that other work takes")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        made = _asked(options)
        self.stdout.write(json.dumps(_figures(made)) if options["json"] else "\n".join(_lines(made)))


def _asked(options: dict[str, Any]) -> Forecast:
    rate = options["rate"] or float(settings.HMRC.requests_per_second)
    if options["landlords"] < 1 or options["days"] <= 0 or rate <= 0 or not 0 <= options["in_use"] <= 1:
        raise CommandError("Landlords, days and the rate are above nought, and --in-use is a share from 0 to 1.")
    return Forecast(options["landlords"], options["days"], rate, options["in_use"])


def _figures(made: Forecast) -> dict[str, Any]:
    return {
        "landlords": made.landlords,
        "days": made.days,
        "calls": made.calls,
        "calls_for_each": CALLS,
        "capacity": made.capacity,
        "fits": made.fits,
        "takes_s": made.takes and round(made.takes.total_seconds()),
        "rate": made.rate,
        "rate_needed": made.rate_needed,
    }


def _lines(made: Forecast) -> list[str]:
    each = ", ".join(f"{number:g} {why}" for why, number in CALLS.items())
    return [
        f"{made.landlords:,} landlords need {made.calls:,} calls ({each}).",
        f"{made.days:g} days at {made.rate:g} a second hold {made.capacity:,}. It takes {_hours(made)}.",
        "It fits." if made.fits else f"It does not fit: ask HMRC for {made.rate_needed:g} a second.",
    ]


def _hours(made: Forecast) -> str:
    takes = made.takes
    return "for ever: nothing is left of the rate" if takes is None else f"{takes.total_seconds() / 3600:,.1f} h"
