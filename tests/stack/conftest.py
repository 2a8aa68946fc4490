"""A world for all of these tests in one process; whatever fails shows its logs; the search for secrets comes last."""

from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.stack.browser import Browser, opened
from tests.stack.cast import Landlord, new_landlord
from tests.stack.world import World

MakeLandlord = Callable[..., Landlord]
_LAST = "test_no_secret_leaves.py"
_running = pytest.StashKey[World]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nothing may happen in the world after the search for secrets."""
    items.sort(key=lambda item: item.path.name == _LAST)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the world's logs to the report of a test that failed."""
    report = yield
    if report.failed and (world := item.config.stash.get(_running, None)):
        report.sections.append(("logs of the world", world.logs()))
    return report


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[World]:
    """A running Quarterday."""
    world = World(tmp_path_factory.mktemp("world").resolve() / "home")
    pytestconfig.stash[_running] = world
    try:
        world.start()
        yield world
    finally:
        world.stop()


@pytest.fixture
def landlord_of(world: World) -> MakeLandlord:
    """Makes a landlord who is not connected yet."""
    return partial(new_landlord, world)


@pytest.fixture
def landlord(landlord_of: MakeLandlord) -> Landlord:
    """A landlord who is not connected yet."""
    return landlord_of()


@pytest.fixture
def connected(landlord: Landlord) -> Landlord:
    """A landlord whose connection is active."""
    landlord.connect()
    return landlord


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Chromium, with a profile of its own."""
    with opened(tmp_path / "profile") as browser:
        yield browser
