"""
What a failing connection says about the request: one table, and one rule above it.

The rule: once our connection was made, bytes may have left (Unknown); while it was being made, none had (NotSent).
The table names the failure, and decides only where no connection of ours was seen at all.
"""

import ssl
from collections.abc import Iterator
from enum import Enum
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from socket import gaierror
from typing import NamedTuple

from urllib3 import exceptions as urllib3

from hmrc_door.outcomes import NotSent, Unknown


class Phase(Enum):
    """How far the connection of one request came."""

    UNSEEN = "unseen"
    CONNECTING = "connecting"
    CONNECTED = "connected"


class Failure(NamedTuple):
    """One kind of exception: the word for it, and whether the request may have been sent."""

    kind: type[BaseException]
    reason: str
    sent: bool


# Read from the top: a row holds for everything below it in the exception's chain, so the narrow ones come first.
FAILURES: tuple[Failure, ...] = (
    Failure(urllib3.NameResolutionError, "name_not_resolved", sent=False),
    Failure(gaierror, "name_not_resolved", sent=False),
    Failure(urllib3.NewConnectionError, "connection_refused", sent=False),
    Failure(urllib3.ConnectTimeoutError, "connect_timeout", sent=False),
    Failure(urllib3.ProxyError, "proxy", sent=False),
    Failure(urllib3.EmptyPoolError, "pool", sent=False),
    Failure(urllib3.ClosedPoolError, "pool", sent=False),
    Failure(urllib3.LocationValueError, "malformed_request", sent=False),
    Failure(urllib3.ReadTimeoutError, "read_timeout", sent=True),
    Failure(urllib3.TimeoutError, "read_timeout", sent=True),
    Failure(urllib3.IncompleteRead, "truncated", sent=True),
    Failure(IncompleteRead, "truncated", sent=True),
    Failure(urllib3.DecodeError, "garbled", sent=True),
    Failure(RemoteDisconnected, "hung_up", sent=True),
    Failure(ConnectionResetError, "reset", sent=True),
    Failure(BrokenPipeError, "reset", sent=True),
    Failure(urllib3.SSLError, "tls", sent=False),
    Failure(ssl.SSLError, "tls", sent=False),
    Failure(urllib3.ProtocolError, "protocol", sent=True),
    Failure(HTTPException, "protocol", sent=True),
    Failure(TimeoutError, "read_timeout", sent=True),
    Failure(ValueError, "malformed_request", sent=False),
    Failure(OSError, "network", sent=True),
    Failure(urllib3.HTTPError, "library", sent=True),
    Failure(Exception, "unforeseen", sent=True),
)


def outcome_of(error: Exception, *, phase: Phase, status: int | None = None) -> NotSent | Unknown:
    """What `error` means for the request. The error itself, whose text may hold an address with a NINO, is not kept."""
    failure = failure_of(error)
    sent = {Phase.CONNECTING: False, Phase.CONNECTED: True}.get(phase, failure.sent)
    if not sent and status is None:
        return NotSent(reason=failure.reason)
    return Unknown(reason=failure.reason, status=status)


def failure_of(error: BaseException) -> Failure:
    """The row of the table that names `error`, or what it wraps."""
    chain = tuple(_chain(error))
    return next(row for row in FAILURES if any(isinstance(link, row.kind) for link in chain))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """`error` and what it wraps: requests and urllib3 keep the cause in `args`, `reason` or the context."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        link = waiting.pop()
        if isinstance(link, BaseException) and id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [*link.args, getattr(link, "reason", None), link.__cause__, link.__context__]
