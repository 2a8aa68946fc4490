"""What an operator asks on a deadline day: by agency, what is due, what waits and on whom, and when it is done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from mtd import deadlines, forecast
from mtd.deadlines import WaitingOn
from tenants import clock
from tenants.context import tenant
from tenants.models import Agency

# PostgreSQL keeps what it has learned of each schema for as long as a session lives.
_AGENCIES_A_SESSION = 100


@dataclass(frozen=True, kw_only=True)
class Night:
    """One agency's obligations due by a day, and when those that are queued are done (None if none is)."""

    agency_id: UUID
    name: str
    counts: dict[WaitingOn, int] = field(default_factory=dict)
    done_at: datetime | None = None

    @property
    def due(self) -> int:
        return sum(self.counts.values())

    @property
    def sent(self) -> int:
        return self.counts.get(WaitingOn.NOBODY, 0)

    @property
    def unsent(self) -> int:
        return self.due - self.sent


def by_agency(*, due_date: date, now: datetime, per_second: float) -> list[Night]:
    """Whoever has most unsent comes first. Visits every agency: for a person who asks once, not for a schedule."""
    counted = list(_counted(due_date, today=now.astimezone(clock.LONDON).date()))
    queued = {agency.pk: counts.get(WaitingOn.QUARTERDAY, 0) for agency, counts in counted}
    takes = forecast.finishes({name: many for name, many in queued.items() if many}, per_second=per_second)
    nights = [_night(agency, counts, now=now, takes=takes.get(agency.pk)) for agency, counts in counted]
    return sorted(nights, key=lambda night: (-night.unsent, night.name))


def all_done_at(nights: Sequence[Night]) -> datetime | None:
    """When nothing that is queued is left."""
    return max((night.done_at for night in nights if night.done_at), default=None)


def _counted(due_date: date, *, today: date) -> Iterator[tuple[Agency, dict[WaitingOn, int]]]:
    for number, agency in enumerate(Agency.objects.order_by("created_at"), start=1):
        with tenant(agency):
            rows = deadlines.summary(today=today, due_before=due_date + timedelta(days=1))
        counts = dict.fromkeys(WaitingOn, 0)
        for row in rows:
            counts[row["waiting_on"]] += row["count"]
        yield agency, counts
        if number % _AGENCIES_A_SESSION == 0 and not connection.in_atomic_block:
            connection.close()


def _night(agency: Agency, counts: dict[WaitingOn, int], *, now: datetime, takes: timedelta | None) -> Night:
    done_at = None if takes is None else now + takes
    return Night(agency_id=agency.pk, name=agency.name, counts=counts, done_at=done_at)
