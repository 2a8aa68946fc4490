"""Where something stands in the queue, when it is likely to go, and how the queue fares."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from api import hmrc_health
from hmrc_door import config
from hmrc_door.pace import NoSlot, Stats
from hmrc_oauth import coverage
from mtd.models import WriteKind
from people.models import Operation, OperationStatus
from tenants import backlog, clock, due, pauses
from tenants.backlog import Place
from tenants.context import current_agency
from tenants.models import Pause, PauseScope

_KINDS = {
    "submission": due.Kind.SUBMIT,
    "calculation": due.Kind.CALCULATE,
    **dict.fromkeys(WriteKind.values, due.Kind.WRITE),
    "connection.check": due.Kind.CHECK,
    "connection.refresh": due.Kind.REFRESH,
}
# What they stand for on the list is something else than the operation itself.
_OF_SUBJECT = {due.Kind.CHECK, due.Kind.REFRESH}


def place(operation: Operation) -> Place | None:
    """Its turn, from 1, and when that is likely to be, if nothing more urgent comes; None once it is over."""
    if operation.status not in {OperationStatus.QUEUED, OperationStatus.RUNNING}:
        return None
    kind = _KINDS.get(operation.kind, due.Kind.FETCH)
    return _place(kind, operation.subject_id if kind in _OF_SUBJECT else operation.pk)


def place_of_submission(submission_id: UUID) -> Place | None:
    """The same, of a submission."""
    return _place(due.Kind.SUBMIT, submission_id)


def _place(kind: due.Kind, subject_id: UUID) -> Place | None:
    pace = _pace()
    return backlog.place(
        kind=kind,
        subject_id=subject_id,
        now=clock.now(),
        full_rate=settings.HMRC.requests_per_second,
        paused_until=pace.paused_until if pace else None,
    )


def state() -> dict[str, Any]:
    """The budget in use, what waits per lane, of all and of the asking agency, what stands still, and HMRC's health."""
    waiting, pace = backlog.read(now=clock.now()), _pace()
    rate = waiting.rate or settings.HMRC.requests_per_second
    agency = current_agency().pk
    return {
        "requests_per_second": settings.HMRC.requests_per_second,
        "turns_per_second": rate,
        "budget_used": pace.budget_used if pace else None,
        "lanes": waiting.by_lane(),
        "own_lanes": waiting.by_lane(agency),
        "estimated_wait_s": round(_going(waiting.lines) / rate, 1),
        "paused_until": pace.paused_until if pace else None,
        "paused": [_shown(pause) for pause in pauses.in_force() if _concerns(pause, str(agency))],
        "refresh": coverage.measure()._asdict(),
        "hmrc": hmrc_health.in_full(),
    }


def _pace() -> Stats | None:
    try:
        return config.pace().stats()
    except NoSlot:
        return None


def _going(lines: tuple[backlog.Line, ...]) -> int:
    return sum(line.many for line in lines if line.goes)


def _concerns(pause: Pause, agency: str) -> bool:
    """Another agency's pause is nobody else's business."""
    return pause.scope != PauseScope.AGENCY or pause.name == agency


def _shown(pause: Pause) -> Mapping[str, Any]:
    return {"scope": pause.scope, "name": pause.name, "reason": pause.reason, "paused_at": pause.paused_at}
