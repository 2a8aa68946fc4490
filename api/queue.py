"""Where something stands in the queue, and when it is likely to go."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from api import hmrc_health
from hmrc_door import config
from hmrc_door.pace import Lane, NoSlot
from hmrc_oauth import coverage
from mtd.models import WriteKind
from people.models import Operation, OperationStatus
from tenants import clock, due

_KINDS = {
    "submission": due.Kind.SUBMIT,
    "calculation": due.Kind.CALCULATE,
    **dict.fromkeys(WriteKind.values, due.Kind.WRITE),
    "connection.check": due.Kind.CHECK,
    "connection.refresh": due.Kind.REFRESH,
}
# What they stand for on the list is something else than the operation itself.
_OF_SUBJECT = {due.Kind.CHECK, due.Kind.REFRESH}


def position(operation: Operation) -> int | None:
    """From 1; None once it has begun."""
    if operation.status not in {OperationStatus.QUEUED, OperationStatus.RUNNING}:
        return None
    kind = _KINDS.get(operation.kind, due.Kind.FETCH)
    subject = operation.subject_id if kind in _OF_SUBJECT else operation.pk
    return due.position(kind=kind, subject_id=subject)


def estimated_start(operation: Operation) -> datetime | None:
    """At HMRC's rate, if nothing more urgent comes; None once it has begun."""
    place = position(operation)
    return None if place is None else clock.now() + timedelta(seconds=place / settings.HMRC.requests_per_second)


def estimated_start_of_submission(submission_id: UUID) -> datetime | None:
    """The same, of a submission; None once it has begun."""
    place = due.position(kind=due.Kind.SUBMIT, subject_id=submission_id)
    return None if place is None else clock.now() + timedelta(seconds=place / settings.HMRC.requests_per_second)


def state() -> dict[str, Any]:
    """The budget in use, what waits per lane, and HMRC's health."""
    waiting = due.depths()
    try:
        used: float | None = config.pace().stats().budget_used
    except NoSlot:
        used = None
    return {
        "requests_per_second": settings.HMRC.requests_per_second,
        "budget_used": used,
        "lanes": {lane.name.lower(): waiting.get(lane.name.lower(), 0) for lane in Lane},
        "estimated_wait_s": round(sum(waiting.values()) / settings.HMRC.requests_per_second, 1),
        "refresh": coverage.measure()._asdict(),
        "hmrc": hmrc_health.in_full(),
    }
