"""Serves the front-end fixture on an origin of its own, under a policy that lets it talk to the API and nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

_SITE = Path(__file__).parent / "site"
_PAGES = {"/connect": "connect.html", "/return": "return.html"}
_TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript; charset=utf-8"}


@contextmanager
def served(*, api: str) -> Iterator[str]:
    """Serve the pages for as long as the block lasts. Yields their origin. `api` is the agency's own URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, api)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, api: str, *given: object) -> None:
        self.api = api
        super().__init__(*given)  # type: ignore[arg-type]  # what socketserver hands to any handler

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        file = _SITE / _PAGES.get(path, path.lstrip("/"))
        if file.parent != _SITE or not file.is_file():
            self.send_error(404)
            return
        body = file.read_text().replace("{{ api }}", self.api).encode()
        self.send_response(200)
        self.send_header("Content-Type", _TYPES[file.suffix])
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Security-Policy", f"default-src 'self'; connect-src {self.api}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""
