"""Keeping what HMRC gave when PostgreSQL is away: the answer exists nowhere else, so it waits in memory."""

from collections.abc import Callable
from time import monotonic, sleep
from typing import TypeVar

import structlog
from django.db import InterfaceError, InternalError, OperationalError

from hmrc_oauth import backoff
from tenants.db import connection

log = structlog.get_logger()
TRY_FOR_S = 600.0
_FIRST_S, _LONGEST_S = 0.05, 2.0
# Gone, going, coming back, or (InternalError) a stand-by that does not take over yet.
AWAY = (OperationalError, InterfaceError, InternalError)
Stored = TypeVar("Stored")


def persistently(store: Callable[[], Stored]) -> Stored:
    """
    What `store`, one whole transaction, returns: tried again on a new connection for ten minutes.

    `store` must be safe to repeat: of a commit that breaks off nobody knows whether it came through.
    Raises what the last try raised.
    """
    until, wait_s = monotonic() + TRY_FOR_S, _FIRST_S
    while True:
        try:
            return store()
        except AWAY as why:
            if monotonic() >= until:
                log.error("commit.given_up", why=type(why).__name__)  # noqa: TRY400 - its text may quote the statement
                raise
            log.warning("commit.put_off", why=type(why).__name__)
        connection.close()
        sleep(wait_s * (0.5 + backoff.chance() / 2))
        wait_s = min(wait_s * 2, _LONGEST_S)
