"""Asking HMRC for a calculation: trigger it, wait, fetch it. Runs in workers.

A trigger whose answer was lost is sent again: a calculation changes nothing of what HMRC holds, and one that nobody
fetches harms nobody.
"""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from events import audit, outbox
from hmrc_door import calculations as door
from hmrc_door import errors as hmrc_errors
from hmrc_door.operation import Call
from hmrc_door.outcomes import Answered, Outcome, Refused
from hmrc_oauth import access, fraud_contexts, halting, refusals, standstill
from hmrc_oauth.errors import NotConnected, ReconnectRequired
from hmrc_oauth.failpoints import failpoint
from mtd.calculations import digest
from mtd.calling import open_line
from mtd.models import Calculation, CalculationStatus
from mtd.models.calculation import OPEN
from people.models import Operation
from people.principal import SYSTEM
from tenants import clock, due
from tenants.faults import NotFound

log = structlog.get_logger()

POINTS = ("calculating.begun", "calculating.after_answer", "calculating.after_settling")
_SOON = timedelta(seconds=2)
_LONGEST = timedelta(minutes=1)
_ON_THE_WAY = timedelta(seconds=90)
_READY_AFTER = timedelta(seconds=5)  # HMRC asks to wait this long before the first try
_TRIES = 40
# `inputs` repeats the NINO and the date of birth, and is not what the landlord agrees to.
_KEPT = ("metadata", "calculation", "messages")
_NOT_READY = "MATCHING_RESOURCE_NOT_FOUND"
_BUSY = "RULE_CALCULATION_IN_PROGRESS"


def run(*, operation_id: UUID) -> None:
    """Take the calculation one step further. Safe to run twice, late, or never."""
    calculation = Calculation.objects.select_related("landlord").filter(pk=operation_id, status__in=OPEN).first()
    if calculation is None:
        return due.done(kind=due.Kind.CALCULATE, subject_id=operation_id)
    now = clock.now()
    lane = due.lane_of(kind=due.Kind.CALCULATE, subject_id=operation_id) or due.Lane.INTERACTIVE
    try:
        line = open_line(landlord_id=calculation.landlord_id, lane=lane, now=now)
    except (NotConnected, ReconnectRequired, NotFound) as why:
        return _fail(calculation, why.code, now)
    except access.AwaitingToken:
        return due.put_off(kind=due.Kind.CALCULATE, subject_id=operation_id, until=now + _SOON)
    request = _request(calculation)
    if halting.stands_still(request, kind=due.Kind.CALCULATE, subject_id=operation_id, now=now):
        return None
    calculation.try_once_more()
    for operation in Operation.objects.filter(pk=operation_id):
        operation.start()
    due.put_off(kind=due.Kind.CALCULATE, subject_id=operation_id, until=now + _ON_THE_WAY)
    failpoint("calculating.begun")
    headers = fraud_contexts.of_person(calculation.fraud_context_id)
    try:
        outcome = line.send(request, headers=headers)
    except ReconnectRequired as why:  # wiped while the call waited for its slot
        return _fail(calculation, why.code, clock.now())
    failpoint("calculating.after_answer")
    line.connection.used(now=clock.now())
    _take(calculation, outcome, clock.now())
    failpoint("calculating.after_settling")
    return None


def _request(calculation: Calculation) -> Call:
    place: dict[str, Any] = {"nino": calculation.landlord.nino, "tax_year": calculation.tax_year}
    if calculation.status == CalculationStatus.QUEUED:
        return door.trigger_calculation(**place, calculation_type=calculation.kind)
    return door.get_calculation(**place, calculation_id=calculation.calculation_id)


def _take(calculation: Calculation, outcome: Outcome, now: datetime) -> None:
    is_triggered = calculation.status == CalculationStatus.CALCULATING
    match outcome:
        case Answered(body=dict(body)) if is_triggered and "metadata" in body:
            _keep(calculation, body, outcome.correlation_id, now)
        case Answered(body={"calculationId": str(calculation_id)}) if not is_triggered:
            _triggered(calculation, calculation_id, outcome.correlation_id, now)
        case Answered():
            _fail(calculation, "hmrc.other", now)
        case Refused() if refusals.is_of_application(outcome):
            until = standstill.later(tries=calculation.attempts, now=now)
            due.put_off(kind=due.Kind.CALCULATE, subject_id=calculation.pk, until=until)
        case Refused(status=401 | 429):
            _again(calculation, "hmrc.unavailable", now)
        case Refused(status=404) if is_triggered and outcome.code == _NOT_READY:
            _again(calculation, hmrc_errors.meaning_of(hmrc_code=_BUSY).code, now)
        case Refused() if outcome.code == _BUSY:
            _again(calculation, hmrc_errors.meaning_of(hmrc_code=_BUSY).code, now)
        case Refused():
            _fail(calculation, refusals.code_of(outcome), now, correlation_id=outcome.correlation_id)
        case _:
            _again(calculation, "hmrc.unavailable", now)


def _triggered(calculation: Calculation, calculation_id: str, correlation_id: str, now: datetime) -> None:
    with transaction.atomic():
        calculation.trigger(calculation_id=calculation_id[:36], correlation_id=correlation_id, now=now)
        due.put_off(kind=due.Kind.CALCULATE, subject_id=calculation.pk, until=now + _READY_AFTER)


def _keep(calculation: Calculation, body: dict[str, Any], correlation_id: str, now: datetime) -> None:
    content = {name: _plain(body[name]) for name in _KEPT if name in body}
    has_errors = bool((content.get("messages") or {}).get("errors"))
    more = {
        "content": calculation.seal("content", json.dumps(content)),
        "digest": digest(content),
        "has_errors": has_errors,
        "correlation_id": correlation_id,
    }
    with transaction.atomic():
        if calculation.settle(to=CalculationStatus.READY, now=now, **more):
            _tell(calculation, CalculationStatus.READY, now)
            for operation in Operation.objects.filter(pk=calculation.pk):
                operation.succeed(now=now, result={"calculation": str(calculation.pk), "has_errors": has_errors})


def _fail(calculation: Calculation, code: str, now: datetime, **more: Any) -> None:
    with transaction.atomic():
        if calculation.settle(to=CalculationStatus.FAILED, now=now, reason_code=code, **more):
            _tell(calculation, CalculationStatus.FAILED, now, reason_code=code)
            for operation in Operation.objects.filter(pk=calculation.pk):
                operation.fail(now=now, code=code)


def _again(calculation: Calculation, code: str, now: datetime) -> None:
    if calculation.attempts >= _TRIES:
        return _fail(calculation, code, now)
    wait = min(_LONGEST, max(_READY_AFTER, _SOON * (calculation.attempts + 1)))
    return due.put_off(kind=due.Kind.CALCULATE, subject_id=calculation.pk, until=now + wait)


def _tell(calculation: Calculation, status: CalculationStatus, now: datetime, **more: Any) -> None:
    due.done(kind=due.Kind.CALCULATE, subject_id=calculation.pk)
    subject: dict[str, Any] = {"subject_type": "calculation", "subject_id": calculation.pk, "now": now}
    outbox.publish(type=f"calculation.{status}", **subject, landlord_id=str(calculation.landlord_id), **more)
    audit.record(by=SYSTEM, action=f"calculation.{status}", **subject, **more)
    log.info("calculation.settled", calculation=str(calculation.pk), status=status)


def _plain(value: Any) -> Any:
    """JSON with its fractions as strings, digit for digit: money never becomes a float."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return f"{value:f}" if isinstance(value, Decimal) else value
