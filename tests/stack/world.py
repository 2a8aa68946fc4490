"""The whole product as `make run` starts it, in a home and on ports of its own: started once for all of them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psutil

from sandbox import orphans
from sandbox.home import ROOT
from tests.stack.api import Api
from tests.stack.seen import Seen
from tests.stack.stand_in import StandIn
from tests.stack.witness import Witness

READY_WITHIN = 120.0  # seconds, as promised
STOPS_WITHIN = 120.0
PATIENCE = 20.0
Found = TypeVar("Found")
# Nothing else of the tests' environment goes in: they have servers, keys and a clock of their own.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")


def until(look: Callable[[], Found], holds: Callable[[Found], object] = bool, *, within: float = PATIENCE) -> Found:
    """Look again and again until what is found holds; return it. Fails with the last thing seen."""
    give_up = time.monotonic() + within
    while not holds(found := look()):
        assert time.monotonic() < give_up, f"it never came to be; last seen: {found}"
        time.sleep(0.05)
    return found


def free_ports() -> tuple[int, int]:
    """Two different ports on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


@dataclass
class World:
    """A running Quarterday. `home` is its folder; `demo` what it tells the world."""

    home: Path
    ports: tuple[int, int] = field(default_factory=free_ports)
    console_port: int = field(default_factory=lambda: free_ports()[0])
    seen: Seen = field(default_factory=Seen)
    _process: subprocess.Popen[bytes] | None = None

    # Life

    def start(self) -> None:
        """Start it and wait for READY. Raises AssertionError with what it had to say."""
        port, sandbox_port = self.ports
        own = {"QUARTERDAY_HOME": str(self.home), "PORT": str(port), "SANDBOX_PORT": str(sandbox_port)}
        own["CONSOLE_PORT"] = str(self.console_port)
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        with self._said.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sandbox.leash", "--", sys.executable, "-m", "sandbox.run"],
                cwd=ROOT,
                env={**kept, **own},
                stdout=out,
                stderr=out,
            )
        until(self._is_ready, within=READY_WITHIN)
        self.visit()
        self.witness = Witness(self.home / "sandbox" / "state.sqlite3")
        self.hmrc.leave_spring()
        self.owner = self.sign_in()  # now, before a test gives the owner a second factor

    def stop(self) -> None:
        """Stop it; whatever happens, leave nothing behind."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOPS_WITHIN)
            finally:
                self._process.kill()
                orphans.end_all(self.home)

    def visit(self) -> None:
        """Learn what a running world tells. One that was started by somebody else is only visited."""
        self.demo: dict[str, Any] = json.loads((self.home / "demo.json").read_text())
        self.seen.add("API key", self.demo["api_key"])
        self.seen.add("password of staff", self.demo["staff_password"])
        self.seen.add("client secret", *(self.home / "sandbox" / "client_secret").read_text().split())
        self.hmrc = StandIn(self.demo["sandbox_url"], self.seen)
        for user in self.hmrc.users():
            self.seen.add("NINO", user.nino)

    def _is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._said.read_text()
        return "READY " in self._said.read_text()

    @property
    def _said(self) -> Path:
        return self.home.with_suffix(".said")

    # Who calls

    def api(self, token: str = "", **headers: str) -> Api:
        """The API with this bearer token and these headers; without either, as anybody."""
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        return Api(self.demo["base_url"], {**bearer, **headers}, self.seen)

    @property
    def agency(self) -> Api:
        """The API with the demo agency's key."""
        return self.api(self.demo["api_key"])

    def sign_in(self) -> Api:
        """The API as the agency's owner sees it, by a session of the app client."""
        entered = {"email": self.demo["staff_email"], "password": self.demo["staff_password"]}
        key = self.api().post("/_allauth/app/v1/auth/login", entered, expect=200)["meta"]["session_token"]
        self.seen.add("session key", key)
        return self.api(**{"X-Session-Token": key})

    def until_idle(self) -> None:
        """Wait until nothing waits for HMRC."""
        until(lambda: self.agency.get("queue")["lanes"], lambda lanes: not any(lanes.values()), within=60)

    def until_finished(self, operation: Mapping[str, Any]) -> Any:
        """The operation, once it is over."""
        return until(lambda: self.agency.get(f"operations/{operation['id']}"), lambda seen: seen["finished_at"])

    # What runs

    def kill(self, name: str) -> None:
        """Kill -9 a program with all its processes, and wait until it has been replaced."""
        old = self._pid(name)
        program = psutil.Process(old)
        for process in [program, *program.children(recursive=True)]:
            process.kill()
        until(lambda: self._pid(name), lambda pid: pid != old and psutil.pid_exists(pid))

    def logs(self) -> str:
        """The ends of all logs, for whoever must find out what went wrong."""
        tails = ((file.name, file.read_text(errors="replace")[-3000:]) for file in self._log_files())
        return "\n".join(f"--- {name}\n{tail}" for name, tail in tails if tail)

    def _pid(self, name: str) -> int:
        return int(json.loads((self.home / "demo.json").read_text())["pids"].get(name, 0))

    def _log_files(self) -> list[Path]:
        return sorted((self.home / "logs").glob("*.log"))
