"""What the tests of invitations and mails share: a clock moved by hand, and landlords with addresses."""

from collections.abc import Callable
from datetime import datetime

import pytest

from landlords import records
from landlords.models import Landlord
from people.principal import SYSTEM
from tenants import clock
from tenants.models import Agency
from tests.hmrc_oauth.fake_door import FakeClock

MakeLandlord = Callable[..., Landlord]


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch, now: datetime) -> FakeClock:
    """The domain's clock, at noon."""
    fake = FakeClock(now)
    monkeypatch.setattr(clock, "now", lambda: fake.now)
    return fake


@pytest.fixture
def landlord_of(in_alpha: Agency, time: FakeClock) -> MakeLandlord:
    """Makes a landlord; with an address of their own, if none is said."""

    def make(name: str = "Lena", **given: str) -> Landlord:
        said = {"full_name": name, "email": f"{name.lower()}@post.example", **given}
        return records.create(by=SYSTEM, given=said, now=time.now)

    return make


@pytest.fixture
def lena(landlord_of: MakeLandlord) -> Landlord:
    return landlord_of()
