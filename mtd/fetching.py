"""Asking HMRC about a landlord. Runs in workers; it only reads, so it may be repeated."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import DataError, IntegrityError, transaction

from hmrc_door.outcomes import Answered, Outcome, Refused
from hmrc_oauth import access, fraud_contexts, halting, refusals, standstill
from hmrc_oauth.errors import NotConnected, ReconnectRequired
from landlords.models import Landlord
from mtd import parked, readiness, readings, subjects, writes
from mtd.calling import open_line
from mtd.models import Reading
from people.models import Operation
from tenants import clock, due
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
        for what in readiness.subjects():
            readings.ask(landlord_id=landlord_id, what=what, lane=due.Lane.BULK, now=now)
        parked.resume(landlord_id=landlord_id, now=now)
        writes.resume(landlord_id=landlord_id)
        readiness.plan(landlord_id=landlord_id, now=now)
        due.done(kind=due.Kind.AFTER_CONNECT, subject_id=landlord_id)


def run(*, operation_id: UUID) -> None:
    """Fetch what the operation is for. Safe to run twice, late, or never: it only reads."""
    operation = Operation.objects.filter(pk=operation_id, finished_at=None).first()
    if operation is None:
        return due.done(kind=due.Kind.FETCH, subject_id=operation_id)
    now, what = clock.now(), operation.kind.removeprefix("fetch.")
    lane = due.lane_of(kind=due.Kind.FETCH, subject_id=operation_id) or due.Lane.BULK
    try:
        line = open_line(landlord_id=operation.subject_id, lane=lane, now=now)
    except (NotConnected, ReconnectRequired, NotFound) as why:
        return _fail(operation, why.code, now)
    except access.AwaitingToken:
        return due.put_off(kind=due.Kind.FETCH, subject_id=operation_id, until=now + _SOON)
    subject, of = subjects.find(what)
    nino: Sealed = line.connection.landlord.nino
    request = subject.request(nino, *of)
    if halting.stands_still(request, kind=due.Kind.FETCH, subject_id=operation_id, now=now):
        return None
    operation.start()
    # Not rung for again while this one waits and reads; looked at again soon if this process dies.
    due.put_off(kind=due.Kind.FETCH, subject_id=operation_id, until=now + _LONGEST)
    try:
        outcome = line.send(request, headers=_fraud_headers(operation, lane))
    except ReconnectRequired as why:  # wiped while the call waited for its slot
        return _fail(operation, why.code, clock.now())
    if lane is due.Lane.INTERACTIVE:  # somebody works with this landlord just now
        line.connection.used(now=clock.now())
    return _take(operation, what, outcome, clock.now())


def _take(operation: Operation, what: str, outcome: Outcome, now: datetime) -> None:
    match outcome:
        case Answered():
            _store(operation, what, outcome.body, now)
        case Refused(status=404) if outcome.code in _NOTHING:
            _store(operation, what, {}, now)
        case Refused() if refusals.is_of_application(outcome):
            until = standstill.later(tries=operation.attempts, now=now)
            due.put_off(kind=due.Kind.FETCH, subject_id=operation.pk, until=until)
        case Refused(status=401 | 429):
            _again(operation, now)
        case Refused():
            _fail(operation, refusals.code_of(outcome), now)
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
        for landlord in Landlord.objects.filter(pk=operation.subject_id, readiness__isnull=False):
            readiness.assess(landlord, now=now)  # one that waits for this answer waits no more


def _store(operation: Operation, what: str, body: Any, now: datetime) -> None:
    landlord = Landlord.objects.get(pk=operation.subject_id)
    subject, of = subjects.find(what)
    try:
        with transaction.atomic():
            count = subject.store(landlord, body if isinstance(body, dict) else {}, *of)
            Reading.objects.update_or_create(landlord=landlord, what=what, defaults={"fetched_at": now})
            operation.succeed(now=now, result={"what": what, "count": count})
            due.done(kind=due.Kind.FETCH, subject_id=operation.pk)
            readiness.assess(landlord, now=now)
            for more in subject.then(landlord):
                readings.ask(landlord_id=landlord.pk, what=more, lane=due.Lane.BULK, now=now)
    except _NOT_UNDERSTOOD as why:
        log.error("reading.not_understood", landlord=str(landlord.pk), what=what, kind=type(why).__name__)  # noqa: TRY400
        _fail(operation, "hmrc.other", now)
    else:
        log.info("reading.stored", landlord=str(landlord.pk), what=what, count=count)


def _fraud_headers(operation: Operation, lane: due.Lane) -> Mapping[str, str]:
    """A person waits in the lane of persons; what we fetch of ourselves is ours."""
    asked = operation.fraud_context_id is not None or lane is due.Lane.INTERACTIVE
    return fraud_contexts.of_person(operation.fraud_context_id) if asked else fraud_contexts.of_host()
