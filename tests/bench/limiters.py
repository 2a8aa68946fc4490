"""
A fleet of workers as Dramatiq's own rate limiters make it: what the pace is measured against.

Imported by the `dramatiq` command, and by the benchmark that enqueues. Where Redis and HMRC are, and which limiter, is
in the environment.
"""

import http.client
import os
from threading import local

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Retries
from dramatiq.rate_limits import BucketRateLimiter, RateLimiter, WindowRateLimiter
from dramatiq.rate_limits.backends import RedisBackend

LIMIT = 3
REDIS_PORT, HMRC_PORT = int(os.environ["BENCH_REDIS_PORT"]), int(os.environ["BENCH_HMRC_PORT"])
_OK = 200

_thread = local()


class Throttled(Exception):  # noqa: N818  HMRC's word
    """HMRC answered 429."""


def _limiter(name: str) -> RateLimiter:
    backend = RedisBackend(url=f"redis://127.0.0.1:{REDIS_PORT}/0")
    if name.startswith("bucket"):
        return BucketRateLimiter(backend, "hmrc", limit=LIMIT, bucket=1000)  # type: ignore[no-untyped-call]
    return WindowRateLimiter(backend, "hmrc", limit=LIMIT, window=1)  # type: ignore[no-untyped-call]


def _retries(name: str) -> Retries:
    """As shipped, what was refused waits 15 s and more; tuned, it comes back within seconds, as often as need be."""
    return Retries(max_retries=1_000_000, min_backoff=400, max_backoff=4000) if name.endswith("tuned") else Retries()


_name = os.environ["BENCH_LIMITER"]
_one = _limiter(_name)
broker = RedisBroker(port=REDIS_PORT, middleware=[_retries(_name)])  # type: ignore[no-untyped-call]
dramatiq.set_broker(broker)


@dramatiq.actor
def call() -> None:
    """One call, on this thread's kept-alive connection."""
    with _one.acquire():
        connection = getattr(_thread, "connection", None) or http.client.HTTPConnection("127.0.0.1", HMRC_PORT)
        _thread.connection = connection
        connection.request("GET", "/counted")
        answer = connection.getresponse()
        answer.read()
        if answer.status != _OK:
            raise Throttled
