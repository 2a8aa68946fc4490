"""Processes of ours, started as they are in earnest, against the test database."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
API = ("-c", "import api.wsgi")
WORKER = ("-c", "import workers.main")
SETTINGS = ("-c", "import api.settings")
SCHEDULER = ("manage.py", "scheduler")
PREPARE = ("manage.py", "prepare")


def start(program: tuple[str, ...], changes: Mapping[str, str | None]) -> subprocess.CompletedProcess[str]:
    """Run it with these changes to the environment (None: not set) until it ends by itself."""
    command = [sys.executable, *program]
    return subprocess.run(
        command, cwd=ROOT, env=environ(changes), capture_output=True, text=True, timeout=60, check=False
    )


def environ(changes: Mapping[str, str | None]) -> dict[str, str]:
    """What a process gets: ours, on the test database, with these changes."""
    given = {**os.environ, "DATABASE_URL": _test_database(), **changes}
    return {name: value for name, value in given.items() if value is not None}


def refused(ended: subprocess.CompletedProcess[str]) -> str:
    """The one line with which a process that may not start ends: exit 2, and nothing else said."""
    assert ended.returncode == 2, ended.stderr[-2000:]
    lines = ended.stderr.splitlines()
    assert len(lines) == 1, ended.stderr[-2000:]
    assert lines[0].startswith("quarterday: ")
    return lines[0].removeprefix("quarterday: ")


def _test_database() -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
