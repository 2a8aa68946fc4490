"""A worker in a fork of this process, the tokens worker unless it is told otherwise, and work for it."""

import signal
from dataclasses import replace
from importlib import import_module
from multiprocessing import Event, Pipe, Value
from typing import Any

from django.conf import settings
from dramatiq.canteen import Canteen

from hmrc_door import config
from hmrc_oauth.models import Grant
from sandbox.product import TOKENS
from tenants import clock, doorbell, due
from tenants.models import Agency
from tests.hmrc_oauth.forks import forked
from tests.hmrc_oauth.scenes import a_landlord, connect
from tests.workers.token_server import TokenServer

_cli: Any = import_module("dramatiq.cli")  # untyped


def needing_a_refresh(hmrc: TokenServer, name: str, *, lane: due.Lane = due.Lane.TOKEN) -> Grant:
    """A grant of this name whose access token is over; the bell has rung."""
    hmrc.live[name] = 1
    grant = connect(a_landlord(nino=None), name=f"{name}-1")
    Grant.objects.filter(pk=grant.pk).update(access_expires_at=clock.now())
    due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=lane)
    return grant


def started(agency: Agency, token_url: str, *, threads: int, queues: str = TOKENS, rate: int = 50) -> int:
    """The id of a new worker's process. As in dramatiq, no signal reaches it before it knows what to do with one."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        return forked(agency, lambda: work(token_url, threads=threads, queues=queues, rate=rate))
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def work(token_url: str, *, threads: int, queues: str, rate: int) -> None:
    """What dramatiq's child process does, begun by a fork instead of an import of everything."""
    settings.HMRC = replace(settings.HMRC, token_url=token_url, requests_per_second=rate)
    config.pace.cache_clear()
    doorbell._broker.cache_clear()
    _, writes = Pipe(duplex=False)
    words = ["workers.main", *queues.split(), "--threads", str(threads)]
    args = _cli.make_argument_parser().parse_args(words)
    _cli.worker_process(args, 0, _cli.StreamablePipe(writes), Value(Canteen), Event())
