"""The table of failures, row by row, and the rule above it."""

import http.client
import socket
import ssl
from collections.abc import Iterator
from http.client import BadStatusLine, RemoteDisconnected
from types import ModuleType

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
    (socket.gaierror(socket.EAI_NONAME, "nodename"), "name_not_resolved", False),
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
    (urllib3.TimeoutError("slow"), "read_timeout", True),
    (urllib3.IncompleteRead(3, 96), "truncated", True),
    (http.client.IncompleteRead(b"abc", 96), "truncated", True),
    (urllib3.DecodeError("gzip"), "garbled", True),
    (urllib3.ProtocolError("aborted", RemoteDisconnected("gone")), "hung_up", True),
    (urllib3.ProtocolError("aborted", ConnectionResetError()), "reset", True),
    (urllib3.ProtocolError("aborted", BrokenPipeError()), "reset", True),
    (urllib3.ProtocolError("odd"), "protocol", True),
    (BadStatusLine("SSH"), "protocol", True),
    (OSError("no route"), "network", True),
    (requests.RequestException("whatever"), "network", True),
    (urllib3.ResponseError("too many"), "library", True),
    (RuntimeError("a bug of ours"), "unforeseen", True),
]


MODULES = (urllib3, requests.exceptions, http.client, ssl)


def every_exception(*modules: ModuleType) -> Iterator[type[Exception]]:
    """Each exception that these modules can raise; warnings are none."""
    found = {each for module in modules for each in vars(module).values() if isinstance(each, type)}
    kinds = (each for each in found if issubclass(each, Exception) and not issubclass(each, Warning))
    return iter(sorted(kinds, key=lambda kind: f"{kind.__module__}.{kind.__qualname__}"))


EVERY = list(every_exception(*MODULES))


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


class TestEveryExceptionOfTheLibraries:
    def test_is_found(self) -> None:
        names = {kind.__name__ for kind in EVERY}

        assert len(EVERY) > 60
        assert {"MaxRetryError", "ReadTimeout", "RemoteDisconnected", "SSLZeroReturnError"} <= names

    @pytest.mark.parametrize("kind", EVERY, ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
    def test_has_one_outcome_by_the_table_in_every_phase(self, kind: type[Exception]) -> None:
        bare = kind.__new__(kind)
        expected = next(row for row in FAILURES if issubclass(kind, row.kind))

        assert expected.kind is not Exception, "only what no library raises is unforeseen"
        assert failure_of(bare) == expected
        unseen, connecting, connected = (outcome_of(bare, phase=phase) for phase in Phase)
        assert connecting == NotSent(reason=expected.reason)
        assert connected == Unknown(reason=expected.reason)
        assert unseen == (connected if expected.sent else connecting)
        for phase in (Phase.UNSEEN, Phase.CONNECTED):
            assert outcome_of(bare, phase=phase, status=200) == Unknown(reason=expected.reason, status=200)

    @pytest.mark.parametrize("kind", EVERY, ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
    def test_is_seen_through_whatever_wraps_it(self, kind: type[Exception]) -> None:
        bare = kind.__new__(kind)
        rank = FAILURES.index(failure_of(bare))
        raised_from, raised_while = RuntimeError(), RuntimeError()
        raised_from.__cause__, raised_while.__context__ = bare, bare

        retried = wrapped(OSError())
        retried.args[0].reason = bare

        for outer in (retried, requests.ConnectionError(bare), raised_from, raised_while):
            assert FAILURES.index(failure_of(outer)) <= rank


def test_a_row_stands_above_those_that_are_wider() -> None:
    kinds = [row.kind for row in FAILURES]

    hidden = [
        (wide.__name__, narrow.__name__)
        for place, wide in enumerate(kinds)
        for narrow in kinds[place + 1 :]
        if issubclass(narrow, wide)
    ]
    assert hidden == []
