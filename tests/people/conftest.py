"""Olive owns alpha, Mo works there; somebody at beta looks over the fence."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from people import staff
from people.models import User
from people.principal import SYSTEM, Principal, PrincipalKind
from tenants.models import Agency
from tests.people.clients import NOON, PASSWORD, AppClient, BrowserClient, StaffClient

TODAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
Hire = Callable[..., User]


def principal(user: User) -> Principal:
    """The member of staff as a caller."""
    return Principal(PrincipalKind.STAFF, user.pk, user.scopes)


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _authenticators_show_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: NOON))


@pytest.fixture
def hire(in_alpha: Agency) -> Hire:
    """Make a member of the staff of the agency we are in, with a password."""

    def hired(role: str, name: str = "") -> User:
        email = f"{name or role}.{secrets.token_hex(4)}@alpha.example"
        user = staff.invite_staff(email=email, role=role, full_name=name, invited_by=SYSTEM, now=TODAY)
        staff.set_password(user_id=user.pk, password=PASSWORD)
        user.refresh_from_db()
        return user

    return hired


@pytest.fixture
def olive(hire: Hire) -> User:
    return hire("owner", "olive")


@pytest.fixture
def mo(hire: Hire) -> User:
    return hire("member", "mo")


@pytest.fixture
def app(alpha: Agency) -> AppClient:
    return AppClient(alpha, "alpha.localhost")


@pytest.fixture
def browser(alpha: Agency) -> BrowserClient:
    return BrowserClient(alpha, "alpha.localhost")


@pytest.fixture(params=["app", "browser"])
def client(request: pytest.FixtureRequest, alpha: Agency) -> StaffClient:
    """Either kind, ready to post."""
    if request.param == "app":
        return AppClient(alpha, "alpha.localhost")
    browser = BrowserClient(alpha, "alpha.localhost")
    browser.open_page()
    return browser


@pytest.fixture
def app_at_beta(beta: Agency) -> AppClient:
    return AppClient(beta, "beta.localhost")


@pytest.fixture
def browser_at_beta(beta: Agency) -> BrowserClient:
    return BrowserClient(beta, "beta.localhost")
