"""Where something stands in the queue, when it is likely to go, and how the queue fares."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from api import hmrc_health
from hmrc_door import config
from hmrc_door.pace import NoSlot, Stats
from hmrc_oauth import coverage
from hmrc_oauth.models import ConnectSession
from mtd import batches
from mtd.models import Calculation, Submission, Write, WriteKind
from people.models import Operation
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
_Sought = tuple[due.Kind, UUID]


def places(rows: Iterable[Any]) -> dict[UUID, Place]:
    """By the id of each of these operations, submissions, writes, calculations or connect sessions: its turn, from 1,
    and when that is likely to be, if nothing more urgent comes. Without what is over, and what waits for no turn.
    """
    sought = {row.pk: what for row in rows if (what := _sought(row)) is not None}
    by_kind = defaultdict(list)
    for kind, subject in sought.values():
        by_kind[kind].append(subject)
    found = {kind: places_of(kind, subjects) for kind, subjects in by_kind.items()}
    return {pk: found[kind][subject] for pk, (kind, subject) in sought.items() if subject in found[kind]}


def places_of(kind: due.Kind, subject_ids: Collection[UUID]) -> dict[UUID, Place]:
    """The same, by what is on the list."""
    if not subject_ids:
        return {}
    return backlog.places(kind=kind, subject_ids=subject_ids, **_circumstances())


def misfits() -> set[UUID]:
    """The agency's submissions that are queued, and that by now are not likely to go in time."""
    return backlog.misfits(kind=due.Kind.SUBMIT, **_circumstances())


def _circumstances() -> dict[str, Any]:
    pace = _pace()
    return {
        "now": clock.now(),
        "full_rate": settings.HMRC.requests_per_second,
        "paused_until": pace.paused_until if pace else None,
    }


def _sought(row: Any) -> _Sought | None:
    match row:
        case Operation():
            return None if row.finished_at else _of_operation(row)
        case ConnectSession():
            return None if row.settled_at else _of_session(row)
        case Submission():
            return None if row.settled_at else (due.Kind.SUBMIT, row.pk)
        case Write():
            return None if row.settled_at else (due.Kind.WRITE, row.pk)
        case Calculation():
            return None if row.settled_at else (due.Kind.CALCULATE, row.pk)
    raise TypeError(type(row))


def _of_operation(operation: Operation) -> _Sought | None:
    if operation.kind == "submission_batch":  # over when its last row is
        last = batches.last_waiting(operation.pk)
        return None if last is None else (due.Kind.SUBMIT, last)
    kind = _KINDS.get(operation.kind, due.Kind.FETCH)
    return kind, operation.subject_id if kind in _OF_SUBJECT else operation.pk


def _of_session(session: ConnectSession) -> _Sought:
    """Its code is exchanged, then the grant is tried."""
    return (due.Kind.EXCHANGE, session.pk) if session.grant_id is None else (due.Kind.CHECK, session.grant_id)


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
