"""The clients that we hand out: made anew they are as committed, they build, and they work against a running server."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.house.source import ROOT
from tests.stack.world import World

pytestmark = pytest.mark.stack

_CLIENTS = Path("schema/clients")
_NEEDED = ("schema/openapi.json", "api/browser/snippet.js")
_MADE = {
    "typescript": ("src/schema.ts", "src/codes.ts", "src/snippet.js"),
    "python": ("quarterday_client/types.py", "quarterday_client/operations.py", "quarterday_client/snippet.js"),
}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clients and what they are made from, at a place of their own."""
    place = tmp_path_factory.mktemp("clients")
    shutil.copytree(
        ROOT / _CLIENTS, place / _CLIENTS, ignore=shutil.ignore_patterns("node_modules", "dist*", "__pycache__")
    )
    for name in _NEEDED:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place / name)
    return place / _CLIENTS


@pytest.fixture(scope="module")
def typescript(copied: Path) -> Path:
    """With what it needs."""
    _run(copied / "typescript", "npm", "ci", "--no-audit", "--no-fund")
    return copied / "typescript"


def test_typescript_made_anew_is_as_committed(typescript: Path) -> None:
    _run(typescript, "npm", "run", "generate")

    assert _changed(typescript) == []


def test_typescript_is_strict_and_works(typescript: Path, world: World) -> None:
    said = _run(typescript, "npm", "test", **_caller(world))

    for what in ("fail", "skipped"):
        assert re.search(rf"^\S+ {what} 0$", said, re.MULTILINE), said[-2000:]


def test_python_made_anew_is_as_committed(copied: Path) -> None:
    _run(copied / "python", sys.executable, "generate.py")

    assert _changed(copied / "python") == []


def test_python_is_strict_and_works(copied: Path, world: World) -> None:
    plain = ["-c", os.devnull, "--rootdir=.", "-p", "no:cacheprovider", "-p", "no:django", "-q", "tests"]
    _run(
        copied / "python",
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--explicit-package-bases",
        "-p",
        "quarterday_client",
    )

    said = _run(copied / "python", sys.executable, "-m", "pytest", *plain, PYTHONPATH=".", **_caller(world))

    assert "passed" in said
    assert "skipped" not in said


def _caller(world: World) -> Mapping[str, str]:
    return {"QUARTERDAY_URL": world.demo["base_url"], "QUARTERDAY_KEY": world.demo["api_key"]}


def _changed(client: Path) -> list[str]:
    return [
        name
        for name in _MADE[client.name]
        if (client / name).read_text() != (ROOT / _CLIENTS / client.name / name).read_text()
    ]


def _run(folder: Path, *command: str, **environ: str) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout
