"""What HMRC says is due, read again without being asked: duties arise each April, and others may fulfil them."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from hmrc_oauth.models import Connection, ConnectionState
from mtd import readings
from mtd.duties import OPEN
from mtd.models import Obligation, Reading, Submission, SubmissionStatus
from tenants import clock, due

_QUARTERS, _DECLARATIONS = "open_obligations", "final_declarations"
_MONTH, _NEAR = timedelta(days=30), timedelta(days=7)
_SEEN_AFTER = timedelta(hours=1)  # HMRC's `fulfilled` comes as much later than the update
_MOST = 1000  # of one agency, on one day


def ask(*, now: datetime) -> int:
    """Queue what the current agency's working connections should read again: each month, in the week before a due date,
    and once an update was accepted; final declarations each quarter. Returns how many.
    """
    wanted = [
        *((_QUARTERS, landlord_id) for landlord_id in _oldest(_QUARTERS, _is_stale(now))),
        *((_DECLARATIONS, landlord_id) for landlord_id in _oldest(_DECLARATIONS, Q(read_at__lt=now - 3 * _MONTH))),
    ]
    for what, landlord_id in wanted:
        readings.ask(landlord_id=landlord_id, what=what, lane=due.Lane.BACKGROUND, now=now)
    return len(wanted)


def _oldest(what: str, is_stale: Q) -> QuerySet[Connection, UUID]:
    """Of whom this was never read, or is stale by now."""
    read = Reading.objects.filter(landlord=OuterRef("landlord"), what=what)
    working = Connection.objects.filter(state=ConnectionState.ACTIVE, landlord__archived_at=None)
    aged = working.annotate(read_at=Subquery(read.values("fetched_at")[:1])).filter(Q(read_at=None) | is_stale)
    return aged.order_by(F("read_at").asc(nulls_first=True)).values_list("landlord_id", flat=True)[:_MOST]


def _is_stale(now: datetime) -> Q:
    today = clock.today()
    soon = Obligation.objects.filter(landlord=OuterRef("landlord"), status=OPEN, due_date__range=(today, today + _NEAR))
    told = Submission.objects.filter(
        landlord=OuterRef("landlord"),
        status=SubmissionStatus.ACCEPTED,
        settled_at__gt=OuterRef("read_at") - _SEEN_AFTER,
        settled_at__lt=now - _SEEN_AFTER,
    )
    return Q(read_at__lt=now - _MONTH) | Q(read_at__lt=now - _NEAR) & Exists(soon) | Exists(told)
