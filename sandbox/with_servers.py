"""
Run a command with PostgreSQL and Redis at hand.

    python -m sandbox.with_servers [--home FOLDER] -- command …

The command finds them in DATABASE_URL and REDIS_URL; either, if set already, is left as it is. The exit code is the
command's own.
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from sandbox import leash
from sandbox.faults import Broken, Refused
from sandbox.home import default_home
from sandbox.servers import Addresses, embedded


def main(argv: Sequence[str]) -> int:
    """Start, run, stop. Returns the command's exit code, or 2 or 1 with one line if the servers could not be had."""
    parser = argparse.ArgumentParser(prog="sandbox.with_servers")
    scratch = default_home() / "scratch"
    parser.add_argument("--home", type=Path, default=scratch, help="where the servers keep their data")
    parser.add_argument("command", nargs="+")
    given = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, _leave)
    try:
        with embedded(given.home, environ=os.environ) as addresses:
            return _run(given.command, addresses)
    except (Refused, Broken) as fault:
        sys.stderr.write(f"{fault}\n")
        return fault.exit_code


def _run(argv: Sequence[str], addresses: Addresses) -> int:
    environment = {**os.environ, "DATABASE_URL": addresses.database_url, "REDIS_URL": addresses.redis_url}
    with subprocess.Popen(leash.command(argv), env=environment) as process:
        # A terminal sends Ctrl-C to the command as well; it decides how to end, and we end after it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda signum, _frame: process.send_signal(signum))
        code = process.wait()
    return 128 - code if code < 0 else code


def _leave(signum: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signum)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
