"""Refreshing: from HMRC's answer to its commit, a sweep over very many due grants, and what hung calls cost others."""

import os
import resource
import signal
import time
from collections.abc import Iterator
from statistics import median, quantiles
from typing import Any
from unittest.mock import patch

from tests.bench.figures import Figure
from tests.bench.rooms import in_django

REFRESHES = 400
AGENCIES, GRANTS, SWEEPS = 200, 100_000, 25
HUNG, THREADS, NEIGHBOURS, RATE = 8, 24, 5, 3
# Straight into the list: what an agency's own rows say is nothing to a sweep.
_DUE = """
    INSERT INTO tenants_due (agency_id, kind, subject_id, lane, due_at, is_call, created_at)
    SELECT agencies[1 + number %% %s], 'refresh', gen_random_uuid(), 'token',
           now() - number * interval '1 ms', true, now()
    FROM generate_series(1, %s) AS number,
         (SELECT array_agg(gen_random_uuid()) AS agencies FROM generate_series(1, %s)) AS made
"""


def refreshing() -> Iterator[Figure]:
    """All of them, on one set of servers."""
    with in_django():
        from tenants.context import tenant
        from tenants.provisioning import create_agency

        agency = create_agency(name="Bench", host="bench.localhost")
        with tenant(agency):
            yield from _committing()
            yield from _hanging(agency)
        yield from _sweeping()


def _committing() -> Iterator[Figure]:
    """Measured around everything between HMRC's answer and the commit of what it gave."""
    from hmrc_door import config, token_endpoint
    from hmrc_oauth import refresh
    from tests.hmrc_oauth.fake_door import FakeDoor, granted
    from tests.hmrc_oauth.scenes import a_landlord, connect

    door, at = FakeDoor(), dict.fromkeys(["refresh.after_answer", "refresh.after_commit"], 0.0)
    grant, took = connect(a_landlord(nino=None)), []

    def note(point: str) -> None:
        at[point] = time.perf_counter()

    with (
        patch.object(config, "pace", lambda: door),
        patch.object(token_endpoint, "refresh", door.refresh),
        patch.object(refresh, "failpoint", note),
    ):
        for number in range(REFRESHES):
            _let_lapse(grant)
            door.will(granted(f"{number:064}"))
            refresh.run(grant_id=grant.pk)
            took.append((at["refresh.after_commit"] - at["refresh.after_answer"]) * 1000)
    cuts, bare = quantiles(took, n=100), quantiles(_bare_commits(grant), n=100)
    yield Figure("refresh.commit_p50_ms", cuts[49], "ms", baseline=bare[49])
    yield Figure("refresh.commit_p99_ms", cuts[98], "ms", "<= 10", baseline=bare[98])


def _bare_commits(grant: Any) -> Iterator[float]:
    """What this machine takes at this moment for the smallest durable commit there is: one row, one column."""
    for number in range(REFRESHES):
        began = time.perf_counter()
        type(grant).objects.filter(pk=grant.pk).update(tries=number)
        yield (time.perf_counter() - began) * 1000


def _let_lapse(grant: Any) -> None:
    from tenants import clock, due

    type(grant).objects.filter(pk=grant.pk).update(access_expires_at=clock.now())
    due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN)


def _hanging(agency: Any) -> Iterator[Figure]:
    """While HMRC lets as many refreshes hang as the worker has threads: from another landlord's bell to its commit.

    As in production: the worker, its reserve, a sweep a second, and three requests a second.
    """
    from hmrc_door import config
    from sandbox.product import TOKENS, WORKER
    from tests.hmrc_oauth.forks import was_killed
    from tests.workers.token_server import TokenServer
    from tests.workers.tokens_worker import needing_a_refresh, started

    config.redis().flushdb()
    with TokenServer() as hmrc:
        worker = started(agency, hmrc.url, threads=HUNG, queues=WORKER, rate=RATE)
        reserve = started(agency, hmrc.url, threads=THREADS, queues=TOKENS, rate=RATE)
        _refreshed(needing_a_refresh(hmrc, "awake"))
        # The worst case: the worker takes them all, and the last just before the neighbour comes.
        os.kill(reserve, signal.SIGSTOP)
        hmrc.hung = {f"hung{number}" for number in range(HUNG)}
        for name in hmrc.hung:
            needing_a_refresh(hmrc, name)
        hmrc.until_asked(1 + HUNG)
        os.kill(reserve, signal.SIGCONT)
        first = _refreshed(needing_a_refresh(hmrc, "first"))
        others = [_refreshed(needing_a_refresh(hmrc, f"other{number}")) for number in range(NEIGHBOURS)]
        for pid in (worker, reserve):
            os.kill(pid, signal.SIGTERM)
        hmrc.go_on.set()
        for pid in (worker, reserve):
            was_killed(pid)
    yield Figure("refresh.hung_neighbour_s", max(first, *others), "s", "<= 1")
    yield Figure("refresh.hung_neighbours_p50_s", median(others), "s")


def _refreshed(grant: Any) -> float:
    """How many seconds from now until it is, with a sweep a second."""
    from tenants import clock, due
    from tests.hmrc_oauth.scenes import again

    began = swept_at = time.perf_counter()
    while again(grant).token_version == 1:
        if time.perf_counter() - swept_at >= 1:
            due.sweep(now=clock.now())
            swept_at = time.perf_counter()
        time.sleep(0.005)
    return time.perf_counter() - began


def _sweeping() -> Iterator[Figure]:
    """As the scheduler does every second, over a list in which everything is due at once."""
    from django.db import connection

    from tenants import clock, due

    with connection.cursor() as cursor:
        cursor.execute(_DUE, [AGENCIES, GRANTS, AGENCIES])
        cursor.execute("ANALYZE tenants_due")
    due.sweep(now=clock.now())
    before, times = _memory_mb(), []
    for _ in range(SWEEPS):
        began = time.perf_counter()
        due.sweep(now=clock.now())
        times.append(time.perf_counter() - began)
    yield Figure("refresh.sweep_100k_s", max(times), "s", "<= 2")
    yield Figure("refresh.sweep_100k_grew_mb", _memory_mb() - before, "MB", "<= 10")


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
