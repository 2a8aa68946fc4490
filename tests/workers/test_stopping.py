"""Real worker processes that are told to stop while HMRC still has their refreshes: every answer is committed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from threading import Event as ThreadEvent
from time import monotonic
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from hmrc_door import config
from hmrc_oauth.models import Grant, GrantStatus
from sandbox.product import TOKENS, WORK, WORKER
from tenants.models import Agency
from tests.hmrc_oauth.fake_door import opened
from tests.hmrc_oauth.forks import was_killed
from tests.hmrc_oauth.scenes import again
from tests.hmrc_oauth.side_by_side import committed
from tests.workers.token_server import TokenServer
from tests.workers.tokens_worker import needing_a_refresh, started

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
BATCHES, WORKERS = 3, 4
STOPS_WITHIN_S = 25
# Whoever may spend a token: the ordinary worker, and its reserve.
SPENDERS = pytest.mark.parametrize("spender", [WORKER, TOKENS], ids=["worker", "tokens"])


@pytest.fixture
def hmrc() -> Iterator[TokenServer]:
    with TokenServer() as server:
        yield server


@pytest.fixture
def agency(alpha_committed: Agency, hmrc: TokenServer) -> Iterator[Agency]:
    config.redis().flushdb()
    with committed(alpha_committed):
        yield alpha_committed
    config.redis().flushdb()


def holds_what_hmrc_gave(grant: Grant, hmrc: TokenServer) -> bool:
    row = again(grant)
    _, name, number = opened(row.refresh_token).split("-")
    return row.status == GrantStatus.ACTIVE and hmrc.live[name] == int(number)


@SPENDERS
def test_a_dozen_orderly_stops_lose_nothing(agency: Agency, hmrc: TokenServer, spender: str) -> None:
    grants: list[Grant] = []

    for batch in range(BATCHES):
        grants += [needing_a_refresh(hmrc, f"{batch}x{number}") for number in range(WORKERS)]
        hmrc.hung, hmrc.go_on, before = set(hmrc.live), ThreadEvent(), hmrc.arrived
        workers = [started(agency, hmrc.url, threads=2, queues=spender) for _ in range(WORKERS)]
        hmrc.until_asked(before + 1)
        for worker in workers:
            os.kill(worker, signal.SIGTERM)
        hmrc.go_on.set()
        # One that is told before dramatiq has a logger ends with an error, and has begun nothing that could be lost.
        assert not any(os.WIFSIGNALED(os.waitpid(worker, 0)[1]) for worker in workers)
        assert all(holds_what_hmrc_gave(grant, hmrc) for grant in grants)

    assert sum(again(grant).token_version == 2 for grant in grants) >= BATCHES


@SPENDERS
def test_it_finishes_what_is_under_way_and_takes_nothing_new(agency: Agency, hmrc: TokenServer, spender: str) -> None:
    under_way = needing_a_refresh(hmrc, "ann")
    hmrc.hung = {"ann"}
    with worker_process(hmrc.url, spender) as worker:
        hmrc.until_asked()
        told_at = monotonic()
        worker.send_signal(signal.SIGTERM)
        until_said(worker, "worker.stopping")
        later = needing_a_refresh(hmrc, "bea")
        assert not hmrc.is_asked(2, within_s=0.5)
        hmrc.go_on.set()
        worker.wait(STOPS_WITHIN_S)

    assert monotonic() - told_at < STOPS_WITHIN_S
    assert holds_what_hmrc_gave(under_way, hmrc)
    assert again(under_way).token_version == 2
    assert again(later).token_version == 1
    assert hmrc.arrived == 1


def test_while_the_refreshes_of_some_hang_another_landlords_goes_through(agency: Agency, hmrc: TokenServer) -> None:
    """How long it takes is for `make bench ONLY=refresh` to say."""
    hung = [needing_a_refresh(hmrc, f"hung{number}") for number in range(8)]
    hmrc.hung = set(hmrc.live)
    worker = started(agency, hmrc.url, threads=24)
    hmrc.until_asked(len(hung))

    neighbour = needing_a_refresh(hmrc, "neighbour")
    hmrc.until_asked(len(hung) + 1)
    give_up = monotonic() + 30
    while again(neighbour).token_version == 1:
        assert monotonic() < give_up
    assert not hmrc.go_on.is_set()
    os.kill(worker, signal.SIGTERM)
    hmrc.go_on.set()

    assert not was_killed(worker)
    assert all(holds_what_hmrc_gave(grant, hmrc) for grant in [*hung, neighbour])


def until_said(worker: subprocess.Popen[bytes], words: str) -> None:
    """Wait until its log says so."""
    assert worker.stdout is not None
    assert any(words.encode() in line for line in worker.stdout)


def worker_process(token_url: str, words: str) -> subprocess.Popen[bytes]:
    """A worker as `make run` starts it."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{settings.DATABASES['default']['NAME']}")
    environ = {**os.environ, "HMRC_TOKEN_URL": token_url, "DATABASE_URL": database.geturl()}
    environ["HMRC_REQUESTS_PER_SECOND"] = "50"  # what it may not claim must not wait for a turn either
    command = [sys.executable, *WORK.split(), *words.split()]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
