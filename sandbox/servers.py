"""PostgreSQL and Redis for tests and commands: direct children, stopped at the end, gone if we are killed."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sandbox import orphans
from sandbox.faults import Broken
from sandbox.home import TAG, Home
from sandbox.postgres_server import Postgres
from sandbox.redis_server import Redis

STARTS_WITHIN = 60.0  # seconds; recovery after a kill is part of it
STOPS_WITHIN = 30.0
LOOK_EVERY = 0.02


class Server(Protocol):
    """An embedded server: prepared, run by its command line, asked whether it answers."""

    name: str
    stop_signal: str

    @property
    def url(self) -> str:
        """Where it is found, password included."""

    def prepare(self) -> None:
        """Make what it needs on disk, and choose its port."""

    def argv(self) -> list[str]:
        """The leashed command that runs it in the foreground."""

    def answers(self) -> bool:
        """Whether it can be used."""


@dataclass(frozen=True, repr=False)
class Addresses:
    """Where the two servers are. Both hold passwords, so there is no repr."""

    database_url: str
    redis_url: str


@contextmanager
def embedded(home: Path, *, environ: Mapping[str, str] | None = None) -> Iterator[Addresses]:
    """
    Both servers with their data under `home`, for as long as the block lasts.

    A DATABASE_URL or REDIS_URL in `environ` is used as it is, and nothing is started in its place. Enter from a thread
    that outlives the block: the servers die with it.

    Raises Refused if another process is using `home`, Broken if a server does not come up.
    """
    given = environ or {}
    world = Home(home.resolve())
    world.prepare()
    with world.locked(), ExitStack() as stack:
        orphans.end_all(world.path)
        wanted: dict[str, Server] = {"DATABASE_URL": Postgres(world), "REDIS_URL": Redis(world)}
        urls = {name: given.get(name) or "" for name in wanted}
        ours = {name: server for name, server in wanted.items() if not urls[name]}
        running = [stack.enter_context(_running(world, server)) for server in ours.values()]
        _wait_for(world, running)
        urls |= {name: server.url for name, server in ours.items()}
        yield Addresses(database_url=urls["DATABASE_URL"], redis_url=urls["REDIS_URL"])


@dataclass(frozen=True)
class _Child:
    server: Server
    process: "subprocess.Popen[bytes]"


@contextmanager
def _running(world: Home, server: Server) -> Iterator[_Child]:
    server.prepare()
    with (world.logs / f"{server.name}.log").open("ab") as log:
        process = subprocess.Popen(
            server.argv(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, TAG: str(world.path)},
            start_new_session=True,  # or a terminal's Ctrl-C would reach the servers before their users have ended
        )
    try:
        yield _Child(server, process)
    finally:
        _stop(process, signal.Signals[f"SIG{server.stop_signal}"])


def _wait_for(world: Home, children: Sequence[_Child]) -> None:
    give_up = time.monotonic() + STARTS_WITHIN
    for child in children:
        while not child.server.answers():
            if child.process.poll() is not None or time.monotonic() > give_up:
                raise Broken(f"{child.server.name} did not start: {tail(world.logs / f'{child.server.name}.log')}")
            time.sleep(LOOK_EVERY)


def tail(log: Path, *, lines: int = 12) -> str:
    """The last lines of a log, for the person who must find out why."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(no log)"


def _stop(process: "subprocess.Popen[bytes]", signum: int) -> None:
    process.send_signal(signum)
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
