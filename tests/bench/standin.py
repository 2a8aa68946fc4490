"""How much the stand-in bears on one core, so that it is never what another benchmark measures."""

import json
import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from tests.bench.figures import Figure
from tests.sandbox.hmrc.driver import HARRIET
from tests.sandbox.hmrc.served import Served

CONNECTIONS = 8
SECONDS = 5.0


def throughput() -> Iterator[Figure]:
    """Authorised GETs over kept-alive connections: the server on the first core, the client on the others."""
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder)) as served:
        asked = _request(served.address, served.connect()["access_token"])
        _flood(served.address, asked, seconds=1.0)
        busy = _busy(served)
        answered, took = _flood(served.address, asked, seconds=SECONDS)
        busy = _busy(served) - busy
    yield Figure("standin.requests_per_s", answered / took, "1/s", ">= 500")
    # What the core would bear if nothing else ran on it.
    yield Figure("standin.requests_per_busy_s", answered / busy, "1/s")


@contextmanager
def _serving(folder: Path) -> Iterator[Served]:
    """A stand-in on the first core alone, and ourselves on the others."""
    served, cores = Served(folder), sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])  # the child inherits it
    served.start()
    os.sched_setaffinity(0, cores[1:] or cores)
    try:
        yield served
    finally:
        served.kill()
        os.sched_setaffinity(0, cores)


def _busy(served: Served) -> float:
    """Seconds of a core that the server and its worker have had."""
    first = psutil.Process(served.process.pid)
    times = [process.cpu_times() for process in (first, *first.children(recursive=True))]
    return float(sum(one.user + one.system for one in times))


def _request(address: str, token: str) -> bytes:
    lines = (
        f"GET /individuals/business/details/{HARRIET}/list HTTP/1.1",
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
