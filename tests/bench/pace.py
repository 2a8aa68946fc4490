"""
The pace on a deadline day: one agency with 10,000 calls, ten with 20 each, and now and then a person who waits.

Real PostgreSQL, Redis and worker processes against the stand-in that counts every second, wherever it begins. Then the
same with a network of up to 30 ms, and with a Redis that is killed. The usual limiters, which go first, stand beside it
all as a baseline. PACE_BENCH_S shortens it.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import quantiles

from tests.bench.figures import Figure
from tests.bench.limiters import limiting
from tests.bench.pace_world import Agency, Workers, counted, until_answered, working
from tests.soak.ground import Ground, laid

PER_SECOND = 3
MEASURED_S = float(os.environ.get("PACE_BENCH_S", "300"))
WARM_UP_S = 30.0
BACKLOG, SMALL, SMALL_AGENCIES = 10_000, 20 if MEASURED_S >= 60 else 4, 10
PERSON_EVERY_S = 4.0
STRICT = {"per_second": PER_SECOND, "model": "sliding_second", "broken_body": False}
JITTER_S = 0.030


def pacing() -> Iterator[Figure]:
    """All of it, on one set of servers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        with laid(folder) as ground:
            environ = ground.environ(folder)
            os.environ |= environ | {"HMRC_REQUESTS_PER_SECOND": str(PER_SECOND)}
            import django
            from django.core.management import call_command

            django.setup()
            call_command("prepare", verbosity=0)
            beside = limiting(ground, folder, seconds=min(60.0, MEASURED_S), rate=STRICT)
            for figure in _ours(ground, folder):
                yield figure._replace(baseline=beside.get(figure.name.removeprefix("pace.")))


def _ours(ground: Ground, folder: Path) -> Iterator[Figure]:
    small = [Agency(ground, f"small{number}", landlords=SMALL) for number in range(SMALL_AGENCIES)]
    whale, people = Agency(ground, "whale", landlords=BACKLOG), Agency(ground, "people", landlords=1000)
    ground.served.control("rate", {**STRICT, "delay_s": 0.0})
    with working({"HMRC_REQUESTS_PER_SECOND": str(PER_SECOND)}, folder) as workers:
        for agency in (whale, *small):
            agency.queue()
        until_answered(ground, accepted=1)
        yield from _run(ground, "pace.warm_up", WARM_UP_S, people, wanted="")
        yield from _steady(ground, workers, people)
        yield from _fairness(whale, small)
        ground.served.control("rate", {**STRICT, "delay_s": JITTER_S})
        yield from _run(ground, "pace.jitter", MEASURED_S, people, wanted=">= 0.96")
        ground.served.control("rate", {**STRICT, "delay_s": 0.0})
        yield from _crash(ground, people)


def _steady(ground: Ground, workers: Workers, people: Agency) -> Iterator[Figure]:
    before, asked_before = workers.memory_mb(), len(people.finished())
    yield from _run(ground, "pace", MEASURED_S, people, wanted=">= 0.98")
    yield Figure("pace.worker_growth_mb", workers.memory_mb() - before, "MB", "<= 20")
    waits = [(done - asked).total_seconds() for asked, done in people.finished()[asked_before:]]
    cuts = quantiles(waits, n=100)
    yield Figure("pace.interactive_calls", len(waits), "calls")
    yield Figure("pace.interactive_p50_s", cuts[49], "s", "<= 0.35")
    yield Figure("pace.interactive_p99_s", cuts[98], "s", "<= 0.7")


def _run(
    ground: Ground, name: str, seconds: float, people: Agency, *, wanted: str, midway: Callable[[], None] | None = None
) -> Iterator[Figure]:
    """Let it work for so long, with a person every few seconds. What it used of the budget, and how HMRC liked it."""
    first, began, chance = counted(ground), time.monotonic(), random.Random(name)
    next_person = began + chance.uniform(0, PERSON_EVERY_S)
    while (now := time.monotonic()) < began + seconds:
        if midway is not None and now > began + seconds / 2:
            midway()
            midway = None
        if now >= next_person:
            people.ask()
            next_person += chance.uniform(0, 2 * PERSON_EVERY_S)
        time.sleep(0.01)
    last, took = counted(ground), time.monotonic() - began
    used = (last["accepted"] - first["accepted"]) / (took * PER_SECOND)
    yield Figure(f"{name}{'.' if name == 'pace' else '_'}budget_used", used, "share", wanted)
    yield Figure(f"{name}{'.' if name == 'pace' else '_'}refused", last["refused"] - first["refused"], "calls", "<= 0")
    yield Figure(f"{name}{'.' if name == 'pace' else '_'}worst_second", last["worst_second"], "calls", "<= 3")
    yield Figure(f"{name}{'.' if name == 'pace' else '_'}margin_ms", _margin_ms(), "ms")


def _margin_ms() -> float:
    from hmrc_door import config

    return config.pace().stats().margin_ms


def _fairness(whale: Agency, small: list[Agency]) -> Iterator[Figure]:
    """As long as all had work: what each was given. And when the small ones were done, beside a fair share."""
    ends = [agency.finished() for agency in small]
    first = whale.finished()[0][1]
    ideal = SMALL * (SMALL_AGENCIES + 1) / PER_SECOND
    last = max(done[-1][1] for done in ends if len(done) == SMALL)
    assert all(len(done) == SMALL for done in ends), "the small ones are not done"
    yield Figure("pace.small_last_ratio", (last - first).total_seconds() / ideal, "of the ideal", "<= 2.5")
    yield Figure("pace.jain", _jain(whale, small, until=min(done[-1][1] for done in ends)), "index", ">= 0.99")


def _jain(whale: Agency, small: list[Agency], *, until: datetime) -> float:
    """Jain's index of what each agency was given while all of them had work."""
    given = [sum(done <= until for _, done in agency.finished()) for agency in (whale, *small)]
    return float(sum(given) ** 2 / (len(given) * sum(each**2 for each in given)))


def _crash(ground: Ground, people: Agency) -> Iterator[Figure]:
    """Redis is killed and comes back in the middle."""
    away_before = ground.redis.away_s
    used = None
    for figure in _run(ground, "pace.crash", MEASURED_S / 2, people, wanted="", midway=ground.redis.crash):
        used = figure.value if used is None else used
        yield figure
    assert used is not None
    away = ground.redis.away_s - away_before
    lost = timedelta(seconds=(0.98 - used) * MEASURED_S / 2).total_seconds()
    yield Figure("pace.crash_redis_away_s", away, "s")
    yield Figure("pace.crash_lost_s", max(0.0, lost), "s", f"<= {away + 2:.2f}")
