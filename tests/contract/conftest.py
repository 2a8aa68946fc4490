"""A stand-in in each mode for all that does not change it, and another pair, begun anew each time, for what does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.hmrc.app import create_app
from sandbox.hmrc.config import Config
from sandbox.hmrc.modes import MODES
from sandbox.hmrc.throttle import Rate
from tests.contract.standin import Standin
from tests.sandbox.hmrc.driver import CLIENT_ID, REDIRECT_URI, SECRETS, Hmrc


def build(home: Path, mode: str) -> Standin:
    config = Config(
        home=home,
        client_id=CLIENT_ID,
        client_secrets=SECRETS,
        redirect_uris=(REDIRECT_URI,),
        rate=Rate(per_second=0),
        mode=mode,
    )
    return Standin(Hmrc(create_app(config)), mode)


@pytest.fixture(scope="session")
def standins(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Standin]:
    """A stand-in in each mode."""
    return {mode: build(tmp_path_factory.mktemp(mode), mode) for mode in MODES}


@pytest.fixture(scope="session")
def others(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Standin]:
    return {mode: build(tmp_path_factory.mktemp(mode), mode) for mode in MODES}


@pytest.fixture
def fresh(others: dict[str, Standin]) -> Callable[[str], Standin]:
    """Give a stand-in to which nothing has happened yet."""
    return lambda mode: others[mode].begin()
