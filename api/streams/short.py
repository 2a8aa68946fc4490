"""The stream that an API process tells by itself: short, since it holds one of few threads.

Whoever asks the API's own address is told what is, and what comes within a few seconds if a thread can be spared; then
the stream says that it ends for its age, and when to come back. The streaming process, at `events_url`, has no such
haste.
"""

import time
from collections.abc import Iterator
from threading import BoundedSemaphore
from typing import Final

from django.db import InterfaceError, OperationalError

from api import sse
from api.streams import states
from api.streams.watch import Watch

HOLD_S: Final = 10.0
_LOOK_EVERY_S: Final = 0.5
_seat: Final = BoundedSemaphore(1)  # of this process's threads, one


def flow(watch: Watch) -> Iterator[bytes]:
    """The events, until the operation or the time is over. The seat is taken when the first is asked for."""
    yield sse.hello()
    seated = _seat.acquire(blocking=False)
    try:
        yield from _told(watch, until=time.monotonic() + (HOLD_S if seated else 0))
    finally:
        if seated:
            _seat.release()


def _told(watch: Watch, *, until: float) -> Iterator[bytes]:
    last: states.State | None = None
    after = watch.seen
    while True:
        try:
            state = states.read(watch.agency_id, [watch.operation_id]).get(watch.operation_id)
        except (OperationalError, InterfaceError):
            yield sse.end(sse.Reason.UNAVAILABLE)
            return
        if state is None:  # erased meanwhile
            yield sse.end(sse.Reason.REFUSED)
            return
        if state.differs(last):
            yield state.event(events_url=watch.events_url, after=after)
            last, after = state, max(state.id, after + 1)
        if state.end or time.monotonic() >= until:
            yield sse.end(state.end or sse.Reason.AGE)
            return
        time.sleep(_LOOK_EVERY_S)
