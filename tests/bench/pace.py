"""
The gate of the pace alone: processes that acquire and call, against the strictest server there can be.

In the same run, for less long, the same calls by Dramatiq's own limiters.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from threading import Timer
from typing import NamedTuple

from tests.bench.figures import Figure
from tests.hmrc_door.pace_fleet import PROCESSES, Fleet
from tests.hmrc_door.redis_server import RedisServer
from tests.hmrc_door.strict import StrictServer, most_in_a_second

RATE = 3
WARM_UP_S, SECONDS, BASELINE_S = 20.0, 300.0, 100.0
NETWORK_S = 0.03
RESTART_S = 1.0
LIMITERS = ("window", "window_tuned", "bucket_tuned")
_THREADS = 8


class Run(NamedTuple):
    """What the server saw. Shares are of its limit; `gap_s` is the longest time without a call."""

    warm_up: float
    share: float
    refused: int
    most: int
    gap_s: float


def gating(
    *, seconds: float = SECONDS, warm_up_s: float = WARM_UP_S, baseline_s: float = BASELINE_S
) -> Iterator[Figure]:
    """The gate as it is, over a network that delays, with Redis restarted half way; the limiters first."""
    others = {name: _limited(name, seconds=baseline_s) for name in LIMITERS}
    with Fleet() as fleet:
        strict = _gated(fleet, seconds=seconds, warm_up_s=warm_up_s)
        yield from _told("gate", strict, others, share=">= 0.98")
        delayed = _gated(fleet, seconds=seconds, warm_up_s=warm_up_s, delay_s=NETWORK_S)
        yield from _told("gate_30ms", delayed, share=">= 0.96")
        restarted = _gated(fleet, seconds=seconds, warm_up_s=warm_up_s, restarts=True)
        yield from _told("gate_restart", restarted)
        yield Figure("pace.gate_restart_gap_s", restarted.gap_s, "s", f"<= {RESTART_S + 2}")


def _told(name: str, run: Run, others: dict[str, Run] | None = None, *, share: str = "") -> Iterator[Figure]:
    limited = others or {}
    yield Figure(f"pace.{name}_warm_up_share", run.warm_up, "share")
    for field, unit, wanted in (
        ("share", "share", share),
        ("refused", "calls", "<= 0"),
        ("most", "calls", f"<= {RATE}"),
    ):
        baseline = {limiter: getattr(other, field) for limiter, other in limited.items()} or None
        yield Figure(f"pace.{name}_{field}", getattr(run, field), unit, wanted, baseline)


def _gated(fleet: Fleet, *, seconds: float, warm_up_s: float, delay_s: float = 0.0, restarts: bool = False) -> Run:
    with _redis() as redis, StrictServer(limit=RATE, delay_s=delay_s) as server:
        half_way = Timer(warm_up_s + seconds / 2, lambda: _restart(redis))
        if restarts:
            half_way.start()
        fleet.run(redis_port=redis.port, server=server, seconds=warm_up_s + seconds)
        half_way.cancel()
        return _seen(server, warm_up_s=warm_up_s)


def _limited(limiter: str, *, seconds: float) -> Run:
    with _redis() as redis, StrictServer(limit=RATE) as server, _workers(limiter, redis, server) as enqueue:
        enqueue(int(RATE * seconds * 2))
        time.sleep(seconds)
        return _seen(server, warm_up_s=0.0)


def _seen(server: StrictServer, *, warm_up_s: float) -> Run:
    came, refused = sorted(server.arrivals), set(server.refused)
    well = [at for at in came if at not in refused]
    warm = came[0] + warm_up_s
    return Run(
        warm_up=_share([at for at in well if at < warm]),
        share=_share([at for at in well if at >= warm]),
        refused=len(refused),
        most=most_in_a_second(came),
        gap_s=max(later - earlier for earlier, later in pairwise(came)),
    )


def _share(stamps: list[float]) -> float:
    """Of what the limit allows between the first and the last of these."""
    return (len(stamps) - 1) / (stamps[-1] - stamps[0]) / RATE if len(stamps) > 1 else 0.0


def _restart(redis: RedisServer) -> None:
    redis.kill()
    time.sleep(RESTART_S)
    redis.start()


@contextmanager
def _redis() -> Iterator[RedisServer]:
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.kill()


@contextmanager
def _workers(limiter: str, redis: RedisServer, server: StrictServer) -> Iterator[Callable[[int], None]]:
    """As many processes as the gate has, and a way to give them calls."""
    told = {"BENCH_REDIS_PORT": str(redis.port), "BENCH_HMRC_PORT": str(server.port), "BENCH_LIMITER": limiter}
    environ = {**os.environ, **told}
    command = [sys.executable, "-m", "dramatiq", "tests.bench.limiters", "-p", str(PROCESSES), "-t", str(_THREADS)]
    workers = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def enqueue(count: int) -> None:
        code = f"from tests.bench.limiters import call\nfor _ in range({count}): call.send()"
        subprocess.run([sys.executable, "-c", code], env=environ, check=True)
        while not server.arrivals:
            time.sleep(0.05)

    try:
        yield enqueue
    finally:
        workers.send_signal(signal.SIGTERM)
        workers.wait(timeout=60)
