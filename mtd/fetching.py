"""Asking HMRC about a landlord: businesses and obligations. Runs in workers; it only reads, so it may be repeated."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.db import DataError, IntegrityError, transaction

from hmrc_door import business_details, obligations
from hmrc_door import errors as hmrc_errors
from hmrc_door.call import Call, Lane, call
from hmrc_door.outcomes import Answered, Outcome, Refused
from hmrc_oauth import access, fraud_contexts
from hmrc_oauth.errors import NotConnected, ReconnectRequired
from landlords.models import Landlord
from mtd import parked, readings
from mtd.models import Business, Obligation, Reading
from people.models import Operation
from tenants import clock, due
from tenants.context import current_agency
from tenants.faults import NotFound
from tenants.vault import Sealed

log = structlog.get_logger()

_SOON = timedelta(seconds=2)
_LONGEST = timedelta(seconds=90)  # the wait for a slot, the call, and room to store
# What HMRC's answer raises when it has not the form that its documentation gives: asking again would not help.
_NOT_UNDERSTOOD = (LookupError, TypeError, ValueError, AttributeError, IntegrityError, DataError)
_TRIES = 30
_NOTHING = {"MATCHING_RESOURCE_NOT_FOUND", "NO_BUSINESS_FOUND", "NO_OBLIGATIONS_FOUND"}


def after_connect(*, landlord_id: UUID, now: datetime) -> None:
    """A new grant serves this landlord: read what HMRC knows, and let go what waited."""
    with transaction.atomic():
        for what in readings.SUBJECTS:
            readings.ask(landlord_id=landlord_id, what=what, lane=due.Lane.BULK, now=now)
        parked.resume(landlord_id=landlord_id, now=now)
        due.done(kind=due.Kind.AFTER_CONNECT, subject_id=landlord_id)


def run(*, operation_id: UUID) -> None:
    """Fetch what the operation is for. Safe to run twice, late, or never: it only reads."""
    operation = Operation.objects.filter(pk=operation_id, finished_at=None).first()
    if operation is None:
        return due.done(kind=due.Kind.FETCH, subject_id=operation_id)
    now, what = clock.now(), operation.kind.removeprefix("fetch.")
    try:
        connection = access.get_usable(landlord_id=operation.subject_id, now=now)
        token = access.bearer(connection, lane=due.Lane.INTERACTIVE, now=now)
    except (NotConnected, ReconnectRequired, NotFound) as why:
        return _fail(operation, why.code, now)
    except access.AwaitingToken:
        return due.put_off(kind=due.Kind.FETCH, subject_id=operation_id, until=now + _SOON)
    operation.start()
    lane = _lane(operation)
    nino: Sealed = connection.landlord.nino
    # Not rung for again while this one waits and reads; looked at again soon if this process dies.
    due.put_off(kind=due.Kind.FETCH, subject_id=operation_id, until=now + _LONGEST)
    try:
        outcome = call(
            _KINDS[what].request(nino),
            bearer=token,
            lane=lane,
            agency=str(current_agency().pk),
            headers=_fraud_headers(operation, lane),
        )
    except ReconnectRequired as why:  # wiped while the call waited for its slot
        return _fail(operation, why.code, clock.now())
    if lane is Lane.INTERACTIVE:  # somebody works with this landlord just now
        connection.used(now=clock.now())
    if isinstance(outcome, Refused) and outcome.status == 401:  # noqa: PLR2004
        access.refused(connection, token, lane=due.Lane.INTERACTIVE, now=clock.now())
    return _take(operation, what, outcome, clock.now())


def _take(operation: Operation, what: str, outcome: Outcome, now: datetime) -> None:
    match outcome:
        case Answered():
            _store(operation, what, outcome.body, now)
        case Refused(status=404) if outcome.code in _NOTHING:
            _store(operation, what, {}, now)
        case Refused(status=401 | 429):
            _again(operation, now)
        case Refused():
            _fail(operation, hmrc_errors.explain(outcome).code, now)
        case _:
            _again(operation, now)


def _again(operation: Operation, now: datetime) -> None:
    if operation.attempts >= _TRIES:
        return _fail(operation, "hmrc.unavailable", now)
    wait = min(timedelta(minutes=1), _SOON * (operation.attempts + 1))
    return due.put_off(kind=due.Kind.FETCH, subject_id=operation.pk, until=now + wait)


def _fail(operation: Operation, code: str, now: datetime) -> None:
    with transaction.atomic():
        operation.fail(now=now, code=code)
        due.done(kind=due.Kind.FETCH, subject_id=operation.pk)


def _store(operation: Operation, what: str, body: Any, now: datetime) -> None:
    landlord = Landlord.objects.get(pk=operation.subject_id)
    try:
        with transaction.atomic():
            count = _KINDS[what].store(landlord, body if isinstance(body, dict) else {})
            Reading.objects.update_or_create(landlord=landlord, what=what, defaults={"fetched_at": now})
            operation.succeed(now=now, result={"what": what, "count": count})
            due.done(kind=due.Kind.FETCH, subject_id=operation.pk)
    except _NOT_UNDERSTOOD as why:
        log.error("reading.not_understood", landlord=str(landlord.pk), what=what, kind=type(why).__name__)  # noqa: TRY400
        _fail(operation, "hmrc.other", now)
    else:
        log.info("reading.stored", landlord=str(landlord.pk), what=what, count=count)


def _store_businesses(landlord: Landlord, body: dict[str, Any]) -> int:
    rows = [
        Business(
            landlord=landlord,
            business_id=str(found.get("businessId", ""))[:15],
            type_of_business=str(found.get("typeOfBusiness", ""))[:32],
            trading_name=str(found.get("tradingName", ""))[:200],
        )
        for found in body.get("listOfBusinesses", [])
    ]
    landlord.businesses.all().delete()
    return len(Business.objects.bulk_create(rows))


def _store_obligations(landlord: Landlord, body: dict[str, Any]) -> int:
    rows = [
        Obligation(
            landlord=landlord,
            business_id=str(business.get("businessId", ""))[:15],
            type_of_business=str(business.get("typeOfBusiness", ""))[:32],
            period_start=date.fromisoformat(detail["periodStartDate"]),
            period_end=date.fromisoformat(detail["periodEndDate"]),
            due_date=date.fromisoformat(detail["dueDate"]),
            status=str(detail.get("status", ""))[:16],
            received_date=date.fromisoformat(detail["receivedDate"]) if detail.get("receivedDate") else None,
        )
        for business in body.get("obligations", [])
        for detail in business.get("obligationDetails", [])
    ]
    landlord.obligations.all().delete()
    return len(Obligation.objects.bulk_create(rows))


def _this_and_next(nino: Sealed) -> Call:
    # The tax year in which today falls, whole: what was due and what is coming. HMRC wants less than 366 days.
    today = clock.today()
    start = date(today.year if (today.month, today.day) >= (4, 6) else today.year - 1, 4, 6)
    return obligations.list_obligations(nino=nino, from_date=start, to_date=date(start.year + 1, 4, 5))


class _Kind(NamedTuple):
    """One thing that can be read: how to ask, and how to keep the answer."""

    request: Callable[[Sealed], Call]
    store: Callable[[Landlord, dict[str, Any]], int]


_KINDS = {
    "businesses": _Kind(business_details.list_businesses, _store_businesses),
    "obligations": _Kind(_this_and_next, _store_obligations),
}


def _fraud_headers(operation: Operation, lane: Lane) -> Mapping[str, str]:
    """A person waits in the lane of persons; what we fetch of ourselves is ours."""
    asked = operation.fraud_context_id is not None or lane is Lane.INTERACTIVE
    return fraud_contexts.of_person(operation.fraud_context_id) if asked else fraud_contexts.of_host()


def _lane(operation: Operation) -> Lane:
    waiting = due.lane_of(kind=due.Kind.FETCH, subject_id=operation.pk)
    return Lane[waiting.name] if waiting else Lane.BULK
