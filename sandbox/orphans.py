"""Find and end what an earlier run of the same home left behind."""

import os
import time
from pathlib import Path

import psutil

from sandbox.home import TAG

# These write their title over their environment, where the tag was. Their working folder gives them away.
SERVERS = {"postgres": "pg", "redis-server": "redis", "valkey-server": "redis"}


def find(home: Path) -> list[psutil.Process]:
    """Every process of the world at `home`, except this one and those it was started by. Call with the lock held."""
    me = psutil.Process()
    spared = {me.pid, *(parent.pid for parent in me.parents())}
    return [process for process in psutil.process_iter() if process.pid not in spared and _belongs(process, home)]


def end_all(home: Path, *, patience: float = 5.0) -> list[int]:
    """Kill every such process and wait until it holds nothing more, `patience` seconds at most. Returns their pids."""
    ended: list[int] = []
    give_up = time.monotonic() + patience
    while (found := find(home)) and time.monotonic() < give_up:  # again, since one may have had a child meanwhile
        for process in found:
            _kill(process)
        while any(_holds(process) for process in found) and time.monotonic() < give_up:
            time.sleep(0.02)
        ended += [process.pid for process in found]
    return ended


def _belongs(process: psutil.Process, home: Path) -> bool:
    try:
        if process.environ().get(TAG) == str(home):
            return True
        folder = SERVERS.get(process.name())
        return folder is not None and os.path.realpath(process.cwd()) == os.path.realpath(home / folder)
    except (psutil.Error, OSError):
        return False


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def _holds(process: psutil.Process) -> bool:
    """
    Whether it may still hold a port or a file.

    A zombie holds nothing once its last thread has ended, and in some containers nobody ever buries it.
    """
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE or process.num_threads() > 1)
    except psutil.NoSuchProcess:
        return False
