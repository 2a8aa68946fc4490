"""A database knows whose it is; in a copy no token is spent."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from tenants import installation
from tenants.models import Adoption, Agency

pytestmark = pytest.mark.usefixtures("db")


def test_a_database_is_its_makers() -> None:
    assert installation.is_ours()
    installation.check()


@pytest.mark.parametrize("part", ["name", "client_id", "ENVIRONMENT_ID"])
def test_whose_environment_client_or_id_is_another_is_another(settings: Any, part: str) -> None:
    before = installation.fingerprint()
    if part == "ENVIRONMENT_ID":
        settings.ENVIRONMENT_ID = "another"
    else:
        settings.HMRC = replace(settings.HMRC, **{part: "sandbox"})

    assert installation.fingerprint() != before
    assert not installation.is_ours()
    with pytest.raises(ImproperlyConfigured, match=f"belongs to {before}, and this is {installation.fingerprint()}"):
        installation.check()


def test_addresses_are_no_part_of_it(settings: Any) -> None:
    settings.HMRC = replace(
        settings.HMRC, api_url="http://localhost:1", redirect_uri="http://localhost:2/hmrc/callback"
    )
    settings.REDIS_URL = "redis://elsewhere"

    assert installation.is_ours()


def test_the_fingerprint_shows_the_environment_and_neither_client_nor_id(settings: Any) -> None:
    settings.ENVIRONMENT_ID = "canary"

    assert installation.fingerprint().startswith("local-")
    assert "canary" not in installation.fingerprint()
    assert settings.HMRC.client_id not in installation.fingerprint()


def test_in_production_no_token_is_spent_without_an_id(settings: Any, now: datetime) -> None:
    settings.HMRC = replace(settings.HMRC, name="production")
    installation.adopt(now=now)
    assert installation.is_ours()

    with pytest.raises(ImproperlyConfigured, match="ENVIRONMENT_ID: is missing"):
        installation.check()


def test_a_database_whose_owner_was_lost_is_nobodys(alpha: Agency, now: datetime) -> None:
    Adoption.objects.all().delete()

    installation.adopt_if_empty(now=now)

    with pytest.raises(ImproperlyConfigured, match="belongs to nobody"):
        installation.check()


def test_an_empty_database_is_the_first_comers(settings: Any, now: datetime) -> None:
    settings.ENVIRONMENT_ID = "another"
    Agency.objects.all().delete()

    installation.adopt_if_empty(now=now)
    installation.adopt_if_empty(now=now)

    assert installation.is_ours()
    assert Adoption.objects.filter(fingerprint=installation.fingerprint()).count() == 1


def test_a_full_one_is_not(alpha: Agency, settings: Any, now: datetime) -> None:
    settings.ENVIRONMENT_ID = "another"

    installation.adopt_if_empty(now=now)

    assert not installation.is_ours()


def test_another_servers_history_shows_a_restore_until_it_is_looked_after(now: datetime) -> None:
    assert installation.history()
    assert not installation.was_restored()
    Adoption.objects.update(history="7200000000000000000/00000001")
    assert installation.was_restored()

    installation.note_history(now=now)

    assert not installation.was_restored()
    assert installation.is_ours()


def test_where_postgresql_does_not_say_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(installation, "_HISTORY", "SELECT no_such_function()")

    assert installation.history() == ""
    assert not installation.was_restored()
    assert installation.is_ours()
