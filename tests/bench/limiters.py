"""
The usual way, for comparison: Dramatiq's own rate limiters, one message a call, retried when the limiter or HMRC
refuses. The same machine, the same number of workers and threads, the same stand-in.

Imported by `dramatiq` as its application too: BENCH_LIMITER says which.
"""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import dramatiq
import redis
import requests
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Retries
from dramatiq.rate_limits import BucketRateLimiter, RateLimiter, WindowRateLimiter
from dramatiq.rate_limits.backends import RedisBackend

from tests.house.source import ROOT
from tests.sandbox.hmrc.driver import HARRIET
from tests.soak.ground import Ground

PER_SECOND, PROCESSES, THREADS = 3, 4, 8
KINDS = ("window", "window_tuned", "bucket_tuned")
PERSON_EVERY_S = 4.0
_DONE = "bench:done"


Beside = dict[str, dict[str, float]]


def limiting(ground: Ground, folder: Path, *, seconds: float, rate: Mapping[str, Any]) -> Beside:
    """What each limiter makes of the budget in so many seconds: the name of a figure → limiter → value."""
    beside: Beside = defaultdict(dict)
    for kind in KINDS:
        ground.redis.crash()  # its messages are nobody else's
        ground.flush_redis()
        ground.served.control("rate", {**rate, "delay_s": 0.0})
        given = {"BENCH_LIMITER": kind, "BENCH_REDIS": ground.redis.server.url, "BENCH_HMRC": _address(ground)}
        words = f"-m dramatiq tests.bench.limiters:broker --processes {PROCESSES} --threads {THREADS}"
        with (folder / f"{kind}.log").open("wb") as log:
            running = subprocess.Popen(
                [sys.executable, *words.split()], env={**os.environ, **given}, cwd=ROOT, stdout=log, stderr=log
            )
            try:
                measured = _measured(given, ground, seconds)
            finally:
                running.terminate()
                running.wait(60)
        for name, value in measured.items():
            beside[name][kind] = round(value, 3)
    ground.redis.crash()
    ground.flush_redis()
    return beside


def _measured(given: Mapping[str, str], ground: Ground, seconds: float) -> dict[str, float]:
    _, call = _application(given)
    cache = redis.Redis.from_url(given["BENCH_REDIS"])
    for _ in range(int(4 * PER_SECOND * seconds)):
        call.send(asked_at=time.time(), person=False)
    time.sleep(5)  # as warm as ours
    first, began, asked = ground.served.show("rate"), time.monotonic(), 0
    while time.monotonic() < began + seconds:
        if time.monotonic() >= began + (asked + 1) * PERSON_EVERY_S:
            call.send(asked_at=time.time(), person=True)
            asked += 1
        time.sleep(0.05)
    last, took = ground.served.show("rate"), time.monotonic() - began
    # Whoever was not served by the end has waited at least the half of it.
    waits = [json.loads(each) for each in cache.lrange(_DONE, 0, -1)]
    waits += [seconds / 2] * (asked - len(waits))
    return {
        "budget_used": (last["accepted"] - first["accepted"]) / took / PER_SECOND,
        "refused": last["refused"],
        "worst_second": last["worst_second"],
        "interactive_p50_s": median(waits),
        "interactive_p99_s": max(waits),
    }


def _address(ground: Ground) -> str:
    return json.dumps({"address": ground.served.address, "token": ground.served.connect()["access_token"]})


def _limiter(kind: str, url: str) -> RateLimiter:
    backend = RedisBackend(url=url)
    if kind == "bucket_tuned":
        return BucketRateLimiter(backend, "hmrc", limit=PER_SECOND, bucket=1000)  # type: ignore[no-untyped-call]
    return WindowRateLimiter(backend, "hmrc", limit=PER_SECOND, window=1)  # type: ignore[no-untyped-call]


def _application(given: Mapping[str, str]) -> tuple[RedisBroker, dramatiq.Actor[Any, Any]]:
    kind, hmrc = given["BENCH_LIMITER"], json.loads(given["BENCH_HMRC"])
    tuned = {"max_retries": None, "min_backoff": 400, "max_backoff": 4000} if kind != "window" else {"max_retries": 20}
    broker = RedisBroker(url=given["BENCH_REDIS"], middleware=[Retries(**tuned)])  # type: ignore[no-untyped-call]
    limiter, session = _limiter(kind, given["BENCH_REDIS"]), requests.Session()
    headers = {"Authorization": f"Bearer {hmrc['token']}", "Accept": "application/vnd.hmrc.2.0+json"}
    cache = redis.Redis.from_url(given["BENCH_REDIS"])

    def call(*, asked_at: float, person: bool) -> None:
        with limiter.acquire():
            answer = session.get(f"{hmrc['address']}/individuals/business/details/{HARRIET}/list", headers=headers)
        if answer.status_code == requests.codes.too_many_requests:
            raise RuntimeError("refused")
        if person:
            cache.rpush(_DONE, json.dumps(time.time() - asked_at))

    return broker, dramatiq.actor(actor_name="call", broker=broker)(call)


if "BENCH_LIMITER" in os.environ:
    broker, _ = _application(os.environ)
