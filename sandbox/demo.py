"""`demo.json`: what a newcomer, the walk or a front end needs to know of a running world, for its owner's eyes only."""

import json
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from sandbox.home import write_private
from sandbox.supervisor import Supervisor
from sandbox.world import AGENCY_HOST, World


@dataclass
class DemoFile:
    """Kept true while the world runs: when a process was restarted, its new pid is written."""

    world: World
    supervisor: Supervisor
    part: Path
    _pids: dict[str, int] = field(default_factory=dict)

    @cached_property
    def _agency(self) -> dict[str, Any]:
        # Taken in and removed: the key and the NINOs in it stay in one file.
        told: dict[str, Any] = json.loads(self.part.read_text())
        self.part.unlink()
        return told

    @property
    def agency_url(self) -> str:
        """The demo agency by its own host name."""
        return self.world.agency_url

    def refresh(self) -> None:
        """Write the file if a pid in it has changed. Raises OSError if supervisord is gone."""
        pids = {name: seen.pid for name, seen in self.supervisor.look().items() if seen.pid}
        pids |= {"supervisor": os.getpid(), "supervisord": self.supervisor.pid}
        if pids != self._pids:
            self._write(pids)
            self._pids = pids

    def _write(self, pids: dict[str, int]) -> None:
        addresses = {
            "base_url": self.world.base_url,
            "agency_url": self.agency_url,
            "agency_host": AGENCY_HOST,
            "sandbox_url": self.world.sandbox_url,
            "console_url": self.world.console_url,
        }
        told = {**addresses, **self._agency, "pids": pids}
        write_private(self.world.home.path / "demo.json", json.dumps(told, indent=2) + "\n")
