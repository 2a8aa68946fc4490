"""
The rules of the pace in a world whose clock is ours: the real script in a real Redis, and time that only we let pass.

Holders of slots are generators that yield how many milliseconds they sleep. What they send arrives at an HMRC that
does nothing but note when.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from importlib.resources import files
from itertools import count
from math import ceil
from random import Random
from typing import Any

from redis import Redis

KEYS = tuple(f"{{hmrc.pace}}:{name}" for name in ("state", "bounds", "reserved", "calls", "refused", "answers"))
CLOCK = "{hmrc.pace}:clock"
SECOND = 1000.0
# Redis tells microseconds, and so does the script.
ROUNDING = 0.01
LEAD_MS = 70
LATENESS_MS, CONNECTING_MS, TRAVEL_MS, WIDE_MS, SLACK_MS = 40, 150, 35, 150, 200
_TIME = "redis.call('TIME')"
_OUR_TIME = f"redis.call('HMGET', '{CLOCK}', 's', 'us')"

Actor = Generator[float, None, None]


class World:
    """`now` is in milliseconds. `arrivals` are the requests that HMRC counted; `refused`, when it answered 429."""

    def __init__(self, redis: Redis, *, rate: int) -> None:
        text = files("hmrc_door").joinpath("pace.lua").read_text()
        assert text.count(_TIME) == 1
        self._redis, self.rate = redis, rate
        self._script = redis.register_script(text.replace(_TIME, _OUR_TIME))
        self.now = 1_800_000_000_000.0
        self.arrivals: list[float] = []
        self.refused: list[float] = []
        self._ids = count()
        self._agenda: list[tuple[float, int, Actor]] = []
        self.set_back = 0.0

    def ask(self, verb: str, slot_id: str = "", *given: str | float) -> list[Any]:
        """One run of the script, now. Numbers come as numbers, words as words."""
        seconds, millionths = divmod(ceil((self.now - self.set_back) * 1000), 1_000_000)
        with self._redis.pipeline(transaction=False) as both:
            both.hset(CLOCK, mapping={"s": seconds, "us": millionths})
            self._script(keys=KEYS, args=[verb, slot_id, *given], client=both)
            answer: list[Any] = both.execute()[1][1:]
        return [_plain(each) for each in answer]

    def new_id(self) -> str:
        return str(next(self._ids))

    def add(self, actor: Actor, *, after: float = 0.0) -> None:
        heappush(self._agenda, (self.now + after, next(self._ids), actor))

    def at(self, after: float, happen: Callable[[], object]) -> None:
        """Let something happen, and nothing come of it."""
        self.add(_once(happen), after=after)

    def run(self, *, ms: float) -> None:
        """Let time pass."""
        end = self.now + ms
        while self._agenda and self._agenda[0][0] <= end:
            at, _, actor = heappop(self._agenda)
            self.now = max(self.now, at)
            slept = next(actor, None)
            if slept is not None:
                self.add(actor, after=slept)
        self.now = end

    def stop(self) -> None:
        """Nobody sends any more."""
        self._agenda.clear()

    def arrive(self) -> bool:
        """Whether it is one too many."""
        self.arrivals.append(self.now)
        return len(self.arrivals) > self.rate and self.now - self.arrivals[-1 - self.rate] < SECOND - ROUNDING

    def reserved(self, slot_id: str) -> Actor:
        """Ask until the slot is ours, then sleep until it is due."""
        while True:
            is_ours, wait = self.ask("reserve", slot_id, self.rate, LEAD_MS)
            if is_ours:
                yield wait
                return
            yield min(wait, 500.0)

    def shortest(self) -> float:
        """The shortest time in which one more than the rate arrived; endless, if so many did not."""
        came = sorted(self.arrivals)
        spans = [last - first for first, last in zip(came, came[self.rate :], strict=False)]
        return min(spans, default=float("inf"))


@dataclass(frozen=True)
class Habits:
    """How those who hold slots behave, and HMRC. Times in milliseconds, shares of one."""

    late: float = 2.0
    travel: float = 0.0
    answers: tuple[float, float] = (1.0, 5.0)
    dies_waiting: float = 0.0
    dies_sending: float = 0.0
    gives_back: float = 0.0
    connects: float = 0.0
    never_answered: float = 0.0
    heeds: bool = False  # HMRC refuses what is too many, and whoever sent it says so
    random: Random = field(default_factory=lambda: Random(7))

    def holder(self, world: World) -> Actor:
        """Sends as often as it may. One who dies is replaced by the next."""
        while True:
            slot_id = world.new_id()
            yield from world.reserved(slot_id)
            if self._happens(self.dies_waiting):
                continue
            if self._happens(self.gives_back):
                world.ask("release", slot_id)
                continue
            yield self.random.uniform(0, self.late)
            yield from self._send(world, slot_id)

    def _send(self, world: World, slot_id: str) -> Actor:
        connects = self.random.choice((1, 2, 3)) if self._happens(self.connects) else 0
        word, span, _ = world.ask("take", slot_id, connects)
        while word == "early":
            yield span
            word, span, _ = world.ask("take", slot_id, connects)
        if word == "lost":
            return
        yield self.random.uniform(0, span if connects else min(span, self.late))
        if not self._happens(self.dies_sending):
            world.add(self._on_its_way(world, slot_id))

    def _on_its_way(self, world: World, slot_id: str) -> Actor:
        left = world.now
        yield self.random.uniform(0, self.travel)
        is_refused = world.arrive() and self.heeds
        if is_refused:
            world.refused.append(world.now)
            world.ask("answered", slot_id, world.now - left)
            world.ask("pause", slot_id, 2000, "hmrc_429", 1)
        elif not self._happens(self.never_answered):
            yield self.random.uniform(*self.answers)
            world.ask("answered", slot_id, world.now - left)

    def _happens(self, share: float) -> bool:
        return self.random.random() < share


def upsets(world: World, redis: Redis) -> dict[str, Callable[[], object]]:
    """What may happen to Redis, by name."""
    state, bounds, *_ = KEYS
    return {
        "": lambda: None,
        "flushed": redis.flushall,
        "log lost": lambda: redis.delete(bounds),
        "state lost": lambda: redis.delete(state),
        "another server": lambda: redis.hset(state, "server", "another"),
        "set back": lambda: setattr(world, "set_back", 1_800_000.0),
        "paused": lambda: world.ask("pause", world.new_id(), 700, "hmrc_429", 1),
        "set, and seen": lambda: _set_and_seen(world),
    }


def _set_and_seen(world: World) -> None:
    world.set_back = -30_000.0
    world.ask("distrust")


def _once(happen: Callable[[], object]) -> Actor:
    happen()
    yield from ()


def _plain(answer: Any) -> Any:
    if isinstance(answer, bytes):
        try:
            return float(answer)
        except ValueError:
            return answer.decode()
    return answer
