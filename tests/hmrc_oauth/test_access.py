"""The access token for one call: read anew at the last line, refreshed just before use, asked for once."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from hmrc_oauth import access, connections
from hmrc_oauth.access import NEEDED, AwaitingToken
from hmrc_oauth.errors import NotConnected, ReconnectRequired
from hmrc_oauth.models import Grant, Tokens
from hmrc_oauth.settling import bury
from landlords.models import Landlord
from tenants import due
from tenants.faults import NotFound
from tests.hmrc_oauth.fake_door import FakeClock, opened
from tests.hmrc_oauth.scenes import KEY, a_landlord, again, connection_of, due_at


def spend(grant: Grant, *, name: str, now: object) -> None:
    """A refresh by somebody else."""
    current = again(grant)
    assert current.claim()
    tokens = Tokens(f"access-{name}", f"refresh-{name}", 14_400)
    assert current.commit(tokens=tokens, spent=current.token_version, now=now)  # type: ignore[arg-type]


class TestTheBearer:
    def test_is_the_token_as_it_stands_when_it_is_opened(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        bearer = access.bearer(connection_of(landlord), lane=due.Lane.DEADLINE, now=time.now)
        spend(grant, name="newer", now=time.now)

        assert opened(bearer) == "access-newer"
        assert bearer.version == 2

    def test_of_a_grant_wiped_meanwhile_does_not_open(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        bearer = access.bearer(connection_of(landlord), lane=due.Lane.DEADLINE, now=time.now)
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        with pytest.raises(ReconnectRequired):
            opened(bearer)


class TestATokenWithTooLittleLife:
    def test_is_good_while_a_call_fits_into_it(self, grant: Grant, time: FakeClock) -> None:
        time.now = grant.access_expires_at - NEEDED - timedelta(seconds=1)

        bearer = access.bearer_of(grant, lane=due.Lane.DEADLINE, now=time.now)

        assert opened(bearer) == "access-old"
        assert due_at("refresh", grant.pk) is None

    def test_is_refreshed_first(self, grant: Grant, time: FakeClock) -> None:
        time.now = grant.access_expires_at - NEEDED

        with pytest.raises(AwaitingToken):
            access.bearer_of(grant, lane=due.Lane.DEADLINE, now=time.now)

        assert due_at("refresh", grant.pk) == time.now

    def test_cuts_no_wait_short_that_the_refresh_is_in(self, grant: Grant, time: FakeClock) -> None:
        time.now = grant.access_expires_at
        later = time.now + timedelta(seconds=20)
        due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN, at=later)

        with pytest.raises(AwaitingToken):
            access.bearer_of(grant, lane=due.Lane.DEADLINE, now=time.now)

        assert due_at("refresh", grant.pk) == later

    def test_cuts_no_wait_short_when_a_person_asks_either(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        later = time.now + timedelta(seconds=20)
        due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN, at=later)

        connections.refresh(landlord_id=landlord.pk, now=time.now)

        assert due_at("refresh", grant.pk) == later

    def test_is_waited_for_while_the_connection_has_no_grant(self, landlord: Landlord, time: FakeClock) -> None:
        connection = connections.get(landlord_id=landlord.pk, now=time.now)

        with pytest.raises(AwaitingToken):
            access.bearer(connection, lane=due.Lane.DEADLINE, now=time.now)


class TestARefusedToken:
    def test_is_over_whatever_its_time_said_and_a_new_one_is_asked_for(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        used = access.bearer(connection_of(landlord), lane=due.Lane.DEADLINE, now=time.now)
        opened(used)

        access.refused(connection_of(landlord), used, lane=due.Lane.DEADLINE, now=time.now)

        assert again(grant).access_expires_at == time.now
        assert due_at("refresh", grant.pk) == time.now

    def test_is_nothing_if_a_newer_one_has_come(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        used = access.bearer(connection_of(landlord), lane=due.Lane.DEADLINE, now=time.now)
        opened(used)
        spend(grant, name="newer", now=time.now)

        access.refused(connection_of(landlord), used, lane=due.Lane.DEADLINE, now=time.advance(minutes=2))

        assert again(grant).access_expires_at > time.now
        assert due_at("refresh", grant.pk) is None

    def test_that_was_made_this_minute_starts_no_storm(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        spend(grant, name="newer", now=time.now)
        used = access.bearer(connection_of(landlord), lane=due.Lane.DEADLINE, now=time.now)
        opened(used)

        access.refused(connection_of(landlord), used, lane=due.Lane.DEADLINE, now=time.advance(seconds=30))

        assert due_at("refresh", grant.pk) is None


class TestTokensThatAreRefusedOneAfterTheOther:
    """Each refresh succeeds, and HMRC takes none of what it gives."""

    @pytest.fixture
    def refuse(self, grant: Grant, landlord: Landlord, time: FakeClock) -> Callable[[], bool]:
        """HMRC takes the present token not. Whether another one is asked for."""

        def refuse() -> bool:
            due.done(kind=due.Kind.REFRESH, subject_id=grant.pk)
            used = access.Bearer(again(grant))
            access.refused(connection_of(landlord), used, lane=due.Lane.DEADLINE, now=time.now)
            return due_at("refresh", grant.pk) is not None

        return refuse

    def minutes_until_one_is_asked_for(self, refuse: Callable[[], bool], time: FakeClock) -> int:
        for minutes in range(1, 1000):
            time.advance(minutes=1)
            if refuse():
                return minutes
        raise AssertionError

    def test_are_renewed_ever_less_often(self, grant: Grant, time: FakeClock, refuse: Callable[[], bool]) -> None:
        waits = [self.minutes_until_one_is_asked_for(refuse, time)]
        for name in ("a", "b", "c"):
            spend(grant, name=name, now=time.now)
            waits.append(self.minutes_until_one_is_asked_for(refuse, time))

        assert waits == [1, 3, 5, 9]

    def test_are_an_alarm_from_the_second_on(
        self, grant: Grant, time: FakeClock, refuse: Callable[[], bool], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert refuse()
        assert "grant.fresh_token_refused" not in capsys.readouterr().out
        spend(grant, name="a", now=time.now)
        time.advance(minutes=3)

        assert refuse()

        alarm = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert (alarm["event"], alarm["level"], alarm["in_a_row"]) == ("grant.fresh_token_refused", "error", 2)

    def test_are_forgotten_when_one_is_accepted(
        self, grant: Grant, landlord: Landlord, time: FakeClock, refuse: Callable[[], bool]
    ) -> None:
        assert refuse()
        spend(grant, name="a", now=time.now)

        connection_of(landlord).used(now=time.now)

        assert again(grant).refusals == 0
        time.advance(minutes=1, seconds=1)
        assert refuse()


class TestAConnection:
    def test_that_works_can_be_used(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        assert access.get_usable(landlord_id=landlord.pk, now=time.now).grant == grant

    def test_that_never_was_is_not_connected(self, landlord: Landlord, time: FakeClock) -> None:
        with pytest.raises(NotConnected):
            access.get_usable(landlord_id=landlord.pk, now=time.now)

    def test_that_hmrc_turned_away_says_why(self, turned_away: Grant, landlord: Landlord, time: FakeClock) -> None:
        with pytest.raises(NotConnected, check=lambda refusal: "National Insurance number" in refusal.detail):
            access.get_usable(landlord_id=landlord.pk, now=time.now)

    def test_whose_grant_died_needs_a_new_one(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        assert grant.claim()
        assert bury(grant, fence=again(grant).fence, reason="refused", now=time.now)

        with pytest.raises(ReconnectRequired):
            access.get_usable(landlord_id=landlord.pk, now=time.now)

    def test_of_a_landlord_nobody_knows_is_not_found(self, grant: Grant, time: FakeClock) -> None:
        with pytest.raises(NotFound):
            access.get_usable(landlord_id=grant.pk, now=time.now)

    def test_of_one_landlord_says_nothing_of_another(self, grant: Grant, time: FakeClock) -> None:
        other = a_landlord(nino="AB654321B")

        with pytest.raises(NotConnected):
            access.get_usable(landlord_id=other.pk, now=time.now)
