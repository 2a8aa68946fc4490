"""The table of failures, row by row, and the rule above it."""

import ssl
from http.client import BadStatusLine, RemoteDisconnected

import pytest
import requests
from urllib3 import exceptions as urllib3
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from hmrc_door.failures import FAILURES, Phase, failure_of, outcome_of
from hmrc_door.outcomes import NotSent, Unknown

POOL = HTTPConnectionPool("hmrc.invalid")
HELD = HTTPConnection("hmrc.invalid")


def wrapped(cause: Exception) -> Exception:
    """As requests raises it: urllib3's exception inside a MaxRetryError inside its own."""
    return requests.ConnectionError(urllib3.MaxRetryError(POOL, "/individuals/AA000001A", cause))


EXAMPLES: list[tuple[Exception, str, bool]] = [
    (wrapped(urllib3.NameResolutionError("hmrc.invalid", HELD, OSError())), "name_not_resolved", False),  # type: ignore[arg-type]
    (wrapped(urllib3.NewConnectionError(HELD, "refused")), "connection_refused", False),
    (wrapped(urllib3.ConnectTimeoutError("slow")), "connect_timeout", False),
    (wrapped(urllib3.ProxyError("proxy", OSError())), "proxy", False),
    (urllib3.EmptyPoolError(POOL, "full"), "pool", False),
    (urllib3.ClosedPoolError(POOL, "closed"), "pool", False),
    (urllib3.LocationParseError("x"), "malformed_request", False),
    (requests.exceptions.InvalidURL("x"), "malformed_request", False),
    (requests.exceptions.InvalidHeader("x"), "malformed_request", False),
    (wrapped(urllib3.SSLError("handshake")), "tls", False),
    (ssl.SSLCertVerificationError("self-signed"), "tls", False),
    (requests.ReadTimeout(urllib3.ReadTimeoutError(POOL, "/", "slow")), "read_timeout", True),
    (TimeoutError(), "read_timeout", True),
    (urllib3.IncompleteRead(3, 96), "truncated", True),
    (urllib3.DecodeError("gzip"), "garbled", True),
    (urllib3.ProtocolError("aborted", RemoteDisconnected("gone")), "hung_up", True),
    (urllib3.ProtocolError("aborted", ConnectionResetError()), "reset", True),
    (urllib3.ProtocolError("aborted", BrokenPipeError()), "reset", True),
    (urllib3.ProtocolError("odd"), "protocol", True),
    (BadStatusLine("SSH"), "protocol", True),
    (OSError("no route"), "network", True),
    (requests.RequestException("whatever"), "network", True),
    (RuntimeError("a bug of ours"), "unforeseen", True),
]


@pytest.mark.parametrize(
    ("error", "reason", "sent"), EXAMPLES, ids=[f"{reason}-{n}" for n, (_, reason, _) in enumerate(EXAMPLES)]
)
def test_each_failure_has_its_row(error: Exception, reason: str, sent: bool) -> None:
    outcome = outcome_of(error, phase=Phase.UNSEEN)

    assert outcome == (Unknown(reason=reason) if sent else NotSent(reason=reason))


def test_every_row_is_reached_by_an_example() -> None:
    reached = {failure_of(error).kind for error, _, _ in EXAMPLES}

    assert reached == {row.kind for row in FAILURES}


@pytest.mark.parametrize("error", [error for error, _, _ in EXAMPLES])
def test_while_connecting_nothing_was_sent_whatever_failed(error: Exception) -> None:
    assert isinstance(outcome_of(error, phase=Phase.CONNECTING), NotSent)


@pytest.mark.parametrize("error", [error for error, _, _ in EXAMPLES])
def test_once_connected_nobody_knows_whatever_failed(error: Exception) -> None:
    assert isinstance(outcome_of(error, phase=Phase.CONNECTED), Unknown)


@pytest.mark.parametrize("error", [error for error, _, _ in EXAMPLES])
def test_no_outcome_repeats_the_text_of_a_failure(error: Exception) -> None:
    assert "AA000001A" not in repr(outcome_of(error, phase=Phase.UNSEEN))


def test_a_status_that_came_is_kept_and_means_that_it_was_sent() -> None:
    outcome = outcome_of(ValueError(), phase=Phase.UNSEEN, status=200)

    assert outcome == Unknown(reason="malformed_request", status=200)


def test_exceptions_that_wrap_each_other_end() -> None:
    one, other = OSError(), OSError()
    one.__context__, other.__context__ = other, one

    assert failure_of(one).reason == "network"
