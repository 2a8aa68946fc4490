"""How much the stand-in bears on one core, so that it is never what another benchmark measures."""

import json
import os
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from sandbox.product import stand_in_argv
from tests.bench.figures import Figure

CONNECTIONS = 8
SECONDS = 5.0
CLIENT_ID, SECRET, BACK = "bench", "bench-secret", "http://localhost:8000/back"


def throughput() -> Iterator[Figure]:
    """Authorised GETs over kept-alive connections: the server on the first core, the client on the others."""
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder)) as address:
        token, nino = _connect(address)
        asked = _request(address, token, nino)
        _flood(address, asked, seconds=1.0)
        answered, took = _flood(address, asked, seconds=SECONDS)
    yield Figure("standin.requests_per_s", answered / took, "1/s", ">= 500")


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    (folder / "secret").write_text(SECRET)
    port = _free_port()
    settings = {
        "SANDBOX_HOME": str(folder / "home"),
        "SANDBOX_CLIENT_ID": CLIENT_ID,
        "SANDBOX_CLIENT_SECRETS_FILE": str(folder / "secret"),
        "SANDBOX_REDIRECT_URIS": BACK,
        "SANDBOX_RATE": "0",
    }
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])  # the child inherits it
    server = subprocess.Popen(stand_in_argv(port), env=os.environ | settings, stdout=subprocess.DEVNULL)
    os.sched_setaffinity(0, cores[1:] or cores)
    try:
        yield _ready(f"http://127.0.0.1:{port}", server)
    finally:
        server.terminate()
        server.wait()
        os.sched_setaffinity(0, cores)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _ready(address: str, server: subprocess.Popen[bytes]) -> str:
    while server.poll() is None:
        with suppress(requests.ConnectionError):
            requests.get(f"{address}/control/health", timeout=5).raise_for_status()
            return address
        time.sleep(0.05)
    raise RuntimeError("the stand-in did not start")


def _connect(address: str) -> tuple[str, str]:
    """A user's way through the pages. Returns an access token and the NINO it is good for."""
    user = requests.get(f"{address}/control/users", timeout=5).json()["users"][0]
    wish = {"response_type": "code", "client_id": CLIENT_ID, "scope": "read:self-assessment", "redirect_uri": BACK}
    page = requests.get(f"{address}/oauth/authorize?{urlencode(wish)}", timeout=5)
    form = {name: user[name] for name in ("user_id", "password", "access_code")}
    form |= {"decision": "grant", "journey": _query(page.url)["journey"]}
    for path in ("/sign-in", "/sign-in/code", "/oauth/consent"):
        answer = requests.post(address + path, data=form, allow_redirects=False, timeout=5)
    fields = {"grant_type": "authorization_code", "client_id": CLIENT_ID, "client_secret": SECRET}
    fields |= {"redirect_uri": BACK, "code": _query(answer.headers["Location"])["code"]}
    tokens = requests.post(f"{address}/oauth/token", data=fields, timeout=5).json()
    return tokens["access_token"], user["nino"]


def _query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def _request(address: str, token: str, nino: str) -> bytes:
    lines = (
        f"GET /individuals/business/details/{nino}/list HTTP/1.1",
        f"Host: {urlsplit(address).netloc}",
        f"Authorization: Bearer {token}",
        "Accept: application/vnd.hmrc.2.0+json",
        "Gov-Client-Connection-Method: WEB_APP_VIA_SERVER",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _flood(address: str, asked: bytes, *, seconds: float) -> tuple[int, float]:
    """Ask without a pause over each connection. Returns how many good answers came, and the seconds it took."""
    began = time.perf_counter()
    counts: list[int] = []
    until = began + seconds
    threads = [threading.Thread(target=lambda: counts.append(_ask(address, asked, until))) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts), time.perf_counter() - began


def _ask(address: str, asked: bytes, until: float) -> int:
    parts, count = urlsplit(address), 0
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as wire:
        while time.perf_counter() < until:
            wire.sendall(asked)
            count += _is_good(wire)
    return count


def _is_good(wire: socket.socket) -> bool:
    """Read one answer whole; a list of businesses is a good one."""
    text = b""
    while b"\r\n\r\n" not in text:
        text += wire.recv(65_536)
    head, _, body = text.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
    )
    while len(body) < length:
        body += wire.recv(65_536)
    return head.startswith(b"HTTP/1.1 200") and "listOfBusinesses" in json.loads(body)
