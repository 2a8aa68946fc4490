"""Serves the reference console on an origin of its own, under a policy that lets it talk to the API and nobody else."""

import json
import sys
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

SITE = Path(__file__).parent.parent / "console" / "site"
# The landlord's pages; every other address without a dot is the staff's, which finds its own way.
LANDLORDS = ("/connect", "/return", "/approve", "/opt-out")
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def server(*, port: int, api_url: str) -> ThreadingHTTPServer:
    """A server of the console at a port of loopback, 0 for any. `api_url` is the agency's own address at the API."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, api_url))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "console", ""

    def __init__(self, api_url: str, *given: object) -> None:
        self.api_url = api_url
        super().__init__(*given)  # type: ignore[arg-type]  # what socketserver hands to any handler

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/config.json":
            self._answer(json.dumps({"api_url": self.api_url}).encode(), "application/json")
        elif file := _file(path):
            self._answer(file.read_bytes(), _TYPES[file.suffix])
        else:
            self._answer(b"Not found\n", "text/plain", HTTPStatus.NOT_FOUND)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _answer(self, body: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        api = urlsplit(self.api_url)
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": (
                f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
                f"connect-src 'self' {api.scheme}://{api.hostname}:*; base-uri 'none'; form-action 'none'; "
                f"frame-ancestors 'none'"
            ),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def _file(path: str) -> Path | None:
    if path in LANDLORDS:
        return SITE / "landlord.html"
    if "." not in path:
        return SITE / "index.html"
    found = (SITE / path.lstrip("/")).resolve()
    return found if found.is_relative_to(SITE) and found.suffix in _TYPES and found.is_file() else None


if __name__ == "__main__":
    server(port=int(sys.argv[1]), api_url=sys.argv[2]).serve_forever()
