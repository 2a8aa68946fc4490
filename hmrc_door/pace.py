"""
The pace: never more than N requests in any second as HMRC counts them, for the whole application.

Callers stand in one line in Redis, by lane and then by arrival, and the head of the line is given the next slot when it
is due, on Redis' own clock (the rules are in `pace.lua`). Slots are 1050 ms / N apart: 50 ms more than HMRC asks, of
which 10 may make up for a late poll, and 40 are left for the way from the grant to HMRC. A slot not used by then is
stale, and another is taken. Who opens a connection first says so (`connects`) and gets more room.

Closed when Redis cannot tell: no answer, no slot. After a Redis restart, failover, flush or step of its clock, nobody
is granted anything for a full window.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from functools import cached_property
from importlib.resources import files
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import structlog
from redis import Redis
from redis.exceptions import RedisError

from hmrc_door import metrics

WINDOW_MS = 1050.0
CATCH_UP_MS = 10.0
LATENESS_MS = 40.0
# A TLS handshake and, for a refresh, the commit of its claim, between the grant and the request's arrival.
CONNECTING_MS = 150.0
HEARTBEAT_MS = 1500.0
LONGEST_NAP_S = 0.5
LONGEST_PAUSE_S = 300.0

_KEYS = tuple(f"{{hmrc.pace}}:{name}" for name in ("state", "line", "alive", "calls"))

log = structlog.get_logger()


class Lane(IntEnum):
    """Who goes first, from the top: a person waits; waiting work needs a token; due soon; bulk; whenever."""

    INTERACTIVE = 0
    TOKEN = 1
    DEADLINE = 2
    BULK = 3
    BACKGROUND = 4


class NoSlot(Exception):  # noqa: N818  it is an answer, not a mistake
    """No slot was granted within the time given."""

    reason = "no_slot"


class PaceUnavailable(NoSlot):
    """Redis cannot tell whether anybody may send, so nobody may."""

    reason = "pace_unavailable"


@dataclass(frozen=True, kw_only=True)
class Slot:
    """The right to send one request, now."""

    asked_at: float
    good_for_ms: float

    @property
    def is_fresh(self) -> bool:
        """Whether a request sent now still arrives within this slot's room (by this process's monotonic clock)."""
        return (monotonic() - self.asked_at) * 1000 <= self.good_for_ms


@dataclass(frozen=True, kw_only=True)
class Stats:
    """The pace at one moment. `budget_used` is a share of what HMRC allows, over the last minute."""

    waiting: Mapping[Lane, int]
    calls_last_minute: int
    budget_used: float
    paused_until: datetime | None
    paused_reason: str


@dataclass(kw_only=True)
class _Ticket:
    """A place in the line. The sequence is kept, so that a caller whom Redis forgot does not lose the place."""

    member: str
    lane: Lane
    room_ms: float
    sequence: int = 0


class Pace:
    """The one line before HMRC, as seen by one process. Any number of processes and hosts may share it."""

    def __init__(self, *, redis: Redis, calls_per_second: int) -> None:
        self._redis = redis
        self._calls_per_second = calls_per_second

    def acquire(self, *, lane: Lane, agency: str, timeout_s: float, connects: bool = False) -> Slot:
        """
        Wait for a slot, at most `timeout_s`. Send at once when it comes; ask `Slot.is_fresh` if something lay between.

        `connects`: a new connection is opened between the slot and the request (every token call).
        Raises NoSlot when the time is over, PaceUnavailable when Redis cannot be asked.
        """
        if timeout_s < 0:
            raise NoSlot
        room_ms = CONNECTING_MS if connects else 0.0
        ticket = _Ticket(member=f"{agency}:{uuid4().hex}", lane=lane, room_ms=room_ms)
        granted, began = False, monotonic()
        try:
            slot = self._wait(ticket, until=began + timeout_s)
            granted = True
        except RedisError:
            raise PaceUnavailable from None
        finally:
            if not granted:
                self._leave(ticket)
        metrics.PACE_WAIT_SECONDS.labels(lane.name.lower()).observe(monotonic() - began)
        return slot

    def pause(self, *, seconds: float, reason: str) -> None:
        """
        Stop everybody for `seconds` (at most five minutes; a longer pause under way stands).

        Raises PaceUnavailable when Redis cannot be told.
        """
        length = min(max(seconds, 0.0), LONGEST_PAUSE_S)
        log.warning("pace.paused", seconds=length, reason=reason)
        self._run("pause", length * 1000, reason)

    def stats(self) -> Stats:
        """How many wait in each lane, and how much of the budget is used. Raises PaceUnavailable."""
        now_ms, paused_until, reason, calls, *waiting = self._run("stats", len(Lane))
        paused = float(paused_until) > float(now_ms)
        return Stats(
            waiting=dict(zip(Lane, map(int, waiting), strict=True)),
            calls_last_minute=int(calls),
            budget_used=int(calls) / (60 * self._calls_per_second),
            paused_until=datetime.fromtimestamp(float(paused_until) / 1000, tz=UTC) if paused else None,
            paused_reason=reason.decode() if paused else "",
        )

    def _wait(self, ticket: _Ticket, *, until: float) -> Slot:
        while True:
            asked_at = monotonic()
            wait_ms = self._ask(ticket)
            if wait_ms is None:
                return Slot(asked_at=asked_at, good_for_ms=LATENESS_MS + ticket.room_ms)
            left_s = until - monotonic()
            if left_s <= 0:
                raise NoSlot
            sleep(min(wait_ms / 1000, LONGEST_NAP_S, left_s))

    def _ask(self, ticket: _Ticket) -> float | None:
        """Milliseconds until it is worth asking again, or None: granted."""
        granted, wait_ms, ticket.sequence = self._evaluate(
            "ask",
            ticket.member,
            int(ticket.lane),
            ticket.sequence,
            WINDOW_MS / self._calls_per_second,
            ticket.room_ms,
            CATCH_UP_MS,
            HEARTBEAT_MS,
        )
        return None if granted else float(wait_ms)

    def _leave(self, ticket: _Ticket) -> None:
        try:
            self._evaluate("leave", ticket.member)
        except RedisError:
            # Its heartbeat lapses, and the line moves on without it.
            log.warning("pace.left_in_line")

    def _run(self, verb: str, *given: object) -> Any:
        try:
            return self._evaluate(verb, *given)
        except RedisError:
            raise PaceUnavailable from None

    def _evaluate(self, verb: str, *given: object) -> Any:
        return self._script(keys=_KEYS, args=[verb, *given])

    @cached_property
    def _script(self) -> Any:
        return self._redis.register_script(files("hmrc_door").joinpath("pace.lua").read_text())
