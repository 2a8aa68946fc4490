"""Operations told as they change, to five hundred readers of one streaming process."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any
from urllib.request import urlopen
from uuid import UUID

import psutil

from tests.api.streams.reader import free_port
from tests.bench.figures import Figure
from tests.bench.rooms import in_django
from tests.house.source import ROOT

AGENCIES, OPERATIONS, READERS = 5, 50, 2  # of an agency, and of an operation
AT_ONCE = 20  # readers who come in the same moment
STEPS = (0.25, 0.5, 0.75)
QUIET_S = 40.0  # long enough for every credential to be looked at anew


@dataclass
class _Reader:
    """One stream, and when what was seen in it."""

    operation_id: UUID
    asked_at: float = 0.0
    seen: dict[str, float] = field(default_factory=dict)
    end: str = ""
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self, port: int, host: str, key: str, gate: asyncio.Semaphore) -> None:
        async with gate:
            self.asked_at = time.monotonic()
            lines, to = await asyncio.open_connection("127.0.0.1", port)
            path = f"/api/v1/operations/{self.operation_id}/events"
            to.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n\r\n".encode())
            await self._until_event(lines)
        self.opened.set()
        while not self.end:
            await self._until_event(lines)
        to.close()

    async def _until_event(self, lines: asyncio.StreamReader) -> None:
        while not (line := await lines.readline()).startswith(b"data: "):
            if not line:
                raise ConnectionError("cut off")
        said = json.loads(line[6:])
        if "reason" in said:
            self.end = said["reason"]
        else:
            self.seen.setdefault(_word(said["status"], said["progress"]), time.monotonic())


def streams() -> Iterator[Figure]:
    """From the opening of all to the end of all."""
    with in_django():
        from people.models import Operation
        from tenants import clock
        from tenants.context import tenant
        from tenants.ids import new_id
        from tenants.provisioning import create_agency
        from tests.api.callers import key_caller

        books = []
        for number in range(AGENCIES):
            agency = create_agency(name="Bench", host=f"bench{number}.localhost")
            caller = key_caller(agency, host=f"bench{number}.localhost")
            with tenant(agency):
                how: dict[str, Any] = {"kind": "bench", "subject_type": "bench", "now": clock.now()}
                made = [Operation.open(subject_id=new_id(), **how) for _ in range(OPERATIONS)]
            books.append((agency, caller, made))
        with _process() as (port, process):
            yield from asyncio.run(_measure(port, process, books))


async def _measure(port: int, process: psutil.Process, books: list[Any]) -> list[Figure]:
    gate, empty = asyncio.Semaphore(AT_ONCE), _megabytes(process)
    readers, reading = [], []
    for _, caller, made in books:
        key = caller.headers["Authorization"].removeprefix("Bearer ")
        for each in [_Reader(operation.pk) for operation in made for _ in range(READERS)]:
            readers.append(each)
            reading.append(asyncio.create_task(each.read(port, caller.host, key, gate)))
    await asyncio.gather(*(each.opened.wait() for each in readers))
    opened, memory = len(readers), _megabytes(process)
    idle = await asyncio.to_thread(process.cpu_percent, QUIET_S)
    changed = await asyncio.to_thread(_change, books)
    await asyncio.gather(*reading)
    first = [min(each.seen.values()) - each.asked_at for each in readers]
    late = [
        each.seen[word] - at for each in readers for word, at in changed[each.operation_id].items() if word in each.seen
    ]
    last = _word("succeeded", 1.0)
    return [
        Figure("streams.opened", opened, "streams", ">= 500"),
        Figure("streams.first_event_p99_ms", _p99(first), "ms", "<= 1000"),
        Figure("streams.seen_p99_ms", _p99(late), "ms", "<= 1000"),
        Figure("streams.lost_ends", sum(last not in each.seen or each.end != "done" for each in readers), "", "<= 0"),
        Figure("streams.lost_changes", opened * (len(STEPS) + 1) - len(late), "", "<= 0"),
        Figure("streams.memory_mb", memory, "MB", "<= 250", baseline=empty),
        Figure("streams.idle_cpu_share", idle / 100, "of a core", "<= 0.5"),
    ]


def _change(books: list[Any]) -> dict[UUID, dict[str, float]]:
    """Every operation, step by step to its end. When each change was made."""
    from tenants import clock
    from tenants.context import tenant

    made_at: dict[UUID, dict[str, float]] = {each.pk: {} for _, _, made in books for each in made}
    for step in (*STEPS, None):
        for agency, _, made in books:
            with tenant(agency):
                for each in made:
                    word = _word("queued", step) if step else _word("succeeded", 1.0)
                    made_at[each.pk][word] = time.monotonic()
                    if step:
                        each.advance(progress=step)
                    else:
                        each.succeed(now=clock.now())
    return made_at


class _process:  # noqa: N801 - used as a function
    """The streaming process, as it runs in earnest."""

    def __enter__(self) -> tuple[int, psutil.Process]:
        port = free_port()
        environ = {name: value for name, value in os.environ.items() if name != "TOKEN_KEK_FILE"}
        command = [sys.executable, "manage.py", "streams", "--port", str(port)]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
        give_up = time.monotonic() + 30
        while time.monotonic() < give_up:
            try:
                with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                    return port, psutil.Process(self._process.pid)
            except OSError:
                time.sleep(0.1)
        raise AssertionError("it does not answer")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)


def _word(status: str, progress: float) -> str:
    return f"{status} {progress}"


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1e6


def _p99(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[-1] * 1000
