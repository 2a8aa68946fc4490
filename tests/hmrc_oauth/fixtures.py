"""What the tests of the heart share: a scripted HMRC, a clock moved by hand, and a landlord."""

from collections.abc import Iterator
from datetime import datetime

import pytest

import hmrc_oauth.exchange
import hmrc_oauth.verify
import hmrc_oauth.witness
import mtd.calling
import mtd.filing
from hmrc_door import config, health, token_endpoint
from hmrc_oauth import backoff, verify
from hmrc_oauth.models import ConnectSession, Grant
from landlords.models import Landlord
from tenants import clock, due
from tenants.models import Agency
from tests.hmrc_oauth import scenes
from tests.hmrc_oauth.fake_door import NOT_AUTHORISED, FakeClock, FakeDoor


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDoor]:
    """HMRC, scripted. Whatever was scripted must have been asked for."""
    fake = FakeDoor()
    monkeypatch.setattr(config, "pace", lambda: fake)
    monkeypatch.setattr(backoff, "chance", lambda: 0.5)  # every wait is its mean
    monkeypatch.setattr(health, "has_answered_since", lambda began: True)  # if not this one, then others
    monkeypatch.setattr(token_endpoint, "exchange", fake.exchange)
    monkeypatch.setattr(token_endpoint, "refresh", fake.refresh)
    for room in (hmrc_oauth.verify, hmrc_oauth.witness, mtd.filing, mtd.calling):
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


@pytest.fixture
def stale(grant: Grant, time: FakeClock) -> Grant:
    """The same when its access token is over, with a refresh on the list."""
    time.advance(hours=4)
    due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN)
    return grant


@pytest.fixture
def first(landlord: Landlord) -> tuple[ConnectSession, Grant]:
    """A grant that was just exchanged; its first read is due."""
    return scenes.exchanged(landlord)


@pytest.fixture
def turned_away(first: tuple[ConnectSession, Grant], door: FakeDoor, time: FakeClock) -> Grant:
    """A grant that HMRC does not let act for its landlord, an hour later."""
    door.will(NOT_AUTHORISED)
    verify.run(grant_id=first[1].pk)
    time.advance(hours=1)
    return scenes.again(first[1])
