"""What an operation's event says, read for many at once: the same as GET says, with an id that only grows."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from api import sse
from api.outputs import OperationOut
from api.renderers import JSONRenderer
from people.models import Operation, OperationStatus
from tenants import clock
from tenants.context import tenant

# An event's id: the row's version, and under it the time in tenths of a second, since a place in the queue changes
# without the row. So a newer row has a greater id on whichever machine, and a script's numbers hold it exactly.
_ROOM: Final = 10**10
_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
_TENTH: Final = timedelta(milliseconds=100)
_ESTIMATE: Final = "estimated_start_at"
# An estimate trembles with the pace. Less than this is no news.
_NEWS_S: Final = 10.0


@dataclass(frozen=True)
class State:
    """`said` is what GET says, ready for JSON; `events_url` in it is for whoever tells it to fill in."""

    id: int
    status: OperationStatus
    said: dict[str, Any]

    @property
    def end(self) -> sse.Reason | None:
        """Why a stream that has told this ends; None while the operation goes on."""
        return _ENDS.get(self.status)

    def differs(self, other: "State | None") -> bool:
        """Whether somebody who knows the other learns something by this one."""
        if other is None:
            return True
        mine, theirs = {**self.said}, {**other.said}
        return _moved(mine.pop(_ESTIMATE), theirs.pop(_ESTIMATE)) or mine != theirs

    def event(self, *, events_url: str, after: int) -> bytes:
        """The event that tells it. `after`: the id of the one before."""
        return sse.event("operation", {**self.said, "events_url": events_url}, id=max(self.id, after + 1))


_ENDS: Final = {OperationStatus.SUCCEEDED: sse.Reason.DONE, OperationStatus.FAILED: sse.Reason.FAILED}


def read(agency_id: UUID, ids: Iterable[UUID]) -> dict[UUID, State]:
    """The states of these operations of one agency; without those that are not there. One question for all of them,
    and one for their places in the queue. Runs in any schema.

    Raises UnknownHost if there is no such agency, OperationalError or InterfaceError if the database is away.
    """
    with tenant(agency_id):
        rows = list(Operation.objects.filter(pk__in=list(ids)))
        said = json.loads(JSONRenderer().render(OperationOut(rows, many=True).data)) if rows else []
    tenths = (clock.machine() - _EPOCH) // _TENTH
    return {
        row.pk: State(row.version * _ROOM + tenths, OperationStatus(row.status), each)
        for row, each in zip(rows, said, strict=True)
    }


def has_told(seen: int, operation: Operation) -> bool:
    """Whether the event of this id told the operation as it is now. Places in the queue aside."""
    return seen // _ROOM == operation.version


def last_seen(header: str) -> int:
    """The Last-Event-ID, or 0 for what can't be one of ours."""
    return int(header) if header.isascii() and header.isdigit() and len(header) <= len(str(2**53)) else 0


def _moved(mine: str | None, theirs: str | None) -> bool:
    if mine is None or theirs is None:
        return mine is not theirs
    return abs((datetime.fromisoformat(mine) - datetime.fromisoformat(theirs)).total_seconds()) >= _NEWS_S
