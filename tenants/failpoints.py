"""Named places at which tests make a process die or pause; otherwise nothing happens there."""

import os
import signal

_armed = {os.environ.get("QUARTERDAY_DIE_AT", ""): signal.SIGKILL}


def arm(name: str, *, by: signal.Signals = signal.SIGKILL) -> None:
    """Let this process die at `name` with nothing put in order; or, by SIGSTOP, stand still there the first time it
    comes by. Only tests do that.
    """
    _armed[name] = by


def failpoint(name: str) -> None:
    """Where tests let a process die."""
    if name in _armed:
        os.kill(os.getpid(), _armed.pop(name))
