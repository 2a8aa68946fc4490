"""Whether a landlord who is connected can be filed for: what HMRC says of their sign-up, businesses and quarters.

Made anew whenever HMRC has answered; asked again quietly, soon for who is not ready, seldom for who is.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from events import outbox
from hmrc_oauth.models import Connection, ConnectionState
from landlords.models import Landlord
from mtd import readings
from mtd.deadlines import OPEN, Cause, WaitingOn
from mtd.models import Business, ItsaStatus, Obligation, Readiness, ReadinessStatus, Reading
from mtd.tax_years import TaxYear
from people.models import Operation
from tenants import clock, due

FILED = "uk-property"
SIGNED_UP = ("MTD Mandated", "MTD Voluntary")
READY_AGAIN = timedelta(days=30)
SOONEST, _LATEST = timedelta(days=1), timedelta(days=7)
_LOOKED_AT = (ConnectionState.ACTIVE, ConnectionState.NOT_AUTHORISED)
_MENDABLE = ("nino_mismatch", "not_enrolled")  # without another sign-in

CAUSES: Mapping[str, Cause] = {
    ReadinessStatus.CHECKING: Cause(WaitingOn.HMRC, "Nothing: HMRC is being asked."),
    ReadinessStatus.NOT_SIGNED_UP: Cause(
        WaitingOn.LANDLORD,
        "Sign up for Making Tax Digital for Income Tax on GOV.UK; it is seen here by itself within some days.",
    ),
    ReadinessStatus.NO_BUSINESS: Cause(
        WaitingOn.LANDLORD,
        "Add the UK property business in the HMRC account; it is seen here by itself within some days.",
    ),
    ReadinessStatus.NO_OBLIGATIONS: Cause(
        WaitingOn.HMRC, "Nothing: HMRC has set no quarters for this tax year yet. It is asked again."
    ),
    ReadinessStatus.READY: Cause(WaitingOn.NOBODY, ""),
}


def subjects() -> list[str]:
    """What is read of a landlord to tell."""
    return [*readings.SUBJECTS, f"status:{TaxYear.of(clock.today())}"]


def assess(landlord: Landlord, *, now: datetime) -> Readiness:
    """Make it anew from what is stored; tell, if it has become another."""
    found = _found(landlord)
    known = Readiness.objects.filter(landlord=landlord).first()
    is_news = known is None or known.status != found["status"]
    changed = {"changed_at": now} if is_news else {}
    readiness, _ = Readiness.objects.update_or_create(
        landlord=landlord, defaults={**found, "assessed_at": now, **changed}
    )
    if is_news:
        ids = {"status": readiness.status}
        outbox.publish(
            type="landlord.readiness_changed", subject_type="landlord", subject_id=landlord.pk, now=now, **ids
        )
    return readiness


def run(*, landlord_id: UUID, now: datetime) -> None:
    """Ask HMRC quietly once more, and come back. Safe to run twice, late, or never."""
    with transaction.atomic():
        found = Connection.objects.select_related("grant", "landlord__readiness")
        connection = found.filter(landlord__in=Landlord.objects.chased(), landlord_id=landlord_id).first()
        if connection is None or not (connection.can_file or _may_mend(connection)):
            return due.done(kind=due.Kind.READINESS, subject_id=landlord_id)
        if not due.take(kind=due.Kind.READINESS, subject_id=landlord_id, until=now + _wait(connection, now)):
            return None
        if connection.can_file:
            for what in subjects():
                readings.ask(landlord_id=landlord_id, what=what, lane=due.Lane.BACKGROUND, now=now)
        else:
            assert connection.grant is not None
            due.want(kind=due.Kind.CHECK, subject_id=connection.grant.pk, lane=due.Lane.BACKGROUND)
    return None


def plan(*, landlord_id: UUID, now: datetime) -> None:
    """The landlord has just connected: look again tomorrow."""
    due.put(kind=due.Kind.READINESS, subject_id=landlord_id, lane=due.Lane.BACKGROUND, at=now + SOONEST)


def looked_at() -> Iterator[UUID]:
    """Every landlord who is looked at again."""
    for connection in Connection.objects.filter(state__in=_LOOKED_AT).select_related("grant"):
        if connection.can_file or _may_mend(connection):
            yield connection.landlord_id


def _may_mend(connection: Connection) -> bool:
    """Whether a grant is kept that HMRC may yet say yes to."""
    waits = connection.state == ConnectionState.NOT_AUTHORISED and connection.reason_code in _MENDABLE
    return waits and connection.grant is not None and connection.grant.usable


def _wait(connection: Connection, now: datetime) -> timedelta:
    if not connection.can_file:
        return SOONEST
    readiness = getattr(connection.landlord, "readiness", None)
    if readiness is not None and readiness.status == ReadinessStatus.READY:
        return READY_AGAIN
    since = now - (readiness.changed_at if readiness else now)
    return min(max(SOONEST, since / 2), _LATEST)


def _found(landlord: Landlord) -> dict[str, Any]:
    year = TaxYear.of(clock.today())
    status = ItsaStatus.objects.filter(landlord=landlord, tax_year=str(year)).values_list("status", flat=True).first()
    types = list(
        Business.objects.filter(landlord=landlord, type_of_business=FILED).values_list("quarterly_type", flat=True)
    )
    quarters = Obligation.objects.filter(landlord=landlord, type_of_business=FILED)
    ahead = quarters.filter(status=OPEN).order_by("due_date", "period_end").first()
    return {
        "status": _status(landlord, status or "", has_business=bool(types), has_quarters=quarters.exists()),
        "tax_year": str(year),
        "itsa_status": status or "",
        "businesses": len(types),
        "quarterly_type": types[0] if len(set(types)) == 1 else "",
        "next_due_date": ahead and ahead.due_date,
        "next_period_start": ahead and ahead.period_start,
        "next_period_end": ahead and ahead.period_end,
    }


def _status(landlord: Landlord, itsa: str, *, has_business: bool, has_quarters: bool) -> ReadinessStatus:
    """The first thing that is in the way. HMRC's silence on the sign-up is nothing: its quarters say as much."""
    missing = set(subjects()) - set(Reading.objects.filter(landlord=landlord).values_list("what", flat=True))
    asked = Operation.objects.filter(subject_id=landlord.pk, kind__in=[f"fetch.{what}" for what in missing])
    if missing & {*readings.SUBJECTS} or asked.filter(finished_at=None).exists():
        return ReadinessStatus.CHECKING
    if itsa and itsa not in SIGNED_UP:
        return ReadinessStatus.NOT_SIGNED_UP
    if not has_business:
        return ReadinessStatus.NO_BUSINESS
    return ReadinessStatus.READY if has_quarters else ReadinessStatus.NO_OBLIGATIONS
