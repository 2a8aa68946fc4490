"""`pace.lua` as one process runs it: a method for each of its verbs, and an eye on Redis' clock."""

from functools import cached_property
from importlib.resources import files
from time import monotonic
from typing import Any, NamedTuple

import structlog
from redis import Redis
from redis.exceptions import RedisError

# What two clocks may differ by that nobody has set: a little, and what a second of one is longer than of the other.
_DRIFT_MS = 5.0
_DRIFT = 0.001
_KEYS = tuple(f"{{hmrc.pace}}:{name}" for name in ("state", "bounds", "reserved", "calls", "refused", "answers"))

log = structlog.get_logger()


class NoSlot(Exception):  # noqa: N818  it is an answer, not a mistake
    """No slot was granted within the time given."""

    reason = "no_slot"


class PaceUnavailable(NoSlot):
    """Redis cannot tell whether anybody may send, so nobody may."""

    reason = "pace_unavailable"


class _Sight(NamedTuple):
    """Between which two readings of our clock Redis read its own. All in milliseconds."""

    before: float
    after: float
    told: float

    def agrees_with(self, earlier: "_Sight") -> bool:
        """Whether both clocks went on alike since `earlier`, so far as the time on the way lets us tell."""
        drift = _DRIFT_MS + _DRIFT * abs(self.before - earlier.before)
        forward = (self.told - self.after) - (earlier.told - earlier.before)
        backward = (earlier.told - earlier.after) - (self.told - self.before)
        return max(forward, backward) <= drift


class Gate:
    """
    The log of requests in Redis. Every method raises PaceUnavailable when Redis cannot be asked, or asked in vain.

    Redis' clock is held against this process's own at each run. If it was set, what this run said is not worth
    anything: nobody is granted anything for a window, and PaceUnavailable is raised.
    """

    def __init__(self, *, redis: Redis, calls_per_second: int) -> None:
        self._redis = redis
        self._calls_per_second = calls_per_second
        self._seen: _Sight | None = None

    def reserve(self, slot_id: str, *, lead_ms: float) -> tuple[bool, float]:
        """Whether the next slot is ours, and milliseconds until it is due, or until it is worth asking again."""
        reserved, wait_ms = self._run("reserve", slot_id, self._calls_per_second, lead_ms)
        return float(reserved) == 1, float(wait_ms)

    def take(self, slot_id: str, *, connects: int) -> tuple[str, float, float]:
        """
        What became of a reserved slot, in milliseconds.

        `granted`, for how long it is good, how late it was; `early`, how much, 0; `lost`, 0, 0.
        """
        word, span_ms, late_ms = self._run("take", slot_id, int(connects))
        return word.decode(), float(span_ms), float(late_ms)

    def answered(self, slot_id: str, *, left_at: float) -> None:
        """HMRC answered the request that left at `left_at`, by the monotonic clock."""
        self._run("answered", slot_id, (monotonic() - left_at) * 1000)

    def release(self, slot_id: str) -> None:
        """Give a slot back that was reserved and not taken."""
        self._run("release", slot_id)

    def pause(self, slot_id: str, *, length_ms: float, reason: str, doubts: bool) -> None:
        """Stop everybody. `slot_id`: of the request that HMRC refused; `doubts`: our margin may be at fault."""
        self._run("pause", slot_id, length_ms, reason, int(doubts))

    def stats(self) -> tuple[float, list[Any]]:
        """Redis' time in milliseconds, and calls of the last minute, refusals, margin, travel, pause, its reason."""
        now_ms, *figures = self._evaluate("stats", "")
        return float(now_ms), figures

    def _run(self, verb: str, slot_id: str, *given: object) -> list[Any]:
        before = monotonic() * 1000
        told, *answer = self._evaluate(verb, slot_id, *given)
        sight, seen = _Sight(before, monotonic() * 1000, float(told)), self._seen
        self._seen = sight
        if seen is not None and not sight.agrees_with(seen):
            log.error("pace.clock_set")
            self._evaluate("distrust", "")
            raise PaceUnavailable
        return answer

    def _evaluate(self, *given: object) -> list[Any]:
        try:
            answer: list[Any] = self._script(keys=_KEYS, args=given)
        except RedisError:
            raise PaceUnavailable from None
        return answer

    @cached_property
    def _script(self) -> Any:
        return self._redis.register_script(files("hmrc_door").joinpath("pace.lua").read_text())
