"""Fixtures of the sandbox's own tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.runs import FakeRun, free_ports


@pytest.fixture
def fake_run(tmp_path: Path) -> Iterator[FakeRun]:
    """One that a test starts, and ends as it likes."""
    run = FakeRun(tmp_path.resolve() / "home", free_ports())
    yield run
    run.finish()
