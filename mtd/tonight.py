"""What an operator asks on a deadline day: by agency, what is due, what waits and on whom, and when it is done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from mtd import deadlines
from mtd.deadlines import WaitingOn
from tenants import clock, needs
from tenants.backlog import View, Waiting
from tenants.context import tenant
from tenants.due import Kind
from tenants.models import Agency

# PostgreSQL keeps what it has learned of each schema for as long as a session lives.
_AGENCIES_A_SESSION = 100


@dataclass(frozen=True, kw_only=True)
class Night:
    """One agency's obligations due by a day, and when what is queued for them is done; None if nothing goes. `held`:
    submissions that stand still, because they, their lane or their agency are paused.
    """

    agency_id: UUID
    name: str
    counts: dict[WaitingOn, int] = field(default_factory=dict)
    done_at: datetime | None = None
    held: int = 0

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
    queued, waiting = needs.shares(kind=Kind.SUBMIT, by=due_date), Waiting.count(now=now)
    nights = []
    for agency, counts in _counted(due_date, today=now.astimezone(clock.LONDON).date()):
        # The measured rate says nothing of a night, in which people come and go.
        view = View.of(agency.pk, now=now, full_rate=per_second, waiting=waiting)._replace(rate=per_second)
        done_at, held = _end(view, queued.get(agency.pk, ()), now=now)
        nights.append(Night(agency_id=agency.pk, name=agency.name, counts=counts, done_at=done_at, held=held))
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


def _end(view: View, shares: Sequence[needs.Share], *, now: datetime) -> tuple[datetime | None, int]:
    """When the last call of these is made, and how many submissions stand still."""
    ends, held = [], 0
    for share in shares:
        held += share.held
        last = view.turn(share.lane, share.calls - 1)[1] if share.calls else None
        if last is not None:
            ends.append(now + last + timedelta(seconds=1 / view.rate))
        elif share.calls:
            held += share.many
    return max(ends, default=None), held
