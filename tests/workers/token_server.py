"""HMRC's token endpoint on loopback: every refresh token works once, and an answer may be kept back."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from typing import Any, Self
from urllib.parse import parse_qs


class TokenServer:
    """`live` maps each landlord's name to the number of the pair that works: `refresh-ann-1` is Ann's first."""

    def __init__(self) -> None:
        self.live: dict[str, int] = {}
        self.hung: set[str] = set()
        self.go_on = Event()
        self._asked = Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.arrived = 0
        self.order: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/oauth/token"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()

    def until_asked(self, times: int = 1) -> None:
        """Wait until so many requests have arrived since the beginning."""
        assert self.is_asked(times, within_s=30), f"{self.arrived} arrived"

    def is_asked(self, times: int, *, within_s: float) -> bool:
        """Whether so many have by then."""
        with self._asked:
            return self._asked.wait_for(lambda: self.arrived >= times, timeout=within_s)

    def spend(self, token: str) -> tuple[int, dict[str, Any]]:
        _, name, number = token.split("-")
        with self._asked:
            spent = self.live[name] == int(number)
            self.live[name] += spent
            self.arrived += 1
            self.order.append(name)
            self._asked.notify_all()
        if name in self.hung:
            self.go_on.wait(30)
        if not spent:
            return 400, {"error": "invalid_grant"}
        pair = {kind: f"{kind.removesuffix('_token')}-{name}-{int(number) + 1}" for kind in KINDS}
        return 200, {**pair, "expires_in": 14400, "token_type": "bearer"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                status, said = server.spend(form["refresh_token"][0])
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


KINDS = ("access_token", "refresh_token")
