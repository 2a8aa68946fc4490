"""Refreshing: from HMRC's answer to its commit, a sweep over very many due grants, and what hung calls cost others."""

import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from statistics import median, quantiles
from typing import Any
from unittest.mock import patch

from tests.bench.figures import Figure
from tests.bench.rooms import in_django

REFRESHES = 400
AGENCIES, GRANTS, SWEEPS, PICKS = 200, 100_000, 25, 10
HUNG, THREADS, NEIGHBOURS, RATE = 8, 24, 5, 3


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
    """From the last byte of HMRC's answer to the commit of what it gave: with a real request, the pace and Redis."""
    from hmrc_door import wire
    from hmrc_oauth import refresh
    from tests.workers.token_server import TokenServer
    from tests.workers.tokens_worker import needing_a_refresh

    at, took, send = dict.fromkeys(["answered", "refresh.after_commit"], 0.0), [], wire.send

    def note(point: str) -> None:
        at[point] = time.perf_counter()

    def send_and_note(*given: Any, **more: Any) -> Any:
        outcome = send(*given, **more)
        note("answered")
        return outcome

    with (
        TokenServer() as hmrc,
        _served_by(hmrc.url),
        patch.object(wire, "send", send_and_note),
        patch.object(refresh, "failpoint", note),
    ):
        grant = needing_a_refresh(hmrc, "bench")
        for _ in range(REFRESHES):
            _let_lapse(grant)
            refresh.run(grant_id=grant.pk)
            took.append((at["refresh.after_commit"] - at["answered"]) * 1000)
        assert hmrc.live["bench"] == REFRESHES + 1
    cuts, bare = quantiles(took, n=100), quantiles(_bare_commits(grant), n=100)
    yield Figure("refresh.commit_p50_ms", cuts[49], "ms", baseline=bare[49])
    yield Figure("refresh.commit_p99_ms", cuts[98], "ms", "<= 10", baseline=bare[98])


@contextmanager
def _served_by(url: str) -> Iterator[None]:
    """HMRC's token endpoint is there, and the pace is no matter."""
    from django.conf import settings

    from hmrc_door import config

    usual, settings.HMRC = settings.HMRC, replace(settings.HMRC, token_url=url, requests_per_second=1000)
    config.pace.cache_clear()
    try:
        yield
    finally:
        settings.HMRC = usual
        config.pace.cache_clear()


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
    """All that the scheduler does in a second, and what a carrier asks for, while each of very many real grants waits
    to be renewed or to be settled. No agency's table may be read through for it.
    """
    from tenants import clock, due, turns
    from workers.warmth import Warmth

    for number in range(AGENCIES):
        _agency_of_grants(number)
    warmth, now = Warmth(), clock.now()
    _tick(warmth)
    before, scanned, times, picks = _memory_mb(), _rows_read_through(), [], []
    for _ in range(SWEEPS):
        times.append(_seconds(lambda: _tick(warmth)))
        picks += [_seconds(lambda: turns.pick(now=now)) for _ in range(PICKS)]
    assert due.count(kind=due.Kind.REFRESH) == GRANTS
    yield Figure("refresh.sweep_100k_s", max(times), "s", "<= 2")
    yield Figure("refresh.sweep_100k_pick_ms", 1000 * median(picks), "ms", "<= 50")
    yield Figure("refresh.sweep_100k_grew_mb", _memory_mb() - before, "MB", "<= 10")
    yield Figure("refresh.sweep_100k_rows_read_through", _rows_read_through() - scanned, "rows", "<= 0")


def _agency_of_grants(number: int) -> None:
    """An agency, each of whose grants is due: a third claimed by a worker who never came back, the others lapsed."""
    from hmrc_oauth.models import Grant, GrantStatus
    from tenants import clock, due
    from tenants.context import tenant
    from tenants.ids import new_id
    from tenants.provisioning import create_agency
    from tests.hmrc_oauth.scenes import a_landlord, connect

    long_ago = clock.now() - timedelta(hours=1)
    with tenant(create_agency(name="Sweep", host=f"sweep{number}.localhost")):
        first = connect(a_landlord(nino=None))
        given = {field.attname: getattr(first, field.attname) for field in Grant._meta.concrete_fields}
        claimed = {"status": GrantStatus.REFRESHING, "lease_ends_at": long_ago}
        grants = [
            Grant(**given | {"id": new_id(), "access_expires_at": long_ago} | (claimed if each % 3 else {}))
            for each in range(GRANTS // AGENCIES)
        ]
        Grant.objects.bulk_create(grants)
        for kind, lane in ((due.Kind.REFRESH, due.Lane.TOKEN), (due.Kind.REFRESH_AHEAD, due.Lane.BACKGROUND)):
            due.put_all(kind=kind, lane=lane, at={grant.pk: long_ago for grant in grants})


def _tick(warmth: Any) -> None:
    from tenants import clock, due
    from workers import scheduler

    now = clock.now()
    due.sweep(now=now)
    scheduler._count(now)
    warmth.tick(now=now)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _rows_read_through() -> int:
    """How many rows of agencies' tables PostgreSQL has read without an index, in this and in all former sessions."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT sum(seq_tup_read)::bigint FROM pg_stat_user_tables WHERE schemaname <> 'public'")
        return int(cursor.fetchone()[0])


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
