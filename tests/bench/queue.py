"""Dispatch, with very much waiting: picking what comes next, counting what waits, and `GET /queue`."""

import time
from collections.abc import Callable, Iterator
from statistics import median, quantiles
from typing import Any

from tests.bench.figures import Figure
from tests.bench.rooms import in_django

AGENCIES, CALLS = 200, 100_000
PICKS, ASKED = 300, 100
HOST = "bench.localhost"
# Straight into the lists: what an agency's own rows say is nothing to a pick.
_AGENCIES = """
    INSERT INTO tenants_agency (id, schema_name, name, status, allowed_origins, return_urls, front_end_url,
                                reconnect_mail, created_at, updated_at)
    SELECT gen_random_uuid(), 't_bench_' || number, 'Bench', 'active', '[]', '[]', '', 'landlord', now(), now()
    FROM generate_series(1, %s) AS number
"""
_CALLS = """
    INSERT INTO tenants_due (agency_id, kind, subject_id, lane, due_at, deadline, is_call, created_at)
    SELECT agencies[1 + number %% %s], 'submit', gen_random_uuid(),
           (ARRAY['deadline', 'bulk', 'background'])[1 + number %% 3],
           now() - number * interval '1 ms', date '2026-11-07' + (number %% 90), true, now()
    FROM generate_series(1, %s) AS number, (SELECT array_agg(id) AS agencies FROM tenants_agency) AS made
"""


def queueing() -> Iterator[Figure]:
    """All of them, on one set of servers."""
    with in_django():
        from tenants.provisioning import create_agency

        agency = create_agency(name="Bench", host=HOST)
        _fill()
        yield from _picking()
        yield from _counting()
        yield from _asking(agency)


def _fill() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_AGENCIES, [AGENCIES - 1])
        cursor.execute(_CALLS, [AGENCIES, CALLS])
        cursor.execute("ANALYZE tenants_due, tenants_agency")


def _picking() -> Iterator[Figure]:
    from tenants import clock, turns

    turns.pick(now=clock.now())
    times = list(_timed(PICKS, lambda: turns.pick(now=clock.now())))
    yield Figure("pace.pick_ms", median(times), "ms", "<= 5")
    yield Figure("pace.pick_p99_ms", quantiles(times, n=100)[-1], "ms")


def _counting() -> Iterator[Figure]:
    from tenants import backlog, clock

    times = list(_timed(5, lambda: backlog.take(now=clock.now(), full_rate=3, is_paused=False)))
    yield Figure("queue.count_ms", median(times), "ms", "<= 250")


def _asking(agency: Any) -> Iterator[Figure]:
    from tenants import backlog, clock
    from tests.api.callers import key_caller

    caller = key_caller(agency, host=HOST)

    def ask() -> None:
        answer = caller.get("queue")
        assert answer.status_code == 200, answer.content
        assert sum(answer.json()["lanes"].values()) > CALLS - PICKS - 10

    ask()
    times: list[float] = []
    for _ in range(ASKED):
        backlog.take(now=clock.now(), full_rate=3, is_paused=False)  # as the leader does every second
        times += _timed(1, ask)
    yield Figure("queue.get_ms", median(times), "ms", "<= 20")
    yield Figure("queue.get_p95_ms", quantiles(times, n=20)[-1], "ms")


def _timed(many: int, work: Callable[[], object]) -> Iterator[float]:
    for _ in range(many):
        began = time.perf_counter()
        work()
        yield (time.perf_counter() - began) * 1000
