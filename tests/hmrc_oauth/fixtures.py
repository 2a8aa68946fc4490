"""What the tests of the heart share: a scripted HMRC, a clock moved by hand, and a landlord."""

from collections.abc import Iterator
from datetime import datetime

import pytest

import hmrc_oauth.exchange
import hmrc_oauth.verify
import mtd.fetching
import mtd.filing
from hmrc_door import config, token_endpoint
from hmrc_oauth.models import Grant
from landlords.models import Landlord
from tenants import clock
from tenants.models import Agency
from tests.hmrc_oauth import scenes
from tests.hmrc_oauth.fake_door import FakeClock, FakeDoor


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDoor]:
    """HMRC, scripted. Whatever was scripted must have been asked for."""
    fake = FakeDoor()
    monkeypatch.setattr(config, "pace", lambda: fake)
    monkeypatch.setattr(token_endpoint, "exchange", fake.exchange)
    monkeypatch.setattr(token_endpoint, "refresh", fake.refresh)
    for room in (hmrc_oauth.verify, mtd.filing, mtd.fetching):
        monkeypatch.setattr(room, "call", fake.call)
    yield fake
    assert fake.is_done, "HMRC was asked less often than the test says"


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch, now: datetime) -> FakeClock:
    """The domain's clock, at noon."""
    fake = FakeClock(now)
    monkeypatch.setattr(clock, "now", lambda: fake.now)
    return fake


@pytest.fixture
def landlord(in_alpha: Agency, time: FakeClock) -> Landlord:
    return scenes.a_landlord()


@pytest.fixture
def grant(landlord: Landlord, time: FakeClock) -> Grant:
    """The landlord's working grant, an hour old: its connection is active."""
    grant = scenes.connect(landlord)
    time.advance(hours=1)
    return grant
