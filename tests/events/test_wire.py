"""Where a webhook may go, and what may come back."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from events.delivery import addresses, wire
from events.delivery.answers import Answer
from tests.events.receiver import Receiver, status

_CLOSED = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16", "198.18.0.1", "203.0.113.5"),
    *("224.0.0.1", "255.255.255.255", "240.0.0.1", "192.88.99.1"),
    *("::1", "::", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::a00:1"),
    *("fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "2002:a00:1::1"),
    *("2001::1", "2001:10::1", "3fff::1", "5f00::1", "100::1", "4000::1"),
]
_OPEN = ["8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "2606:4700::1111", "2a00::1"]


@pytest.mark.parametrize("address", _CLOSED)
def test_what_is_not_of_the_public_internet_is_closed(address: str) -> None:
    assert not addresses.may_be_reached(address, loopback=False)


@pytest.mark.parametrize("address", _OPEN)
def test_what_is_of_the_public_internet_is_open(address: str) -> None:
    assert addresses.may_be_reached(address, loopback=False)


@pytest.mark.parametrize("address", [each for each in _CLOSED if each not in {"127.0.0.1", "127.255.255.254", "::1"}])
def test_in_local_only_this_machine_is_open_besides(address: str) -> None:
    assert addresses.may_be_reached("127.0.0.1", loopback=True)
    assert addresses.may_be_reached("::1", loopback=True)
    assert not addresses.may_be_reached(address, loopback=True)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "017700000001", "localhost"])
def test_other_spellings_of_this_machine_are_closed_too(host: str) -> None:
    with pytest.raises((addresses.Refused, addresses.Unresolved)):
        addresses.find(host, 443, loopback=False)


class Names:
    """What names lead to: the next answer each time, the last for good."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        self.asked += 1
        found = self.answers[min(self.asked, len(self.answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets `example.org` lead where a test says; addresses lead where they always do."""
    real = socket.getaddrinfo

    def put(*answers: list[str]) -> Names:
        names = Names(*answers)

        def look_up(host: str, *given: Any, **more: Any) -> Any:
            return names(host, *given, **more) if host == "example.org" else real(host, *given, **more)

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return names

    return put


def post(url: str, *, local: bool = True) -> Answer:
    with wire.Receiver(url, local=local, width=1) as receiver:
        return receiver.post(b"{}", {})


def test_a_name_that_leads_inside_is_not_connected_to(receiver: Receiver, named: Any) -> None:
    named(["10.0.0.1"])

    assert post(receiver.url.replace("127.0.0.1", "example.org")).outcome == "address_not_allowed"


def test_nor_one_of_which_only_one_address_is_inside(receiver: Receiver, named: Any) -> None:
    named(["8.8.8.8", "169.254.169.254"])

    assert post(receiver.url.replace("127.0.0.1", "example.org")).outcome == "address_not_allowed"


def test_a_name_is_asked_once_and_a_second_answer_is_never_used(receiver: Receiver, named: Any) -> None:
    names = named(["127.0.0.1"], ["10.0.0.1"])

    with wire.Receiver(receiver.url.replace("127.0.0.1", "example.org"), local=True, width=1) as there:
        answers = [there.post(b"{}", {}) for _ in range(3)]
        receiver.answer = status(200, Connection="close")
        answers += [there.post(b"{}", {}) for _ in range(3)]

    assert {each.outcome for each in answers} == {"delivered"}
    assert names.asked == 1
    port = receiver.url.rpartition(":")[2].partition("/")[0]
    assert {each.headers["host"] for each in receiver.heard} == {f"example.org:{port}"}


def test_outside_local_nothing_leaves_without_tls_or_for_this_machine(receiver: Receiver, named: Any) -> None:
    named(["8.8.8.8"])

    assert post("http://example.org/", local=False).outcome == "address_not_allowed"
    assert post(receiver.url.replace("http:", "https:"), local=False).outcome == "address_not_allowed"
    assert receiver.heard == []


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(code: int, receiver: Receiver) -> None:
    receiver.answer = status(code, Location=receiver.url + "/elsewhere")

    assert post(receiver.url)[:2] == ("redirect", code)
    assert [each.path for each in receiver.heard] == ["/hook"]


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (200, "delivered"),
        (204, "delivered"),
        (299, "delivered"),
        (400, "http_status"),
        (410, "gone"),
        (503, "http_status"),
    ],
)
def test_what_it_answers_is_what_became_of_it(code: int, outcome: str, receiver: Receiver) -> None:
    receiver.answer = status(code)

    assert post(receiver.url)[:2] == (outcome, code)


def test_nobody_at_home_is_not_reached() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert post(f"http://127.0.0.1:{free.getsockname()[1]}/").outcome == "not_reached"


def test_a_name_that_is_none_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: Any, **__: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nobody)

    assert post("https://example.org/").outcome == "name_not_found"


def test_who_speaks_no_tls_is_no_receiver(receiver: Receiver) -> None:
    assert post(receiver.url.replace("http:", "https:")).outcome == "tls_failed"


@contextmanager
def _raw(serve: Any) -> Iterator[str]:
    """A server of bytes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def run() -> None:
            peer, _ = server.accept()
            with peer:
                peer.settimeout(5)
                peer.recv(65536)
                serve(peer)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join(5)


def test_a_connection_that_breaks_is_told_from_one_that_never_was() -> None:
    with _raw(lambda peer: None) as url:
        assert post(url).outcome == "broken_off"


@pytest.mark.parametrize("begins", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"])
def test_who_drips_is_cut_off_at_the_deadline(begins: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "TOTAL_S", 0.5)

    def drip(peer: socket.socket) -> None:
        peer.sendall(begins)
        try:
            while peer.send(b"X: y\r\n" if begins else b"H"):
                if peer_is_gone(peer):
                    return
        except OSError:
            return

    with _raw(drip) as url:
        answer = post(url)

    assert answer.outcome == "timeout"
    assert 400 <= answer.latency_ms < 3000


def peer_is_gone(peer: socket.socket) -> bool:
    peer.settimeout(0.1)
    try:
        return peer.recv(1) == b""
    except TimeoutError:
        return False


def test_of_a_long_answer_only_the_beginning_is_read(receiver: Receiver) -> None:
    sent = 0

    def flood(handler: Any, _: Any) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.send_header("Content-Length", str(10**9))
        handler.end_headers()
        try:
            while True:
                sent += handler.wfile.write(b"x" * 65536)
        except OSError:
            handler.close_connection = True

    receiver.answer = flood

    assert post(receiver.url).outcome == "delivered"
    assert sent < 10**8


def test_no_cookie_and_no_credential_of_the_machine_travels(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password canary\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    receiver.answer = status(200, Set_Cookie="a=b")

    with wire.Receiver(receiver.url, local=True, width=1) as there:
        assert [there.post(b"{}", {}).outcome for _ in range(2)] == ["delivered", "delivered"]

    assert not {"authorization", "cookie"} & {name for each in receiver.heard for name in each.headers}
