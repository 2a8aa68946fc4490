"""Fixtures of the sandbox's own tests."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.runs import FakeRun


@pytest.fixture
def two_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@pytest.fixture
def fake_run(tmp_path: Path, two_ports: tuple[int, int]) -> Iterator[FakeRun]:
    run = FakeRun(tmp_path.resolve() / "home", two_ports)
    yield run
    run.finish()
