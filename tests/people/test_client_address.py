"""Who is slowed down for guessing passwords: the person behind our proxies, not the proxies."""

from ipaddress import ip_network
from typing import Any

import pytest

from people.models import User
from tests.people.clients import AppClient

pytestmark = pytest.mark.usefixtures("in_alpha")


def guess(app: AppClient, address: str, times: int) -> int:
    """The status of the last of so many wrong passwords from this address."""
    app.wire.defaults["HTTP_X_FORWARDED_FOR"] = address
    return [app.sign_in(f"nobody{number}@alpha.example", "wrong").status_code for number in range(times)][-1]


def test_a_guesser_uses_up_their_own_limit_and_nobody_elses(app: AppClient, mo: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/8"),)

    assert guess(app, "198.51.100.1", 40) == 429
    assert guess(app, "198.51.100.2", 1) == 400


def test_an_address_that_nobody_trusted_has_told_changes_nothing(app: AppClient, mo: User) -> None:
    assert guess(app, "198.51.100.1", 40) == 429
    assert guess(app, "198.51.100.2", 1) == 429


def test_whom_nobody_can_tell_is_slowed_down_by_the_address_that_is_left(
    app: AppClient, mo: User, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/8"),)

    assert guess(app, "", 40) == 429
    assert guess(app, "198.51.100.2", 1) == 400
