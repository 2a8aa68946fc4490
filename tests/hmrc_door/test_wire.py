"""The wire against real sockets: whatever happens to one request has exactly one outcome, and no text gives it away."""

import logging
import socket
import ssl
import time
from collections.abc import Iterator
from threading import Thread

import pytest
import responses

from hmrc_door import wire
from hmrc_door.environment import Deadlines
from hmrc_door.outcomes import Answered, NotSent, Refused, Unknown
from hmrc_door.pace import TooLate
from hmrc_door.wire import MOST_BYTES, WireRequest, send
from tests.hmrc_door import rogue as acts
from tests.hmrc_door.redis_server import free_port
from tests.hmrc_door.rogue import Behaviour, Rogue

NINO = "AA000001A"
QUICK = Deadlines(connect_s=0.5, read_s=0.5, total_s=1.2)


@pytest.fixture(autouse=True)
def fresh_pool() -> Iterator[None]:
    yield
    wire._pooled().close()
    wire._pooled.cache_clear()


def get(base: str, *, fresh: bool = False, deadlines: Deadlines = QUICK) -> WireRequest:
    return WireRequest(method="GET", url=f"{base}/individuals/{NINO}/list", fresh=fresh, deadlines=deadlines)


class TestNothingLeavesUs:
    @pytest.mark.parametrize("fresh", [False, True])
    def test_when_nobody_listens(self, fresh: bool) -> None:
        outcome = send(get(f"http://127.0.0.1:{free_port()}", fresh=fresh))

        assert outcome == NotSent(reason="connection_refused")

    @pytest.mark.parametrize("fresh", [False, True])
    def test_when_the_connection_was_made_too_late_for_its_slot(self, rogue: Rogue, fresh: bool) -> None:
        def stale() -> None:
            raise TooLate

        outcome = send(get(rogue.url, fresh=fresh), leave=stale)

        assert outcome == NotSent(reason="too_late")
        assert rogue.requests == []

    def test_when_the_name_does_not_resolve(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def no_such_name(*_args: object, **_options: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "nodename")

        monkeypatch.setattr(socket, "getaddrinfo", no_such_name)

        assert send(get("http://hmrc.invalid")) == NotSent(reason="name_not_resolved")

    def test_when_the_connection_is_not_taken_in_time(self) -> None:
        with socket.socket() as deaf:
            deaf.bind(("127.0.0.1", 0))
            deaf.listen(0)
            full = [_knock(deaf.getsockname()) for _ in range(4)]

            outcome = send(get(f"http://127.0.0.1:{deaf.getsockname()[1]}"))

        assert outcome == NotSent(reason="connect_timeout")
        for knocking in full:
            knocking.close()

    def test_when_the_deadline_passes_before_there_is_a_connection(self) -> None:
        with socket.socket() as deaf:
            deaf.bind(("127.0.0.1", 0))
            deaf.listen(0)
            full = [_knock(deaf.getsockname()) for _ in range(4)]
            hasty = Deadlines(connect_s=0.5, read_s=0.5, total_s=0.1)

            outcome = send(get(f"http://127.0.0.1:{deaf.getsockname()[1]}", deadlines=hasty))

        assert outcome == NotSent(reason="deadline")
        for knocking in full:
            knocking.close()

    def test_when_the_other_side_does_not_speak_tls(self, rogue: Rogue) -> None:
        rogue.behaviour = acts.then_close(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        outcome = send(get(_over_tls(rogue)))

        assert isinstance(outcome, NotSent)

    def test_when_the_tls_handshake_is_reset(self) -> None:
        with _slamming_door() as port:
            outcome = send(get(f"https://127.0.0.1:{port}"))

        assert isinstance(outcome, NotSent)

    def test_when_the_tls_handshake_hangs(self, rogue: Rogue) -> None:
        outcome = send(get(_over_tls(rogue)))

        assert isinstance(outcome, NotSent)

    def test_when_the_address_is_none(self) -> None:
        assert send(WireRequest(method="GET", url="http://", deadlines=QUICK)) == NotSent(reason="malformed_request")

    def test_when_a_header_would_be_two(self, rogue: Rogue) -> None:
        request = WireRequest(method="GET", url=rogue.url, headers={"Authorization": "Bearer a\r\nX: b"})

        outcome = send(request)

        assert outcome == NotSent(reason="malformed_request")
        assert rogue.requests == []


class TestWhatBecameOfItIsUnknown:
    @pytest.mark.parametrize(
        ("behaviour", "expected"),
        [
            (acts.hang(), Unknown(reason="read_timeout")),
            (acts.reset(), Unknown(reason="reset")),
            (acts.then_close(), Unknown(reason="hung_up")),
            (acts.then_close(b"SSH-2.0-OpenSSH\r\n"), Unknown(reason="protocol")),
            (
                acts.then_close(acts.head("200 OK", "Content-Length: 99"), b'{"a":1}'),
                Unknown(reason="truncated", status=200),
            ),
            (acts.hang(acts.head("200 OK", "Content-Length: 99"), b'{"a'), Unknown(reason="read_timeout", status=200)),
            (acts.reset(acts.head("200 OK", "Content-Length: 99"), b'{"a'), Unknown(reason="reset", status=200)),
            (
                acts.then_close(acts.head("200 OK", "Transfer-Encoding: chunked"), b"5\r\nabc"),
                Unknown(reason="truncated", status=200),
            ),
            (
                acts.answer(b"not gzip at all", "200 OK", "Content-Encoding: gzip"),
                Unknown(reason="garbled", status=200),
            ),
            (acts.drip(every_s=0.1), Unknown(reason="deadline", status=200)),
            (acts.then_close(b"HTTP/1.1 200 OK\r\nContent-Len"), Unknown(reason="truncated", status=200)),
        ],
        ids=[
            "hang",
            "reset",
            "hang-up",
            "not-http",
            "cut-short",
            "stalls",
            "reset-mid-body",
            "cut-chunk",
            "garbled",
            "drip",
            "cut-header",
        ],
    )
    @pytest.mark.parametrize("fresh", [False, True])
    def test_when_the_answer_is_lost(self, rogue: Rogue, behaviour: Behaviour, expected: Unknown, fresh: bool) -> None:
        rogue.behaviour = behaviour

        outcome = send(get(rogue.url, fresh=fresh))

        assert outcome == expected
        assert len(rogue.requests) == 1

    def test_when_the_answer_is_larger_than_anything_hmrc_sends(self, rogue: Rogue) -> None:
        rogue.behaviour = acts.answer(b"1" * (MOST_BYTES + 1))

        assert send(get(rogue.url)) == Unknown(reason="oversized", status=200)

    @pytest.mark.parametrize(
        ("start", "reason"),
        [(acts.head("200 OK"), "unreadable_answer"), (acts.head("200 OK", "Content-Length: 99"), "deadline")],
        ids=["no length", "length"],
    )
    def test_when_the_whole_takes_too_long_and_no_silence_does(self, rogue: Rogue, start: bytes, reason: str) -> None:
        rogue.behaviour = acts.drip(start, every_s=0.05)
        began = time.monotonic()

        outcome = send(get(rogue.url))

        assert isinstance(outcome, Unknown)
        assert (outcome.reason, outcome.status) == (reason, 200)
        assert time.monotonic() - began < QUICK.total_s + 5  # it drips for ever


class TestAnAnswer:
    def test_is_read_whole_and_exactly(self, rogue: Rogue) -> None:
        rogue.behaviour = acts.answer(b'{"periodAmount":0.10}', "200 OK", "X-CorrelationId: c-1", "Location: /" + NINO)

        outcome = send(get(rogue.url))

        assert isinstance(outcome, Answered)
        assert str(outcome.body) == "{'periodAmount': Decimal('0.10')}"
        assert outcome.correlation_id == "c-1"
        assert dict(outcome.headers) == {"x-correlationid": "c-1"}

    def test_without_a_body_is_an_answer(self, rogue: Rogue) -> None:
        rogue.behaviour = acts.answer(b"", "204 No Content")

        assert send(get(rogue.url)) == Answered(status=204, body=None)

    def test_that_redirects_is_not_followed_by_the_wire_itself(self, rogue: Rogue) -> None:
        rogue.behaviour = acts.answer(b"", "307 Temporary Redirect", "Location: http://127.0.0.1:1/elsewhere")

        outcome = send(get(rogue.url))

        assert isinstance(outcome, Refused)
        assert (outcome.status, len(rogue.requests)) == (307, 1)

    def test_sets_no_cookie_for_the_next_call(self, rogue: Rogue) -> None:
        rogue.behaviour = acts.answer(b"{}", "200 OK", "Set-Cookie: mdtp=landlord-one; Path=/")
        send(get(rogue.url))

        send(get(rogue.url))

        assert b"cookie" not in rogue.requests[1].lower()

    def test_keeps_the_connection_for_the_next_api_call(self, rogue: Rogue) -> None:
        for _ in range(3):
            send(get(rogue.url))

        assert (len(rogue.requests), rogue.connections) == (3, 1)

    def test_ends_a_fresh_connection(self, rogue: Rogue) -> None:
        for _ in range(3):
            send(get(rogue.url, fresh=True))

        assert (len(rogue.requests), rogue.connections) == (3, 3)
        assert all(b"Connection: close" in request for request in rogue.requests)

    def test_body_and_method_are_sent_as_they_are(self, rogue: Rogue) -> None:
        send(WireRequest(method="PUT", url=rogue.url, body=b'{"a":1.10}', deadlines=QUICK))

        assert rogue.requests[0].startswith(b"PUT / HTTP/1.1")
        assert rogue.requests[0].endswith(b'\r\n\r\n{"a":1.10}')


class TestNothingIsGivenAway:
    def test_by_the_libraries_loggers(self, rogue: Rogue, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        rogue.behaviour = acts.then_close(b"HTTP/1.1 200 OK\r\nbroken header\r\nContent-Length: 2\r\n\r\n{}")

        send(get(rogue.url))
        send(get(f"http://127.0.0.1:{free_port()}"))
        logging.getLogger("urllib3.connectionpool").debug("GET /individuals/%s/list", NINO)

        assert NINO not in caplog.text

    def test_by_a_repr(self) -> None:
        request = WireRequest(method="PUT", url=f"http://hmrc/{NINO}", headers={"Authorization": "x"}, body=b"figures")

        assert repr(request) == "WireRequest(PUT)"

    def test_by_an_outcome_that_holds_figures(self) -> None:
        assert "12345" not in repr(Answered(status=200, body={"periodAmount": 12345}))


class TestUnderMocks:
    @responses.activate
    def test_an_answer_is_classified_as_ever(self) -> None:
        responses.get("http://hmrc.test/x", json={"code": "MESSAGE_THROTTLED_OUT"}, status=429)

        outcome = send(WireRequest(method="GET", url="http://hmrc.test/x"))

        assert isinstance(outcome, Refused)
        assert outcome.code == "MESSAGE_THROTTLED_OUT"


class TestTls:
    def test_below_1_2_is_never_spoken(self) -> None:
        adapter = wire._session().get_adapter("https://hmrc.test")

        context = adapter.poolmanager.connection_pool_kw["ssl_context"]  # type: ignore[attr-defined]

        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def _over_tls(rogue: Rogue) -> str:
    return rogue.url.replace("http://", "https://")


def _knock(address: tuple[str, int]) -> socket.socket:
    knocking = socket.socket()
    knocking.setblocking(False)
    knocking.connect_ex(address)
    return knocking


class _slamming_door:  # noqa: N801  reads as the function it replaces
    """A listener that resets each connection as soon as the handshake begins."""

    def __enter__(self) -> int:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = Thread(target=self._slam, daemon=True)
        self._thread.start()
        port: int = self._listening.getsockname()[1]
        return port

    def _slam(self) -> None:
        held, _ = self._listening.accept()
        held.recv(1)
        acts.reset()(held, None)  # type: ignore[arg-type]

    def __exit__(self, *_: object) -> None:
        self._thread.join(timeout=5)
        self._listening.close()
