"""A grant at rest: what the database itself refuses, and that a sealed token opens in its place and version only."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hmrc_oauth.models import Grant, GrantStatus, Tokens
from hmrc_oauth.models.grant import LIFE
from hmrc_oauth.models.states import GrantEvent
from tenants.db import connection as database
from tenants.errors import SealBroken
from tests.hmrc_oauth.fake_door import FakeClock, opened
from tests.hmrc_oauth.scenes import a_landlord, again, issue

NEWER = Tokens("access-newer", "refresh-newer", 14_400)


def refreshed(grant: Grant, *, now: datetime) -> Grant:
    assert grant.claim()
    assert grant.commit(tokens=NEWER, spent=grant.token_version, now=now)
    return again(grant)


def raw(grant: Grant) -> dict[str, Any]:
    with database.cursor() as cursor:
        cursor.execute("SELECT access_token, refresh_token FROM hmrc_oauth_grant WHERE id = %s", [grant.pk])
        return dict(zip(("access_token", "refresh_token"), cursor.fetchone(), strict=True))


def write(grant: Grant, column: str, value: Any) -> None:
    """As somebody would who can write to the database."""
    with transaction.atomic(), database.cursor() as cursor:
        cursor.execute(f"UPDATE hmrc_oauth_grant SET {column} = %s WHERE id = %s", [value, grant.pk])


class TestTheDatabase:
    @pytest.mark.parametrize("column", ["access_token", "refresh_token"])
    def test_lets_a_wiped_grant_keep_no_token(self, grant: Grant, column: str) -> None:
        kept = raw(grant)[column]
        grant.wipe()

        with pytest.raises(IntegrityError, match="a_wiped_grant_keeps_no_token"):
            write(grant, column, kept)

    def test_lets_no_grant_be_wiped_with_its_tokens(self, grant: Grant) -> None:
        with pytest.raises(IntegrityError, match="a_wiped_grant_keeps_no_token"):
            write(grant, "status", "wiped")

    def test_lets_no_grant_be_claimed_without_a_lease(self, grant: Grant) -> None:
        with pytest.raises(IntegrityError, match="a_claimed_grant_has_a_lease"):
            write(grant, "status", "refreshing")


@pytest.mark.parametrize(("refusals", "minutes"), [(0, 1), (1, 2), (8, 256), (9, 256), (30_000, 256)])
def test_a_refusal_is_believed_later_with_each_before_it_and_within_hours(
    grant: Grant, refusals: int, minutes: int
) -> None:
    grant.refusals = refusals

    assert grant.believed_at == grant.granted_at + timedelta(minutes=minutes)


class TestASealedToken:
    def test_opens_in_its_own_place(self, grant: Grant) -> None:
        assert (opened(grant.access_token), opened(grant.refresh_token)) == ("access-old", "refresh-old")

    @pytest.mark.parametrize("column", ["access_token", "refresh_token"])
    def test_of_yesterday_put_back_does_not_open(self, grant: Grant, time: FakeClock, column: str) -> None:
        yesterdays = raw(grant)[column]
        refreshed(grant, now=time.now)

        write(grant, column, yesterdays)

        with pytest.raises(SealBroken):
            opened(getattr(again(grant), column))

    def test_does_not_open_where_the_version_is_turned_back(self, grant: Grant, time: FakeClock) -> None:
        refreshed(grant, now=time.now)

        write(grant, "token_version", 1)

        with pytest.raises(SealBroken):
            opened(again(grant).refresh_token)

    def test_does_not_open_as_the_other_token(self, grant: Grant) -> None:
        write(grant, "access_token", raw(grant)["refresh_token"])

        with pytest.raises(SealBroken):
            opened(again(grant).access_token)

    def test_does_not_open_in_another_landlords_grant(self, grant: Grant) -> None:
        other = issue(a_landlord(nino="AB654321B"))

        write(other, "refresh_token", raw(grant)["refresh_token"])

        with pytest.raises(SealBroken):
            opened(again(other).refresh_token)

    def test_is_not_in_the_row_in_plain_text(self, grant: Grant) -> None:
        assert b"old" not in b"".join(map(bytes, raw(grant).values()))

    def test_is_in_no_repr(self, grant: Grant) -> None:
        shown = f"{grant!r} {grant.access_token!r} {NEWER!r} {vars(again(grant))!r}"

        assert "access-" not in shown
        assert "refresh-" not in shown


class TestAGrant:
    def test_lives_547_days_from_the_grant_however_often_it_is_refreshed(self, grant: Grant, time: FakeClock) -> None:
        ends = grant.granted_at + LIFE

        assert refreshed(grant, now=time.advance(days=3)).ends_at == ends
        assert LIFE.days == 547

    def test_is_verified_once(self, grant: Grant, time: FakeClock) -> None:
        first = issue(a_landlord(nino="AB654321B"))

        assert (first.verify(now=time.now), first.verify(now=time.now)) == (True, False)

    @pytest.mark.parametrize("end", [GrantStatus.DEAD, GrantStatus.WIPED])
    def test_that_is_over_is_not_verified(self, grant: Grant, time: FakeClock, end: GrantStatus) -> None:
        first = issue(a_landlord(nino="AB654321B"))
        tokens = {"access_token": None, "refresh_token": None}
        Grant.objects.filter(pk=first.pk).update(status=end, **(tokens if end == GrantStatus.WIPED else {}))

        assert not first.verify(now=time.now)
        assert not again(first).usable

    def test_that_is_wiped_takes_no_claim_no_commit_and_no_second_wipe(self, grant: Grant, time: FakeClock) -> None:
        assert grant.claim()
        assert grant.wipe()

        assert not grant.commit(tokens=NEWER, spent=1, now=time.now)
        assert not grant.release(GrantEvent.NOT_SPENT, fence=again(grant).fence)
        assert not again(grant).claim()
        assert not grant.wipe()
