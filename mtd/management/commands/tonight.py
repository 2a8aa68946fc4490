"""manage.py tonight: by agency, what is due, unsent and waiting, on whom, and when it is done."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mtd import deadlines, tonight
from mtd.deadlines import WaitingOn
from mtd.forecast import USABLE, tier_for
from mtd.tonight import Night
from tenants import clock, needs
from tenants.needs import Need

_WAITING = (WaitingOn.AGENCY, WaitingOn.LANDLORD, WaitingOn.HMRC, WaitingOn.QUARTERDAY)


class Command(BaseCommand):
    help = "List, by agency, what is due by --date (today), unsent, waiting and on whom, and when it fits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", help="the last due date that counts, such as 2026-08-07; today if not given")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        due_date, now = _day(options["date"]), clock.now()
        per_second = settings.HMRC.requests_per_second * USABLE
        need = needs.greatest(now=now, by=due_date)
        nights = tonight.by_agency(due_date=due_date, now=now, per_second=per_second)
        shown = json.dumps(_figures(nights, due_date, need)) if options["json"] else None
        self.stdout.write(shown or "\n".join(_lines(nights, due_date, need)))


def _day(given: str | None) -> date:
    try:
        return clock.today() if given is None else date.fromisoformat(given)
    except ValueError:
        raise CommandError("--date is a day such as 2026-08-07.") from None


def _figures(nights: Sequence[Night], due_date: date, need: Need | None) -> dict[str, Any]:
    return {
        "due_date": due_date.isoformat(),
        "due_at": deadlines.due_at(due_date).isoformat(),
        "all_done_at": _iso(tonight.all_done_at(nights)),
        "held": sum(night.held for night in nights),
        "need": need
        and {
            "due_date": need.deadline.isoformat(),
            "calls": need.calls,
            "seconds_left": round(need.seconds),
            "rate": round(need.rate, 3),
            "tier": tier_for(need.rate),
        },
        "agencies": [
            {
                "agency_id": str(night.agency_id),
                "name": night.name,
                "due": night.due,
                "sent": night.sent,
                "unsent": night.unsent,
                "waiting_on": {who.value: night.counts.get(who, 0) for who in _WAITING},
                "done_at": _iso(night.done_at),
                "held": night.held,
            }
            for night in nights
        ],
    }


def _lines(nights: Sequence[Night], due_date: date, need: Need | None) -> Iterator[str]:
    every, unsent = sum(night.due for night in nights), sum(night.unsent for night in nights)
    yield f"Due by {due_date.isoformat()}: {every}, unsent {unsent}"
    yield f"{'agency':<32}{'due':>8}{'sent':>8}{'unsent':>8}" + "".join(f"{who:>12}" for who in _WAITING) + "  done by"
    for night in nights:
        waiting = "".join(f"{night.counts.get(who, 0):>12}" for who in _WAITING)
        yield f"{night.name[:31]:<32}{night.due:>8}{night.sent:>8}{night.unsent:>8}{waiting}  {_hour(night.done_at)}"
    if need is not None:
        yield (
            f"{need.calls:,} calls are due by the end of {need.deadline}, in {need.seconds / 3600:.1f} h: that takes "
            f"{need.rate:.2f} a second, and a tier of {tier_for(need.rate)}."
        )
    if held := sum(night.held for night in nights):
        yield f"{held:,} submissions stand still: paused."
    yield _verdict(tonight.all_done_at(nights), due_date)


def _verdict(done_at: datetime | None, due_date: date) -> str:
    if done_at is None:
        return "Nothing goes."
    late = deadlines.is_late(due_date, at=done_at)
    return f"All that goes is done by {_hour(done_at)}{': too late, ask for a higher rate' if late else ''}."


def _hour(moment: datetime | None) -> str:
    """In London, where the day ends; with the date, if that is another day."""
    if moment is None:
        return "-"
    there = moment.astimezone(clock.LONDON)
    return there.strftime("%H:%M" if there.date() == clock.today() else "%d %b %H:%M")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
