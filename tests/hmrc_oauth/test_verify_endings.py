"""The first read, when something else happens: a 401, a grant that is over, a disconnect, the seventh day."""

from datetime import timedelta
from typing import Any

import pytest

from hmrc_oauth import connections, verify
from hmrc_oauth.checking import UNVERIFIED_KEPT
from hmrc_oauth.models import Connection, ConnectSession, Grant, GrantStatus, SessionStatus
from landlords import records
from landlords.models import Landlord
from tests.cast import NINO, OTHER_NINO
from tests.hmrc_oauth.fake_door import (
    NOT_AUTHORISED,
    ONE_BUSINESS,
    TOKEN_OVER,
    UNKNOWN,
    Answer,
    FakeClock,
    FakeDoor,
    meanwhile,
    opened,
)
from tests.hmrc_oauth.scenes import (
    KEY,
    a_landlord,
    again,
    begun,
    connect,
    connection_of,
    due_at,
    events,
    exchanged,
    issue,
)
from tests.hmrc_oauth.test_access import spend

RETRY = timedelta(seconds=4)


class TestA401:
    def test_asks_for_a_new_token_and_looks_again(
        self, turned_away: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
        door.will(TOKEN_OVER)

        verify.run(grant_id=turned_away.pk)

        assert again(turned_away).access_expires_at == time.now
        assert due_at("refresh", turned_away.pk) == time.now
        assert due_at("check", turned_away.pk) == time.now + RETRY

    def test_to_a_grant_just_made_ends_it(
        self, first: tuple[ConnectSession, Grant], landlord: Landlord, door: FakeDoor
    ) -> None:
        session, grant = first
        door.will(TOKEN_OVER)

        verify.run(grant_id=grant.pk)

        assert (again(grant).status, again(session).reason_code) == (GrantStatus.WIPED, "refused")
        assert connection_of(landlord).state == "not_connected"

    def test_to_the_new_token_of_a_connection_that_worked_is_asked_again_until_it_counts(
        self, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        grant = connect(landlord)
        operation = connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
        door.will(TOKEN_OVER, TOKEN_OVER)

        verify.run(grant_id=grant.pk)
        counts_at = due_at("check", grant.pk)
        told_too_soon = again(operation).finished_at
        time.advance(seconds=61)
        verify.run(grant_id=grant.pk)

        assert (counts_at, told_too_soon) == (time.now, None)
        assert due_at("refresh", grant.pk) == time.now

    def test_to_a_token_that_was_renewed_meanwhile_wipes_nothing(
        self, turned_away: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
        door.will(meanwhile(lambda: spend(turned_away, name="newer", now=time.now), TOKEN_OVER))

        verify.run(grant_id=turned_away.pk)

        assert again(turned_away).status == GrantStatus.ACTIVE
        assert due_at("check", turned_away.pk) == time.now + RETRY

    def test_to_two_checks_at_once_wipes_nothing(
        self, turned_away: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
        door.will(meanwhile(lambda: verify.run(grant_id=turned_away.pk), TOKEN_OVER), TOKEN_OVER)

        verify.run(grant_id=turned_away.pk)

        assert again(turned_away).status == GrantStatus.ACTIVE
        assert due_at("refresh", turned_away.pk) is not None
        assert due_at("check", turned_away.pk) is not None


class TestAGrantThatIsOver:
    def test_ends_the_session_and_the_operation(
        self, first: tuple[ConnectSession, Grant], landlord: Landlord, door: FakeDoor
    ) -> None:
        session, grant = first
        Grant.objects.filter(pk=grant.pk).update(status=GrantStatus.DEAD)

        verify.run(grant_id=grant.pk)

        assert (again(session).status, again(session).reason_code) == (SessionStatus.FAILED, "refused")
        assert (again(grant).status, connection_of(landlord).state) == (GrantStatus.WIPED, "not_connected")
        assert due_at("check", grant.pk) is None

    def test_that_came_without_a_session_is_wiped(self, landlord: Landlord, door: FakeDoor, time: FakeClock) -> None:
        Connection.of(landlord, now=time.now)
        grant = issue(landlord)
        Grant.objects.filter(pk=grant.pk).update(status=GrantStatus.DEAD)

        verify.run(grant_id=grant.pk)

        assert again(grant).status == GrantStatus.WIPED

    def test_takes_no_other_grant_with_it(
        self, turned_away: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        _, second = exchanged(landlord)
        Grant.objects.filter(pk=second.pk).update(status=GrantStatus.DEAD)
        Connection.objects.filter(landlord=landlord).update(state="not_authorised", grant=turned_away)

        verify.run(grant_id=second.pk)

        assert (connection_of(landlord).state, connection_of(landlord).grant) == ("not_authorised", turned_away)

    def test_that_was_verified_leaves_its_connection_to_the_refresh_that_found_it_dead(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        operation = connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
        Grant.objects.filter(pk=grant.pk).update(status=GrantStatus.DEAD)

        verify.run(grant_id=grant.pk)

        assert again(grant).status == GrantStatus.DEAD
        assert again(operation).error_code == "hmrc.reconnect_required"


class TestADisconnect:
    @pytest.mark.parametrize("answer", [ONE_BUSINESS, NOT_AUTHORISED, TOKEN_OVER, UNKNOWN])
    def test_wins_over_a_first_read_under_way(
        self, first: tuple[ConnectSession, Grant], landlord: Landlord, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        def disconnect() -> None:
            connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        door.will(meanwhile(disconnect, answer))
        verify.run(grant_id=first[1].pk)

        assert (connection_of(landlord).state, connection_of(landlord).grant) == ("disconnected", None)
        assert again(first[1]).status == GrantStatus.WIPED
        assert "connection.connected" not in events()

    def test_before_the_read_is_sent_ends_it(
        self,
        first: tuple[ConnectSession, Grant],
        landlord: Landlord,
        door: FakeDoor,
        time: FakeClock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def while_it_waits_for_its_slot(*args: Any, **kwargs: Any) -> Any:
            connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)
            return door.call(*args, **kwargs)

        monkeypatch.setattr(verify, "call", while_it_waits_for_its_slot)

        verify.run(grant_id=first[1].pk)

        assert door.asked == []
        assert due_at("check", first[1].pk) is None

    def test_does_not_put_a_nino_on_file_that_came_with_the_attempt(
        self, in_alpha: object, door: FakeDoor, time: FakeClock
    ) -> None:
        landlord = a_landlord(nino=None)
        _, grant = exchanged(landlord, nino=OTHER_NINO)
        door.will(
            meanwhile(lambda: connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now), ONE_BUSINESS)
        )

        verify.run(grant_id=grant.pk)

        assert again(landlord).nino is None


class TestTheSeventhDay:
    def test_wipes_the_grant_that_never_served(self, turned_away: Grant, landlord: Landlord, time: FakeClock) -> None:
        verify.wipe_unverified(grant_id=turned_away.pk, now=time.advance(days=7))

        assert (again(turned_away).status, again(turned_away).refresh_token) == (GrantStatus.WIPED, None)
        assert (connection_of(landlord).state, connection_of(landlord).grant) == ("not_connected", None)
        assert due_at("wipe_grant", turned_away.pk) is None

    def test_comes_no_sooner_for_a_bell_that_rings_too_soon(self, turned_away: Grant, time: FakeClock) -> None:
        verify.wipe_unverified(grant_id=turned_away.pk, now=time.now)

        assert again(turned_away).status == GrantStatus.ACTIVE
        assert due_at("wipe_grant", turned_away.pk) == turned_away.granted_at + UNVERIFIED_KEPT

    def test_leaves_a_grant_that_served_after_all(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        verify.wipe_unverified(grant_id=grant.pk, now=time.advance(days=7))

        assert connection_of(landlord).can_file


def test_an_answer_about_a_nino_that_was_corrected_meanwhile_confirms_nothing(
    turned_away: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
) -> None:
    connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)

    def correct() -> None:
        connections.check(by=KEY, landlord_id=landlord.pk, nino=OTHER_NINO, now=time.now)

    door.will(meanwhile(correct, ONE_BUSINESS), NOT_AUTHORISED)

    verify.run(grant_id=turned_away.pk)
    assert connection_of(landlord).state == "not_authorised"
    verify.run(grant_id=turned_away.pk)

    assert [asked.secrets["nino"] for asked in door.asked[-2:]] == [NINO, OTHER_NINO]
    assert connection_of(landlord).state == "not_authorised"


def test_nothing_of_the_nino_is_told(first: tuple[ConnectSession, Grant], door: FakeDoor, capfd: Any) -> None:
    door.will(UNKNOWN, NOT_AUTHORISED)

    verify.run(grant_id=first[1].pk)
    verify.run(grant_id=first[1].pk)

    said = "".join(capfd.readouterr())
    assert NINO not in said
    assert "access-first" not in said


def test_a_session_of_another_attempt_keeps_its_own_nino(landlord: Landlord, door: FakeDoor, time: FakeClock) -> None:
    _, grant = exchanged(landlord)
    begun(landlord, nino=OTHER_NINO)
    door.will(ONE_BUSINESS)

    verify.run(grant_id=grant.pk)

    assert door.asked[0].secrets["nino"] == NINO
    assert opened(records.get(landlord_id=landlord.pk).nino) == NINO
