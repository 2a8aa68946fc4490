"""
`make manage ARGS="hmrc_doctor --json"`: manage.py in the environment of a running `make run`.

The command gets what workers get: client secrets and the key of the tokens.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

from sandbox import running
from sandbox.faults import Refused
from sandbox.home import ROOT, Home, default_home
from sandbox.world import World


def main(argv: Sequence[str]) -> int:
    """Run one command. Returns its exit code, or 2 with one line if nothing runs."""
    try:
        world = _running()
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return refused.exit_code
    environment = {**world.environ(), **world.client_secrets(), **world.token_key()}
    return subprocess.run([sys.executable, "manage.py", *argv], cwd=ROOT, env=environment, check=False).returncode


def _running() -> World:
    told = running.demo()
    port, sandbox_port = (urlsplit(told[name]).port or 0 for name in ("base_url", "sandbox_url"))
    return World(home=Home(default_home()), caller=os.environ, port=port, sandbox_port=sandbox_port)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
