"""What only a wire can show: broken, dripping and hanging answers of the real server."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import requests

from tests.sandbox.hmrc.served import PATIENCE, Served

HANGING = 100
OFTEN = 10
BROKEN = (requests.exceptions.ChunkedEncodingError, requests.ConnectionError)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("wire"))
    served.start()
    yield served
    served.kill()


@pytest.fixture
def served(server: Served) -> Served:
    """The one server, as new."""
    server.control("reset", {})
    return server


@pytest.mark.parametrize("kind", ["answer_lost_before", "answer_lost_after", "truncate"])
def test_a_client_sees_a_lost_answer_as_a_broken_one(served: Served, kind: str) -> None:
    served.control("faults", {"kind": kind, "operation": "token"})

    with pytest.raises(BROKEN):
        served.token("client_credentials")

    assert served.token("client_credentials").ok


@pytest.mark.parametrize("kind", ["answer_lost_before", "answer_lost_after", "truncate"])
def test_what_comes_of_a_broken_answer_always_comes(served: Served, kind: str) -> None:
    served.control("faults", {"kind": kind, "times": OFTEN})

    answers = [b"".join(_pieces(served, "/obligations/details/AA000001A/crystallisation")) for _ in range(OFTEN)]

    parts = [answer.partition(b"\r\n\r\n")[2] for answer in answers]
    assert all(answer.startswith(b"HTTP/1.1 ") for answer in answers)
    assert all(part.startswith(b"{") and not part.endswith(b"}") for part in parts)


def test_a_dripping_answer_comes_a_byte_at_a_time_and_whole(served: Served) -> None:
    served.control("faults", {"kind": "drip", "seconds": 0.5})

    began = monotonic()
    pieces = _pieces(served, "/obligations/details/AA000001A/income-and-expenditure")

    head, _, whole = b"".join(pieces).partition(b"\r\n\r\n")
    assert f"content-length: {len(whole)}".encode() in head.lower()
    assert whole.startswith(b"{")
    assert whole.endswith(b"}")
    assert len(pieces) > len(whole) / 2
    assert monotonic() - began >= 0.5


def _pieces(served: Served, path: str) -> list[bytes]:
    """What each read of the socket gave, to the end of the connection."""
    asked = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE) as wire:
        wire.sendall(asked.encode())
        return list(iter(lambda: wire.recv(65_536), b""))


def test_a_redirect_is_followed_to_where_the_endpoint_serves(served: Served) -> None:
    served.control("faults", {"kind": "redirect", "status": 307, "operation": "token"})

    answer = served.token("client_credentials")

    assert [step.status_code for step in answer.history] == [307]
    assert answer.json().keys() == {"access_token", "token_type", "expires_in"}
    assert answer.url == f"{served.address}/moved/oauth/token"


def test_a_hundred_that_hang_leave_the_control_api_free(tmp_path: Path) -> None:
    served = Served(tmp_path)
    served.start()
    served.control("faults", {"kind": "hang", "seconds": 60, "operation": "token", "times": HANGING})
    with ThreadPoolExecutor(HANGING) as threads:
        waiting = [threads.submit(_ask, served) for _ in range(HANGING)]

        until = monotonic() + PATIENCE
        while _rate(served)["accepted"] < HANGING and monotonic() < until:
            pass

        assert _rate(served)["accepted"] == HANGING
        assert not any(one.done() for one in waiting)
        served.kill()


def _ask(served: Served) -> None:
    with suppress(requests.RequestException):
        served.token("client_credentials")


def _rate(served: Served) -> dict[str, Any]:
    told: dict[str, Any] = requests.get(f"{served.address}/control/rate", timeout=5).json()
    return told
