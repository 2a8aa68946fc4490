"""Each guarded UPDATE of the rows at the heart changes the row that is meant, while it may, and no other."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from hmrc_oauth.models import Connection, ConnectionState, Grant, GrantStatus
from landlords.models import Landlord
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import a_landlord, again, connect, connection_of, issue

STORED = [each for each in ConnectionState if each not in {ConnectionState.REFRESHING, ConnectionState.UNCERTAIN}]


def test_a_connection_is_found_under_the_state_that_it_shows_and_no_other(grant: Grant, landlord: Landlord) -> None:
    for state, status in product(STORED, set(GrantStatus) - {GrantStatus.WIPED}):
        Connection.objects.update(state=state)
        Grant.objects.update(status=status, lease_ends_at=grant.ends_at)

        found = [each for each in ConnectionState if Connection.objects.shown_as(each).exists()]

        assert found == [connection_of(landlord).shown_state], (state, status)


def test_of_two_connections_that_ended_together_one_is_told(grant: Grant, landlord: Landlord, time: FakeClock) -> None:
    other = a_landlord(nino=None)
    connect(other)
    Connection.objects.update(state=ConnectionState.RECONNECT_REQUIRED, changed_at=time.now)

    assert connection_of(landlord).tell(now=time.now)

    assert (connection_of(landlord).told_at, connection_of(other).told_at) == (time.now, None)


def test_a_grant_that_never_served_is_forgotten_as_expired(landlord: Landlord, time: FakeClock) -> None:
    never = issue(landlord)
    connection = Connection.of(landlord, now=time.now)
    assert connection.refuse(grant=never, reason="not_authorised", causes=["wrong_nino"], now=time.now)

    connection.forget_grant(grant=never, now=time.now)

    row = connection_of(landlord)
    assert (row.state, row.reason_code, row.grant) == (ConnectionState.NOT_CONNECTED, "expired", None)


class TestAGrant:
    def test_that_is_not_there_is_held_by_nobody(self, landlord: Landlord) -> None:
        assert Grant.look(uuid4()) == (None, False)

    def test_that_is_claimed_is_not_abandoned_while_its_lease_lasts(self, grant: Grant) -> None:
        assert grant.claim()

        assert not again(grant).doubt_if_abandoned()
        assert again(grant).status == GrantStatus.REFRESHING

    def test_that_is_doubted_after_a_restore_begins_its_counts_anew_under_the_next_fence(self, grant: Grant) -> None:
        Grant.objects.filter(pk=grant.pk).update(probes=2, tries=5, fence=7)

        assert Grant.doubt_all([grant.pk]) == 1

        row = again(grant)
        assert (row.status, row.fence, row.probes, row.tries) == (GrantStatus.UNCERTAIN, 8, 0, 0)


class TestAnAccessTokenThatHmrcRefused:
    @staticmethod
    def refused(grant: Grant, time: FakeClock, *, after: timedelta, **row: Any) -> tuple[bool, datetime]:
        Grant.objects.filter(pk=grant.pk).update(refreshed_at=time.now - after, **row)
        is_over = grant.expire_access(version=grant.token_version, now=time.now)
        return is_over, again(grant).access_expires_at

    @pytest.mark.parametrize(("seconds", "is_over"), [(60, False), (61, True)])
    def test_is_over_unless_it_is_less_than_a_minute_old(
        self, grant: Grant, time: FakeClock, seconds: int, is_over: bool
    ) -> None:
        assert self.refused(grant, time, after=timedelta(seconds=seconds))[0] == is_over

    def test_after_its_time_was_over_already_and_keeps_that_time(self, grant: Grant, time: FakeClock) -> None:
        long_over = time.now - timedelta(hours=1)

        told = self.refused(grant, time, after=timedelta(hours=5), access_expires_at=long_over)

        assert told == (False, long_over)
