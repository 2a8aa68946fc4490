"""The parts that tiny processes play in a fake world: `python -m tests.sandbox.fake_program PART [ARGUMENT]`."""

import os
import sys
import time
from pathlib import Path

from sandbox import leash


def serve(port: str) -> None:
    """Answer 200 on a loopback port."""
    import http.server  # the other parts are to be quick

    http.server.HTTPServer(("127.0.0.1", int(port)), http.server.SimpleHTTPRequestHandler).serve_forever()


def seed(file: str) -> None:
    """Leave what the demo command leaves."""
    Path(file).write_text('{"api_key": "qd_test_key"}')


def work(_unused: str) -> None:
    """Be two processes, one of which the supervisor has never heard of, but which knows how to follow its parent."""
    if os.fork() == 0:
        leash.die_with_parent()
    time.sleep(600)


def stray(_unused: str) -> None:
    """Be two processes, one of which nothing ends but its own age."""
    os.fork()
    time.sleep(600)


def refuse(_unused: str) -> None:
    """Say that a setting is wrong."""
    sys.stdout.write("noise\nKEK_FILE is missing\n")
    sys.exit(2)


if __name__ == "__main__":
    parts = {"serve": serve, "seed": seed, "work": work, "stray": stray, "refuse": refuse}
    parts[sys.argv[1]](sys.argv[2] if len(sys.argv) > 2 else "")
