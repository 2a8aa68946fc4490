"""What is due by a day of HMRC's, and the rate at which it is still done by then: over all agencies, by the list."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from tenants import clock
from tenants.due import NEVER, Kind
from tenants.lanes import Lane
from tenants.models import Agency, Due
from tenants.models.agency import AgencyStatus

_LEAST_S = 60.0  # a minute before midnight it is too late to count


class Need(NamedTuple):
    """So many calls are due by this day, that ends in so many seconds."""

    deadline: date
    calls: int
    seconds: float

    @property
    def rate(self) -> float:
        """Calls a second that it takes."""
        return self.calls / self.seconds


class Share(NamedTuple):
    """What of one agency is due and waits in one lane: how much of it may go, how many calls that takes, and how much
    is put off without end.
    """

    lane: Lane
    many: int
    calls: int
    held: int


def greatest(*, now: datetime, by: date | None = None) -> Need | None:
    """The day that takes the highest rate, of those until `by`; None if nothing that waits has a day. What is late
    counts with today's. What is paused counts: it has to go, too. Runs in the public schema.
    """
    today, calls, needs = now.astimezone(clock.LONDON).date(), 0, []
    for deadline, more in _due(by).values_list("deadline").annotate(Sum("calls")).order_by("deadline"):
        calls, day = calls + more, max(deadline, today)
        needs.append(Need(day, calls, max(_LEAST_S, (clock.end_of(day) - now).total_seconds())))
    return max(needs, key=lambda need: need.rate, default=None)


def shares(*, kind: Kind, by: date) -> Mapping[UUID, Sequence[Share]]:
    """What of this kind is due by a day and waits, by agency. Runs in the public schema."""
    found: dict[UUID, list[Share]] = defaultdict(list)
    goes = Q(due_at__lt=NEVER)
    counted = _due(by).filter(kind=kind).values_list("agency_id", "lane")
    sums = {"many": Count("pk", filter=goes), "sum": Sum("calls", filter=goes), "held": Count("pk", filter=~goes)}
    for agency, lane, many, calls, held in counted.annotate(**sums):
        found[agency].append(Share(Lane(lane), many, calls or 0, held))
    return found


def _due(by: date | None) -> QuerySet[Due]:
    active = Agency.objects.filter(status=AgencyStatus.ACTIVE)
    rows = Due.objects.filter(is_call=True, deadline__isnull=False, agency_id__in=active.values("pk"))
    return rows if by is None else rows.filter(deadline__lte=by)
