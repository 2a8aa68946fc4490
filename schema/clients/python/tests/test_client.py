"""The client by itself, against a server that answers what the test wants, and against a running Quarterday."""

import json
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from quarterday_client import ERROR_CODES, Patience, Quarterday, QuarterdayError, fraud_context_snippet

Step = Callable[[BaseHTTPRequestHandler], None]


class Wire:
    """Gives its answers one after the other, and keeps the headers that it was sent."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.seen: list[dict[str, str]] = []


@pytest.fixture
def wire() -> Iterator[tuple[Wire, Quarterday]]:
    kept = Wire()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.do_GET()

        def do_GET(self) -> None:
            kept.seen.append({name.lower(): value for name, value in self.headers.items()})
            kept.steps.pop(0)(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kept, Quarterday(f"http://127.0.0.1:{server.server_port}", bearer="qd_test_x", patience=Patience(wait=0.01))
    server.shutdown()


def says(status: int, body: Any, kind: str = "application/json", **headers: str) -> Step:
    def step(handler: BaseHTTPRequestHandler) -> None:
        sent = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        handler.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(sent)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(sent)

    return step


def refuses(status: int, code: str, *, retryable: bool, **headers: str) -> Step:
    body = {"code": code, "status": status, "retryable": retryable, "detail": code, "errors": []}
    return says(status, body, "application/problem+json", **headers)


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()
    handler.close_connection = True


class TestManners:
    def test_what_may_be_repeated_is_under_the_same_key(self, wire: tuple[Wire, Quarterday]) -> None:
        server, client = wire
        server.steps = [refuses(503, "service.unavailable", retryable=True, Retry_After="0"), hangs_up]
        server.steps.append(says(201, {"full_name": "Lena"}, ETag='"1"'))

        answer = client.landlords_create({"full_name": "Lena"})

        assert answer.data["full_name"] == "Lena"
        assert answer.if_match() == {"If-Match": '"1"'}
        assert len({each["idempotency-key"] for each in server.seen}) == 1 < len(server.seen) == 3

    @pytest.mark.parametrize(("retryable", "after"), [(False, "0"), (True, "3600")])
    def test_what_may_not_or_takes_too_long_is_raised(self, wire: Any, retryable: bool, after: str) -> None:
        server, client = wire
        server.steps = [refuses(429, "request.slow_down", retryable=retryable, Retry_After=after)]

        with pytest.raises(QuarterdayError) as raised:
            client.landlords_list()

        assert (raised.value.code, len(server.seen)) == ("request.slow_down", 1)

    def test_after_the_last_try_the_refusal_is_raised(self, wire: tuple[Wire, Quarterday]) -> None:
        server, client = wire
        server.steps = [refuses(503, "service.unavailable", retryable=True)] * 4

        with pytest.raises(QuarterdayError):
            client.me()

        assert len(server.seen) == 4

    def test_an_operation_is_followed_over_a_broken_stream(self, wire: tuple[Wire, Quarterday]) -> None:
        server, client = wire
        half = ': hi\n\nid: 7\nevent: operation\ndata: {"progress": 0.5,\ndata: "finished_at": null}\n\n'
        whole = 'id: 8\nevent: operation\ndata: {"progress": 1, "finished_at": "2026-11-22T09:00:00Z"}\n\n'
        server.steps = [says(200, each, "text/event-stream") for each in (half, whole)]

        heard = [each["progress"] for each in client.follow(f"{client.base_url}/events", wait=0.01)]

        assert heard == [0.5, 1]
        assert [each.get("last-event-id") for each in server.seen] == [None, "7"]

    def test_the_snippet_comes_along(self) -> None:
        assert "function quarterdayFraudContext" in fraud_context_snippet()


@pytest.fixture
def api() -> Quarterday:
    return Quarterday(os.environ["QUARTERDAY_URL"], bearer=os.environ["QUARTERDAY_KEY"])


class TestServer:
    def test_a_landlord_is_recorded_changed_and_found(self, api: Quarterday) -> None:
        tag = f"py-{uuid.uuid4().hex[:8]}"
        made = [api.landlords_create({"full_name": f"Piet Python {number}", "tags": [tag]}) for number in range(3)]
        first = made[0]

        changed = api.landlords_update(first.data["id"], {"full_name": "Piet"}, headers=first.if_match())
        with pytest.raises(QuarterdayError) as raised:
            api.landlords_update(first.data["id"], {"full_name": "Paul"}, headers=first.if_match())

        assert changed.data["full_name"] == "Piet"
        assert raised.value.code == "request.stale"
        assert len(list(api.every(api.landlords_list, tag=tag, limit=1))) == 3

    def test_a_refusal_names_its_places(self, api: Quarterday) -> None:
        with pytest.raises(QuarterdayError) as raised:
            api.landlords_create({"full_name": ""})

        place = raised.value.at("/full_name")
        assert (raised.value.code, place and place["code"]) == ("request.invalid", "blank")

    def test_a_repeated_request_is_not_done_again(self, api: Quarterday) -> None:
        key = {"Idempotency-Key": str(uuid.uuid4())}

        first, again = (api.landlords_create({"full_name": "Pia"}, headers=key) for _ in range(2))

        assert (again.data, again.response.headers["Idempotent-Replayed"]) == (first.data, "true")

    def test_the_codes_are_the_servers(self, api: Quarterday) -> None:
        assert sorted(each["code"] for each in api.errors_list().data["results"]) == sorted(ERROR_CODES)
