"""A stand-in of its own for each test, without the rate limit unless a test asks for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.hmrc.app import create_app
from sandbox.hmrc.config import Config
from sandbox.hmrc.throttle import Rate
from tests.sandbox.hmrc.asking import Client
from tests.sandbox.hmrc.driver import CLIENT_ID, REDIRECT_URI, SECRETS, Hmrc

Start = Callable[..., Hmrc]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start a stand-in over the test's folder; called again, it is a restart."""

    def start(
        *, rate: int = 0, model: str = "sliding_second", redirect_uris: tuple[str, ...] = (REDIRECT_URI,)
    ) -> Hmrc:
        config = Config(
            home=tmp_path,
            client_id=CLIENT_ID,
            client_secrets=SECRETS,
            redirect_uris=redirect_uris,
            rate=Rate(per_second=rate, model=model),
        )
        hmrc = Hmrc(create_app(config))
        hmrc.is_today("2026-11-22")
        return hmrc

    return start


@pytest.fixture
def hmrc(start: Start) -> Hmrc:
    return start()


@pytest.fixture(scope="module")
def shared_hmrc(tmp_path_factory: pytest.TempPathFactory) -> Hmrc:
    """One stand-in for a module whose tests leave no trace in it, or only in taxpayers of their own."""
    config = Config(
        home=tmp_path_factory.mktemp("hmrc"),
        client_id=CLIENT_ID,
        client_secrets=SECRETS,
        redirect_uris=(REDIRECT_URI,),
        rate=Rate(per_second=0),
    )
    hmrc = Hmrc(create_app(config))
    hmrc.is_today("2026-11-22")
    return hmrc


@pytest.fixture
def client(hmrc: Hmrc) -> Client:
    return Client(hmrc, hmrc.connect()["access_token"])
