"""The folder in which one world lives, `.local` unless QUARTERDAY_HOME says otherwise: its secrets, ports and lock."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.faults import Refused

ROOT = Path(__file__).resolve().parent.parent
TAG = "QUARTERDAY_RUN"  # set for every process of a world, so that what a killed run left behind can be found


def default_home() -> Path:
    """QUARTERDAY_HOME, or `.local` beside the project's own folders."""
    return Path(os.environ.get("QUARTERDAY_HOME") or ROOT / ".local").resolve()


@dataclass(frozen=True)
class Home:
    """Where things lie. All of it is private to the user who runs it; under root, PostgreSQL owns its own data."""

    path: Path

    @property
    def keys(self) -> Path:
        """Secrets of this world."""
        return self.path / "keys"

    @property
    def logs(self) -> Path:
        """One file for each process."""
        return self.path / "logs"

    @property
    def run(self) -> Path:
        """What matters only while it runs: lock, supervisor's configuration."""
        return self.path / "run"

    @property
    def sandbox(self) -> Path:
        """The stand-in's own folder."""
        return self.path / "sandbox"

    def prepare(self) -> None:
        """Make the folders that are not there."""
        for folder in (self.path, self.keys, self.logs, self.run, self.sandbox):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def secret(self, name: str, make: Callable[[], str] = lambda: secrets.token_hex(24)) -> str:
        """The secret kept under `keys/name`, made on first use."""
        return remembered(self.keys / name, make)

    def port(self, name: str, preferred: int = 0) -> int:
        """The port that `name` had last time, or a new one (remembered) if another program has taken it meanwhile:
        the preferred one, if it is free.
        """
        file = self.path / "ports.json"
        known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        if not is_free(known.get(name, 0)):
            known[name] = preferred if is_free(preferred) else _any_free_port(besides=set(known.values()))
            write_private(file, json.dumps(known))
        return known[name]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """
        Hold this world for one run.

        Raises Refused if another live process holds it. The kernel lets go when the holder dies, however it dies.
        """
        with (self.run / "lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                raise Refused(f"already running (pid {file.read().strip() or 'unknown'})") from None
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            yield


def remembered(file: Path, make: Callable[[], str]) -> str:
    """The one line in `file`, which is made if it is not there yet."""
    if not file.exists():
        write_private(file, make() + "\n")
    return file.read_text().strip()


def write_private(file: Path, text: str) -> None:
    """Write `file` whole or not at all, readable by its owner only."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now. No port is numbered 0."""
    if not port:
        return False
    with socket.socket() as probe:
        # A server's own connections of a moment ago linger in TIME_WAIT; they don't keep the next one out.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return _binds(probe, port)


def _any_free_port(*, besides: set[int]) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in besides:
            return port


def _binds(probe: socket.socket, port: int) -> bool:
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True
