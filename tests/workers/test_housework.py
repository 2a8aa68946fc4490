"""Housework goes on while every thread that makes calls waits for HMRC, and behind any backlog of calls."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import pytest

from events.models import Event
from hmrc_door import config
from hmrc_oauth.settling import bury
from sandbox.product import HOUSE, TOKENS, WORKER
from tenants import clock, due
from tenants.models import Agency, AgencyTurn, Due, LaneTurn
from tests.hmrc_oauth.forks import was_killed
from tests.hmrc_oauth.scenes import a_landlord, again, connect
from tests.hmrc_oauth.side_by_side import committed
from tests.workers.token_server import TokenServer
from tests.workers.tokens_worker import needing_a_refresh, started

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
THREADS, BACKLOG = 2, 12


@pytest.fixture
def hmrc() -> Iterator[TokenServer]:
    with TokenServer() as server:
        yield server


@pytest.fixture
def agency(alpha_committed: Agency, hmrc: TokenServer) -> Iterator[Agency]:
    config.redis().flushdb()
    with committed(alpha_committed):
        yield alpha_committed
    for model in (LaneTurn, AgencyTurn):
        model.objects.all().delete()
    config.redis().flushdb()


def test_is_done_while_all_carriers_wait_for_hmrc_and_a_backlog_waits_for_them(
    agency: Agency, hmrc: TokenServer
) -> None:
    for number in range(BACKLOG):
        needing_a_refresh(hmrc, f"slow{number:02}")
    hmrc.hung = set(hmrc.live)
    with all_workers(agency, hmrc):
        hmrc.until_asked(2 * THREADS)

        end_a_connection()
        until_told()

        # Nobody was answered meanwhile: by order, not by the clock.
        assert not hmrc.go_on.is_set()
        assert hmrc.arrived == 2 * THREADS
        assert Due.objects.filter(agency_id=agency.pk, kind=due.Kind.REFRESH).count() == BACKLOG


@contextmanager
def all_workers(agency: Agency, hmrc: TokenServer) -> Iterator[None]:
    """A process for each queue, as operators start them; stopped in order."""
    workers = [started(agency, hmrc.url, threads=THREADS, queues=queues) for queues in (WORKER, TOKENS, HOUSE)]
    try:
        yield
    finally:
        for worker in workers:
            os.kill(worker, signal.SIGTERM)
        hmrc.go_on.set()
        assert [was_killed(worker) for worker in workers] == [False] * len(workers)


def end_a_connection() -> None:
    """HMRC has refused its refresh: somebody must be told within five minutes."""
    grant = connect(a_landlord(nino=None))
    assert again(grant).claim()
    assert bury(again(grant), fence=again(grant).fence, reason="refused", now=clock.now())


def until_told() -> None:
    give_up = monotonic() + 25
    while not Event.objects.filter(type="connection.agency_must_tell").exists():  # it has no address of the landlord's
        assert monotonic() < give_up, "no housework is done"
        sleep(0.02)
