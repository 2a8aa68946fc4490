"""
HMRC's rate limit for the whole application, in one of three readings. HMRC says "3 requests a second" and no more.

    sliding_second   so many in any second, wherever it begins: the strictest, and the one to build for
    token_bucket     so many at once, and then as they drip back in
    fixed_second     so many in each second of the server's clock: twice as many may come across its tick
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import uniform
from threading import Lock
from time import monotonic, sleep
from typing import Any, Protocol

SECOND = 1.0


class BadRate(ValueError):  # noqa: N818 - the word of the house
    """The rate that was asked for makes no sense."""


class Model(Protocol):
    """Says whether a request that comes at a moment is let in. Those that are not let in count for nothing."""

    def admit(self, now: float) -> bool: ...


@dataclass
class SlidingSecond:
    per_second: int
    _admitted: deque[float] = field(default_factory=deque)

    def admit(self, now: float) -> bool:
        while self._admitted and now - self._admitted[0] >= SECOND:
            self._admitted.popleft()
        if len(self._admitted) >= self.per_second:
            return False
        self._admitted.append(now)
        return True


@dataclass
class TokenBucket:
    per_second: int
    _level: float = field(init=False)
    _seen: float | None = None

    def __post_init__(self) -> None:
        self._level = float(self.per_second)

    def admit(self, now: float) -> bool:
        passed = 0.0 if self._seen is None else now - self._seen
        self._level, self._seen = min(self.per_second, self._level + passed * self.per_second), now
        if self._level < 1:
            return False
        self._level -= 1
        return True


@dataclass
class FixedSecond:
    per_second: int
    _second: int = -1
    _count: int = 0

    def admit(self, now: float) -> bool:
        if self._second != int(now):
            self._second, self._count = int(now), 0
        if self._count >= self.per_second:
            return False
        self._count += 1
        return True


MODELS: dict[str, Callable[[int], Model]] = {
    "sliding_second": SlidingSecond,
    "token_bucket": TokenBucket,
    "fixed_second": FixedSecond,
}


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Requests a second (0: no limit), the model, and whether a 429 comes with a body that is not JSON.

    `delay_s`: each request is on its way for up to so many seconds, at random, before it is counted.
    """

    per_second: int = 3
    model: str = "sliding_second"
    broken_body: bool = False
    delay_s: float = 0.0

    def __post_init__(self) -> None:
        if type(self.per_second) is not int or self.per_second < 0:
            raise BadRate("per_second is a whole number, 0 for no limit")
        if self.model not in MODELS:
            raise BadRate(f"model is one of {', '.join(MODELS)}")
        if not isinstance(self.broken_body, bool):
            raise BadRate("broken_body is true or false")
        if (
            isinstance(self.delay_s, bool)
            or not isinstance(self.delay_s, int | float)
            or not 0 <= self.delay_s <= SECOND
        ):
            raise BadRate("delay_s is a number of seconds from 0 to 1")


class Throttle:
    """Counts real seconds: moving the clock does not buy requests."""

    def __init__(self, rate: Rate) -> None:
        self._first = rate
        self._lock = Lock()
        self.set(rate)

    @property
    def rate(self) -> Rate:
        return self._rate

    def set(self, rate: Rate) -> None:
        """Go on with another rate, as if nothing had come yet."""
        with self._lock:
            self._rate, self._model = rate, MODELS[rate.model](rate.per_second)
            self._accepted = self._refused = self._worst_second = 0
            self._arrived: deque[float] = deque()

    def reset(self) -> None:
        """Back to the rate of the start."""
        self.set(self._first)

    def admit(self) -> bool:
        """Take one request in, or refuse it."""
        if self._rate.delay_s:
            sleep(uniform(0, self._rate.delay_s))  # noqa: S311 - a network's whim
        with self._lock:
            now = monotonic()
            self._count(now)
            taken = not self._rate.per_second or self._model.admit(now)
            self._accepted += taken
            self._refused += not taken
            return taken

    def _count(self, now: float) -> None:
        self._arrived.append(now)
        while now - self._arrived[0] >= SECOND:
            self._arrived.popleft()
        self._worst_second = max(self._worst_second, len(self._arrived))

    def figures(self) -> dict[str, Any]:
        """Return the rate and what came since it was set; `worst_second`: the most arrivals in any second."""
        return vars(self._rate) | {
            "accepted": self._accepted,
            "refused": self._refused,
            "worst_second": self._worst_second,
        }
