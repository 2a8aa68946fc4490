"""Carriers: worker threads that take calls to HMRC from the due list, one a turn of the pace (docs/adr/0027).

A carrier waits for a turn, and only then picks what comes first, so that nothing that comes meanwhile is too late for
it. Few wait at a time; the others make the calls that were picked. One that is killed costs its turn, and the row it
held comes back when its lease is over.
"""

from collections.abc import Collection
from contextlib import ExitStack
from functools import cached_property
from math import ceil
from threading import BoundedSemaphore, Event
from time import monotonic, sleep

import structlog
from django.conf import settings
from django.db import close_old_connections

from hmrc_door import config
from hmrc_door.halted import halted
from hmrc_door.pace import LEAD_MS, NoSlot, PaceUnavailable, Turn
from hmrc_oauth import stopping
from tenants import clock, doorbell, pauses, turns
from tenants.due import Kind, Ring
from tenants.installation import is_ours
from workers.answers import answer
from workers.middleware import leave_no_transaction, where

log = structlog.get_logger()

# Longer pauses of the pace are waited out by the sweeper, which rings every second, and not by threads.
_PATIENCE_S = 5.0
# While Redis is away nobody is sent home: no bell would call anybody back before dramatiq has found it again.
_NAP_S = 0.1


class Carriers:
    """The carriers of one process at one post. `kinds` limits a reserve to what it may take."""

    def __init__(self, post: doorbell.Post, *, kinds: Collection[Kind] | None = None) -> None:
        self.post = post
        self._kinds = kinds
        self._heard = Event()

    @cached_property
    def _places(self) -> BoundedSemaphore:
        """Who may wait for a turn: as many as there are turns within the lead. At three a second, one."""
        return BoundedSemaphore(ceil(settings.HMRC.requests_per_second * LEAD_MS / 1000))

    def carry(self) -> None:
        """Go on until nothing waits, others of this process wait for the next turn, or the process is to stop."""
        doorbell.answered(self.post)
        self._heard.set()
        while self._heard.is_set() and self._places.acquire(blocking=False):
            with ExitStack() as place:
                place.callback(self._places.release)
                self._heard.clear()
                if self._may_go_on() and (self._looked_on() or self._use_a_turn(place)):
                    self._heard.set()

    def _may_go_on(self) -> bool:
        close_old_connections()
        return not stopping.has_begun() and is_ours() and turns.waits(now=clock.now(), kinds=self._kinds)

    def _looked_on(self) -> bool:
        """The reserve's: true if it has slept, since others were picking, and must look again."""
        rest_s = self._rest_s()
        if rest_s > 0:
            sleep(rest_s)
        return rest_s > 0

    def _rest_s(self) -> float:
        return 0.0 if self._kinds is None else turns.rest_s()

    def _use_a_turn(self, place: ExitStack) -> bool:
        """Wait for a turn and make the call that comes first then. False if no turn came, or nothing for it, unless
        it was others who came before the reserve. While Redis is away, a nap.
        """
        try:
            with config.pace().turn(timeout_s=_PATIENCE_S) as turn:
                ring = None if stopping.has_begun() else self._pick()
                if ring is None:
                    return self._rest_s() > 0
                place.close()  # somebody else may wait now: how long HMRC takes for this one is nobody else's trouble
                doorbell.wake(self.post)
                self._answer_in(turn, ring)
                return True
        except PaceUnavailable:
            sleep(_NAP_S)
            return True
        except NoSlot:
            return False

    def _answer_in(self, turn: Turn, ring: Ring | None) -> None:
        """What needed no call has left the turn to the next."""
        while ring is not None:
            _answer(ring)
            is_open = not turn.is_used and monotonic() < turn.due_at and not stopping.has_begun()
            ring = self._pick() if is_open else None

    def _pick(self) -> Ring | None:
        return turns.pick(now=clock.now(), kinds=self._kinds)


def _answer(ring: Ring) -> None:
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(actor=ring.kind, agency=str(ring.agency_id))
    try:
        with halted(pauses.operations()):
            answer(Kind(ring.kind), agency_id=ring.agency_id, subject_id=ring.subject_id)
    except Exception as error:  # noqa: BLE001 - the row comes back when its lease is over
        log.error("actor.failed", kind=type(error).__name__, subject=str(ring.subject_id), where=where(error))  # noqa: TRY400 - no text
        leave_no_transaction()
    structlog.contextvars.clear_contextvars()
