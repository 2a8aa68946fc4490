"""Workers that are killed for real: forked from this process, which has Django loaded and its keys unwrapped."""

import os
import signal
import sys
import traceback
from collections.abc import Callable

from django.db import connections

from hmrc_oauth import failpoints
from tenants.context import tenant
from tenants.models import Agency


def forked(agency: Agency, work: Callable[[], object], *, dies_at: str = "") -> int:
    """The id of a new process that does `work` in the agency, with a database connection of its own."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        if dies_at:
            failpoints.arm(dies_at)
        with tenant(agency):
            work()
        code = 0
    except BaseException:  # noqa: BLE001 - a child must not become a second pytest
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def was_killed(pid: int) -> bool:
    """Whether it was; waits for its end. Any other end but a good one fails."""
    _, status = os.waitpid(pid, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or os.waitstatus_to_exitcode(status) == 0, f"it ended with {os.waitstatus_to_exitcode(status)}"
    return killed


def stopped(pid: int) -> None:
    """Wait until it has been stopped (SIGSTOP)."""
    _, status = os.waitpid(pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
