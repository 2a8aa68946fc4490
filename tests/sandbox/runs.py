"""A fake `make run` held by the hand: started, waited for, killed, looked at."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox import orphans
from sandbox.home import ROOT, is_free

PATIENCE = 20.0  # seconds
ENDS_WITHIN = 60.0  # who has not heard that it should stop is given 30 of these before it is killed


def wait_until(holds: Callable[[], object], *, within: float = PATIENCE) -> None:
    """Return as soon as it holds; fail if it never does."""
    give_up = time.monotonic() + within
    while not holds():
        assert time.monotonic() < give_up, "it never came to be"
        time.sleep(0.05)


def free_ports() -> tuple[int, int]:
    """Two different ports on which nobody listens."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


class FakeRun:
    """`sandbox.run` with tiny processes, in a home and on ports of its own."""

    def __init__(self, home: Path, ports: tuple[int, int]) -> None:
        self.home = home
        self.ports = ports
        self._process: subprocess.Popen[str] | None = None

    def start(self, *wanted: str, **settings: str) -> None:
        """Start it, with these parts or faults and these settings. An earlier one must have ended, or been killed."""
        self._bury()
        port, sandbox_port = self.ports
        plain = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        given = {"QUARTERDAY_HOME": str(self.home), "PORT": str(port), "SANDBOX_PORT": str(sandbox_port), **settings}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.sandbox.fake_world", *wanted],
            cwd=ROOT,
            env={**plain, **given},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def until_ready(self) -> str:
        """Its first line."""
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def ended(self) -> tuple[int, str]:
        """Its exit code and what it had to complain of, when it has ended."""
        assert self._process is not None
        _, complaint = self._process.communicate(timeout=ENDS_WITHIN)
        return self._process.returncode, complaint.strip()

    def send(self, signum: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(signum)

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    @property
    def demo(self) -> dict[str, Any]:
        """What it tells the world."""
        told: dict[str, Any] = json.loads((self.home / "demo.json").read_text())
        return told

    def has_left_nothing(self) -> bool:
        """Whether none of its processes lives and neither port is held."""
        return not orphans.find(self.home) and all(is_free(port) for port in self.ports)

    def finish(self) -> None:
        """Whatever happened, leave nothing behind."""
        if self._process is not None:
            self._process.kill()
        self._bury()
        orphans.end_all(self.home)

    def _bury(self) -> None:
        if self._process is not None and self._process.stdout is not None and not self._process.stdout.closed:
            self._process.communicate(timeout=PATIENCE)
