"""The API over HTTP with 100,000 landlords in 50 agencies: eight connections, each with the key of another agency.

Beside it, on the same server, a bare view of DRF's: no credential, no agency, no database.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import cycle
from statistics import median, quantiles
from types import SimpleNamespace
from typing import Any

from sandbox.product import BEAR, SERVE
from tests.bench.figures import Figure
from tests.bench.landlords import fill
from tests.bench.rooms import in_django
from tests.house.source import ROOT

AGENCIES, LANDLORDS = 50, 2_000  # of each
CONNECTIONS, SECONDS = 8, 8.0
WARM_UP_S = 3.0  # in which each of the server's connections meets most agencies
TRIES = 200
Ask = tuple[str, dict[str, str]]


def api() -> Iterator[Figure]:
    """Lists, details and the bare view in turn; then what it costs to know who asks."""
    with in_django():
        os.environ["DATABASE_POOL"] = "true"
        books = [_agency(number) for number in range(AGENCIES)]
        _settle()
        with _serving("tests.bench.bare:application") as port:
            bare = _measure(port, [cycle([("/bare", {"Host": "localhost"})])] * CONNECTIONS)
        with _serving("api.wsgi:application") as port:
            found = {name: _measure(port, _asks(books, path)) for name, path in _PATHS.items()}
            for name, (rate, times) in found.items():
                yield Figure(f"api.{name}_rps", rate, "1/s", ">= 400", bare[0])
                yield Figure(f"api.{name}_p95_ms", quantiles(times, n=20)[-1] * 1000, "ms", "<= 40", _p95(bare[1]))
        yield Figure("api.bare_rps", bare[0], "1/s")
        yield from _credential(books[0])


_PATHS: dict[str, Callable[[list[str]], str]] = {
    "list": lambda _: "/api/v1/landlords",
    "detail": lambda ids: f"/api/v1/landlords/{random.choice(ids)}",
}


def _agency(number: int) -> tuple[str, str, list[str]]:
    """Its host, a key of it, and its landlords."""
    from landlords.models import Landlord
    from tenants.context import tenant
    from tenants.provisioning import create_agency
    from tests.api.callers import key_caller

    host = f"bench{number}.localhost"
    agency = create_agency(name=f"Bench {number}", host=host)
    with tenant(agency):
        fill(LANDLORDS)
        ids = [str(each) for each in Landlord.objects.values_list("pk", flat=True)[:500]]
    return host, key_caller(agency, host=host).headers["Authorization"], ids


def _settle() -> None:
    """What PostgreSQL would do by itself soon after so much was written, and in the midst of measuring."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _asks(books: list[tuple[str, str, list[str]]], path: Callable[[list[str]], str]) -> list[Iterator[Ask]]:
    """For each connection its requests, going round all agencies."""

    def asks(first: int) -> Iterator[Ask]:
        for host, key, ids in cycle(books[first:] + books[:first]):
            yield path(ids), {"Host": host, "Authorization": key}

    return [asks(number * AGENCIES // CONNECTIONS) for number in range(CONNECTIONS)]


def _measure(port: int, asks: list[Iterator[Ask]]) -> tuple[float, list[float]]:
    """Answers a second over all connections, and how long each took, in seconds."""
    begun = time.perf_counter() + WARM_UP_S
    with ThreadPoolExecutor(len(asks)) as readers:
        every = list(readers.map(lambda each: _read(port, each, begun), asks))
    times = [took for times in every for took in times]
    return len(times) / SECONDS, times


def _read(port: int, asks: Iterator[Ask], begun: float) -> list[float]:
    connection, times = HTTPConnection("127.0.0.1", port, timeout=30), []
    while (began := time.perf_counter()) < begun + SECONDS:
        path, headers = next(asks)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (answer.status, body[:500])
        if began >= begun:
            times.append(time.perf_counter() - began)
    connection.close()
    return times


def _p95(times: list[float]) -> float:
    return round(quantiles(times, n=20)[-1] * 1000, 3)


def _credential(book: tuple[str, str, list[str]]) -> Iterator[Figure]:
    """From a request's host and key to the agency and the principal, warm: milliseconds and queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from api.auth import SUBJECTS, CredentialAuthentication
    from tenants import clock
    from tenants.context import tenant
    from tenants.resolve import resolve

    host, key, _ = book

    def know() -> None:
        asking = resolve(host=host, bearer=key.removeprefix("Bearer "), now=clock.now(), subjects=SUBJECTS)
        assert asking.agency is not None
        with tenant(asking.agency):
            request: Any = SimpleNamespace(_request=SimpleNamespace(asking=asking))
            assert CredentialAuthentication().authenticate(request)

    know()
    with CaptureQueriesContext(connection) as queries:
        know()
    times = []
    for _ in range(TRIES):
        began = time.perf_counter()
        know()
        times.append((time.perf_counter() - began) * 1000)
    yield Figure("api.credential_ms", median(times), "ms", "<= 1")
    yield Figure("api.credential_queries", len(queries), "queries", "<= 1")


@contextmanager
def _serving(application: str) -> Iterator[int]:
    """As `make run` serves it, its log in a file. Should a request fail, what the server says of it is told."""
    from tests.api.streams.reader import free_port

    port = free_port()
    words = f"{SERVE} {BEAR} --port {port} --workers 2 --blocking-threads 4 {application}"
    given = {name: value for name, value in os.environ.items() if name != "TOKEN_KEK_FILE"}
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen([sys.executable, *words.split()], env=given, cwd=ROOT, stdout=log, stderr=log)
        try:
            _until_up(port)
            yield port
        except BaseException:
            log.seek(0)
            sys.stderr.writelines(line for line in log if '"http.answered"' not in line)
            raise
        finally:
            process.terminate()
            process.wait(30)


def _until_up(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with_it = HTTPConnection("127.0.0.1", port, timeout=1)
            with_it.request("GET", "/healthz")
            with_it.getresponse().read()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(json.dumps({"port": port, "says": "nothing"}))
