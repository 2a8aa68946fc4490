"""
The pace: never more than N requests in any second as HMRC counts them, for the whole application.

Redis keeps a log of when each request may still reach HMRC at the latest (the rules are in `pace.lua`). Who wants to
send reserves the next slot shortly before it is due, takes it when it is due, and says when HMRC has answered, which
makes the log exact. Who dies on the way costs that one slot, and blocks nobody.

Nobody stands in a line here: what waits is rows, and whoever holds a turn chooses the best of them (`Pace.turn`).

Closed when Redis cannot tell: no answer, no slot. After a Redis restart, failover, flush or step of its clock, nobody
is granted anything for a full window.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic, sleep
from uuid import uuid4

import structlog
from redis import Redis

from hmrc_door import metrics
from hmrc_door.pace_gate import Gate, NoSlot, PaceUnavailable
from hmrc_door.pace_slot import Slot, TooLate
from tenants.lanes import Lane

__all__ = ["Lane", "NoSlot", "Pace", "PaceUnavailable", "Slot", "Stats", "TooLate", "Turn"]

# How long before it is due a slot is reserved: what choosing and preparing a call takes.
LEAD_MS = 70.0
LONGEST_NAP_S = 0.5

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Stats:
    """
    The pace at one moment.

    `budget_used` is a share of what HMRC allows, over the last minute. `margin_ms`: how long after it was due a slot
    was known to be over, on average. `travel_ms`: by how much longer than the fastest a request is believed to be on
    its way, at most. `refused_last_hour` counts HMRC's 429 and 503.
    """

    calls_last_minute: int
    budget_used: float
    margin_ms: float
    travel_ms: float
    refused_last_hour: int
    paused_until: datetime | None
    paused_reason: str


@dataclass(eq=False, kw_only=True)
class Turn:
    """A reserved slot. `due_at` is by this process's monotonic clock."""

    id: str
    due_at: float
    is_used: bool = False
    _gate: Gate = field(repr=False)

    def take(self, *, connects: int = 0) -> Slot | None:
        """
        Wait until the slot is due and take it; None if it is gone: too late, paused, or forgotten by Redis.

        Raises PaceUnavailable.
        """
        self.is_used = True
        wait_s = self.due_at - monotonic()
        while True:
            sleep(max(wait_s, 0.0))
            asked_at = monotonic()
            word, span_ms, late_ms = self._gate.take(self.id, connects=connects)
            if word == "lost":
                return None
            if word == "granted":
                metrics.PACE_LATE_SECONDS.observe(late_ms / 1000)
                return Slot(id=self.id, asked_at=asked_at, good_for_ms=span_ms, report=self._gate.answered)
            wait_s = span_ms / 1000

    def release(self) -> None:
        """Give it back, if it was not used. Never raises: what nobody takes in time is forgotten."""
        if not self.is_used:
            self.is_used = True
            with suppress(PaceUnavailable):
                self._gate.release(self.id)


_held: ContextVar[Turn | None] = ContextVar("hmrc_door_turn", default=None)


class Pace:
    """The one gate before HMRC, as seen by one process. Any number of processes and hosts may share it."""

    def __init__(self, *, redis: Redis, calls_per_second: int) -> None:
        self._gate = Gate(redis=redis, calls_per_second=calls_per_second)
        self._calls_per_second = calls_per_second

    @contextmanager
    def turn(self, *, timeout_s: float) -> Iterator[Turn]:
        """
        Sleep until the next slot is nearly due and reserved for us, at most `timeout_s`.

        The first `acquire` inside, in this thread, takes it. Unused, it is given back at the end, or by `release`.
        Raises NoSlot when the time is over, PaceUnavailable when Redis cannot be asked.
        """
        turn = self._reserved(by="turn", until=monotonic() + timeout_s)
        token = _held.set(turn)
        try:
            yield turn
        finally:
            _held.reset(token)
            turn.release()

    def acquire(self, *, lane: Lane, agency: str, timeout_s: float, connects: int = 0) -> Slot:
        """
        Wait for a slot, at most `timeout_s`. Send at once when it comes; ask `Slot.is_fresh` if something lay between.

        `connects`: a new connection is opened between the slot and the request (every token call). More than once
        gives as many times the room for it, up to three.
        Raises NoSlot when the time is over, PaceUnavailable when Redis cannot be asked.
        """
        began = monotonic()
        if timeout_s < 0:
            raise NoSlot
        held = _held.get()
        slot = held.take(connects=connects) if held is not None and not held.is_used else None
        while slot is None:
            slot = self._reserved(by=agency, until=began + timeout_s).take(connects=connects)
        metrics.PACE_WAIT_SECONDS.labels(lane).observe(monotonic() - began)
        return slot

    def pause(self, *, seconds: float, reason: str, slot: Slot | None = None, doubts: bool = False) -> None:
        """
        Stop everybody for `seconds` (an hour at most; a longer pause under way stands).

        `slot`: that of the request HMRC refused. If it was taken before the pause under way began, nothing changes.
        `doubts`: the margin is made wider, and for an hour no answer is taken as proof of when its request arrived.
        Raises PaceUnavailable when Redis cannot be told.
        """
        log.warning("pace.paused", seconds=seconds, reason=reason)
        refused = slot.id if slot is not None else uuid4().hex
        self._gate.pause(refused, length_ms=max(seconds, 0.0) * 1000, reason=reason, doubts=doubts)

    def stats(self) -> Stats:
        """How much of the budget is used, and how it goes. Raises PaceUnavailable."""
        now_ms, (calls, refused, margin_ms, travel_ms, paused_until, reason) = self._gate.stats()
        paused = float(paused_until) > now_ms
        return Stats(
            calls_last_minute=int(float(calls)),
            budget_used=float(calls) / (60 * self._calls_per_second),
            margin_ms=float(margin_ms),
            travel_ms=float(travel_ms),
            refused_last_hour=int(float(refused)),
            paused_until=datetime.fromtimestamp(float(paused_until) / 1000, tz=UTC) if paused else None,
            paused_reason=reason.decode() if paused else "",
        )

    def _reserved(self, *, by: str, until: float) -> Turn:
        slot_id = f"{by}:{uuid4().hex}"
        while True:
            asked_at = monotonic()
            reserved, wait_ms = self._gate.reserve(slot_id, lead_ms=LEAD_MS)
            if reserved:
                return Turn(id=slot_id, due_at=asked_at + wait_ms / 1000, _gate=self._gate)
            left_s = until - monotonic()
            if left_s <= 0:
                raise NoSlot
            sleep(min(wait_ms / 1000, LONGEST_NAP_S, left_s))
