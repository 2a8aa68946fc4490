"""A real worker process with a backlog: it drains in order, and a person does not wait behind it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from hmrc_door import config
from sandbox.product import WORKER
from tenants import clock, due
from tenants.models import Agency, AgencyTurn, LaneTurn
from tests.hmrc_oauth.forks import was_killed
from tests.hmrc_oauth.scenes import again
from tests.hmrc_oauth.side_by_side import committed
from tests.workers.token_server import TokenServer
from tests.workers.tokens_worker import needing_a_refresh, started

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
BACKLOG, RATE = 24, 12


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


@contextmanager
def a_worker(agency: Agency, hmrc: TokenServer, *, threads: int = 4) -> Iterator[int]:
    """The ordinary worker, at a pace of RATE; told to stop at the end, in good order, if it still lives."""
    worker = started(agency, hmrc.url, threads=threads, queues=WORKER, rate=RATE)
    try:
        yield worker
    finally:
        os.kill(worker, signal.SIGTERM)
        assert not was_killed(worker)


def test_a_person_goes_within_two_turns_of_a_backlog(agency: Agency, hmrc: TokenServer) -> None:
    backlog = [needing_a_refresh(hmrc, f"bulk{number:02}", lane=due.Lane.BULK) for number in range(BACKLOG)]

    with a_worker(agency, hmrc):
        hmrc.until_asked(5)
        needing_a_refresh(hmrc, "person", lane=due.Lane.INTERACTIVE)
        already = hmrc.arrived
        hmrc.until_asked(BACKLOG + 1)

    # One may be on its way already, and one picked.
    assert hmrc.order.index("person") <= already + 2
    assert len(hmrc.order) == len(set(hmrc.order))
    assert all(again(grant).token_version == 2 for grant in backlog)


def test_what_is_not_answered_holds_up_nothing_else(agency: Agency, hmrc: TokenServer) -> None:
    for name in ("ann", "bea"):
        needing_a_refresh(hmrc, name)
    hmrc.hung = {"ann", "bea"}

    with a_worker(agency, hmrc):
        hmrc.until_asked(2)
        needing_a_refresh(hmrc, "cid")
        hmrc.until_asked(3)
        hmrc.go_on.set()

    assert hmrc.order[2] == "cid"


def test_a_worker_that_is_killed_with_a_backlog_leaves_it_to_the_next(agency: Agency, hmrc: TokenServer) -> None:
    for number in range(BACKLOG):
        needing_a_refresh(hmrc, f"bulk{number:02}", lane=due.Lane.BULK)
    killed = started(agency, hmrc.url, threads=4, queues=WORKER, rate=RATE)
    hmrc.until_asked(4)
    os.kill(killed, signal.SIGKILL)
    assert was_killed(killed)
    connection.close()

    # All but what the killed one held: that waits for its lease. A bell that it heard is rung again by the sweep.
    with a_worker(agency, hmrc):
        for _ in range(60):
            due.sweep(now=clock.now())
            if hmrc.is_asked(BACKLOG - 4, within_s=0.5):
                break

    assert len(hmrc.order) == len(set(hmrc.order)) >= BACKLOG - 4
