"""Machine clients, staff, a landlord, an operator and an outsider, ready to call."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from landlords import records
from people import staff
from people.principal import SYSTEM
from tenants import credentials
from tenants.context import tenant
from tenants.ids import new_id
from tenants.models import Agency
from tests.api import world
from tests.api.callers import Caller, bearing, key_caller, landlord_caller
from tests.cast import ALPHA, BETA, NINO, OTHER_NINO
from tests.people.clients import PASSWORD, AppClient


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def machine(alpha: Agency) -> Caller:
    """Alpha's integration: a key with every scope a key can have, at alpha's host."""
    return key_caller(alpha, host=ALPHA.host)


@pytest.fixture
def machine_of_beta(beta: Agency) -> Caller:
    return key_caller(beta, host=BETA.host)


@pytest.fixture
def outsider() -> Caller:
    """Somebody at alpha's host without a credential."""
    return Caller(ALPHA.host)


@pytest.fixture
def operator(db: None) -> Caller:
    key = credentials.mint(prefix="qdo", subject_id=new_id(), agency=None, expires_at=None)
    return bearing(key, host="localhost")


@pytest.fixture
def signed_in(alpha: Agency) -> Callable[[str], Caller]:
    """A member of alpha's staff of the given role, signed in by the app client."""

    def sign_in(role: str) -> Caller:
        email = f"{role}@alpha.example"
        with tenant(alpha):
            user = staff.invite_staff(email=email, role=role, invited_by=SYSTEM, now=world.TODAY)
            staff.set_password(user_id=user.pk, password=PASSWORD)
        app = AppClient(alpha, ALPHA.host)
        assert app.sign_in(email).status_code == 200
        return Caller(ALPHA.host, {"X-Session-Token": app.token})

    return sign_in


@pytest.fixture
def alphas(alpha: Agency, now: datetime) -> world.World:
    """One thing of every kind in alpha."""
    return world.build(alpha, nino=NINO, now=now)


@pytest.fixture
def betas(beta: Agency, now: datetime) -> world.World:
    """One thing of every kind in beta."""
    return world.build(beta, nino=OTHER_NINO, now=now)


@pytest.fixture
def landlord_elsewhere(alpha: Agency) -> Caller:
    """Another landlord of alpha, with a session of their own."""
    with tenant(alpha):
        landlord = records.create(by=SYSTEM, given={"full_name": "Otto Other"}, now=world.TODAY)
    return landlord_caller(alpha, landlord.pk, host=ALPHA.host)
