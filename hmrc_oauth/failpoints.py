"""Named places in a refresh and an exchange. Tests make a process die or pause there; otherwise nothing happens."""

import os
import signal

POINTS = (
    "refresh.begun",
    "refresh.in_abandonment",
    "refresh.after_abandonment",
    "witness.after_answer",
    "witness.in_verdict",
    "refresh.after_slot",
    "refresh.in_claim",
    "refresh.after_claim",
    "refresh.after_answer",
    "refresh.in_commit",
    "refresh.after_commit",
    "refresh.in_burial",
    "refresh.after_burial",
    "refresh.in_release",
    "refresh.after_release",
    "exchange.begun",
    "exchange.after_slot",
    "exchange.in_claim",
    "exchange.after_claim",
    "exchange.after_answer",
    "exchange.in_keep",
    "exchange.after_keep",
    "exchange.in_release",
    "exchange.after_release",
)

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
