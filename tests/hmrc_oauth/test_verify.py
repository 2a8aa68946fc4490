"""The first read: what HMRC's answer to one call with the landlord's NINO means for grant, connection and session."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hmrc_oauth import connections, verify
from hmrc_oauth.models import Connection, ConnectSession, Grant, GrantStatus, SessionStatus
from hmrc_oauth.verify import UNVERIFIED_KEPT
from landlords import records
from landlords.models import Landlord
from tenants import due
from tests.cast import NINO, OTHER_NINO
from tests.hmrc_oauth.fake_door import (
    NOT_AUTHORISED,
    NOT_SENT,
    NOTHING_THERE,
    ONE_BUSINESS,
    TOKEN_OVER,
    UNKNOWN,
    Answer,
    FakeClock,
    FakeDoor,
    opened,
    refused,
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


@pytest.fixture
def first(landlord: Landlord) -> tuple[ConnectSession, Grant]:
    """A grant that was just exchanged; its first read is due."""
    return exchanged(landlord)


@pytest.fixture
def turned_away(first: tuple[ConnectSession, Grant], door: FakeDoor, time: FakeClock) -> Grant:
    """A grant that HMRC does not let act for its landlord, an hour later."""
    door.will(NOT_AUTHORISED)
    verify.run(grant_id=first[1].pk)
    time.advance(hours=1)
    return again(first[1])


def meanwhile(action: Callable[[], Any], answer: Answer) -> Callable[[], Answer]:
    def happen() -> Answer:
        action()
        return answer

    return happen


class TestAYes:
    @pytest.mark.parametrize("answer", [ONE_BUSINESS, NOTHING_THERE, refused(404, "NO_BUSINESS_FOUND")])
    def test_makes_the_connection_active_even_with_no_business_yet(
        self, first: tuple[ConnectSession, Grant], landlord: Landlord, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        session, grant = first
        door.will(answer)

        verify.run(grant_id=grant.pk)

        connection = connection_of(landlord)
        assert (connection.state, connection.grant, connection.connected_at) == ("active", grant, time.now)
        assert again(session).status == SessionStatus.CONNECTED
        assert (due_at("check", grant.pk), due_at("expire_session", session.pk)) == (None, None)
        assert due_at("after_connect", landlord.pk) is not None
        assert events()[-1] == "connection.connected"

    def test_is_asked_for_with_the_grants_token_and_the_landlords_nino(
        self, first: tuple[ConnectSession, Grant], door: FakeDoor
    ) -> None:
        door.will(ONE_BUSINESS)

        verify.run(grant_id=first[1].pk)

        (asked,) = door.asked
        assert (asked.secrets, asked.lane.name) == ({"bearer": "access-first", "nino": NINO}, "INTERACTIVE")

    def test_puts_the_confirmed_nino_on_file(self, in_alpha: object, door: FakeDoor, time: FakeClock) -> None:
        landlord = a_landlord(nino=None)
        session, grant = exchanged(landlord, nino=OTHER_NINO)
        door.will(ONE_BUSINESS)

        verify.run(grant_id=grant.pk)

        assert door.asked[0].secrets["nino"] == OTHER_NINO
        assert opened(again(landlord).nino) == OTHER_NINO
        assert again(session).nino is None

    def test_to_a_nino_that_another_landlord_was_given_meanwhile_is_a_mismatch(
        self, in_alpha: object, door: FakeDoor, time: FakeClock
    ) -> None:
        landlord = a_landlord(nino=None)
        session, grant = exchanged(landlord, nino=OTHER_NINO)
        door.will(meanwhile(lambda: a_landlord(nino=OTHER_NINO), ONE_BUSINESS))

        verify.run(grant_id=grant.pk)

        assert (again(session).status, again(session).reason_code) == (SessionStatus.FAILED, "nino_mismatch")
        assert connection_of(landlord).state == "not_authorised"
        assert (again(landlord).nino, again(grant).verified_at) == (None, None)

    def test_replaces_the_old_grant_which_is_wiped(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        _, newer = exchanged(landlord)
        door.will(ONE_BUSINESS)

        verify.run(grant_id=newer.pk)

        assert connection_of(landlord).grant == newer
        assert (again(grant).status, again(grant).refresh_token) == (GrantStatus.WIPED, None)

    def test_leaves_no_third_grant_behind_that_was_established_meanwhile(
        self, grant: Grant, landlord: Landlord, door: FakeDoor
    ) -> None:
        _, newer = exchanged(landlord)
        between: list[Grant] = []
        door.will(meanwhile(lambda: between.append(connect(landlord, name="between")), ONE_BUSINESS))

        verify.run(grant_id=newer.pk)

        assert connection_of(landlord).grant == newer
        assert again(between[0]).status == GrantStatus.WIPED

    def test_to_a_grant_that_came_without_a_session_is_a_yes(
        self, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        Connection.of(landlord, now=time.now)
        grant = issue(landlord)
        door.will(ONE_BUSINESS)

        verify.run(grant_id=grant.pk)

        assert connection_of(landlord).can_file

    def test_the_second_time_changes_nothing(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        operation = connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
        before = connection_of(landlord).generation
        door.will(ONE_BUSINESS)

        verify.run(grant_id=grant.pk)

        assert again(operation).status == "succeeded"
        assert connection_of(landlord).generation == before


class TestANo:
    @pytest.mark.parametrize(
        ("answer", "reason", "causes"),
        [
            (NOT_AUTHORISED, "nino_mismatch", ["nino_mismatch", "wrong_account", "not_enrolled"]),
            (refused(403, "FORBIDDEN"), "nino_mismatch", ["nino_mismatch", "wrong_account", "not_enrolled"]),
            (refused(400, "FORMAT_NINO"), "nino_mismatch", ["nino_mismatch"]),
            (refused(403, "CLIENT_NOT_MTD_ENROLLED"), "not_enrolled", ["not_enrolled", "nino_mismatch"]),
            (refused(403, "INVALID_SCOPE"), "scope", ["scope"]),
        ],
    )
    def test_says_the_causes_that_hmrc_does_not_tell_apart(
        self,
        first: tuple[ConnectSession, Grant],
        landlord: Landlord,
        door: FakeDoor,
        answer: Answer,
        reason: str,
        causes: list[str],
    ) -> None:
        session, grant = first
        door.will(answer)

        verify.run(grant_id=grant.pk)

        connection = connection_of(landlord)
        assert (connection.state, connection.reason_code, connection.possible_causes) == (
            "not_authorised",
            reason,
            causes,
        )
        assert (again(session).status, again(session).reason_code) == (SessionStatus.FAILED, reason)
        assert events()[-1] == "connection.not_authorised"

    def test_keeps_the_grant_for_seven_days_and_unusable_for_filing(
        self, turned_away: Grant, landlord: Landlord
    ) -> None:
        assert opened(turned_away.refresh_token) == "refresh-first"
        assert not connection_of(landlord).can_file
        assert due_at("wipe_grant", turned_away.pk) == turned_away.granted_at + UNVERIFIED_KEPT

    def test_is_mended_by_a_corrected_nino_without_signing_in_again(
        self, turned_away: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        operation = connections.check(by=KEY, landlord_id=landlord.pk, nino=OTHER_NINO, now=time.now)
        door.will(ONE_BUSINESS)

        verify.run(grant_id=turned_away.pk)

        assert door.asked[-1].secrets["nino"] == OTHER_NINO
        assert (connection_of(landlord).state, again(operation).status) == ("active", "succeeded")
        assert due_at("wipe_grant", turned_away.pk) is None

    def test_to_a_check_ends_the_operation(
        self, turned_away: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        operation = connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
        door.will(NOT_AUTHORISED)

        verify.run(grant_id=turned_away.pk)

        assert (again(operation).status, again(operation).error_code) == ("failed", "hmrc.nino_mismatch")

    def test_to_a_new_grant_leaves_the_working_one_and_wipes_the_new(
        self, grant: Grant, landlord: Landlord, door: FakeDoor
    ) -> None:
        session, newer = exchanged(landlord)
        door.will(NOT_AUTHORISED)

        verify.run(grant_id=newer.pk)

        assert (connection_of(landlord).state, connection_of(landlord).grant) == ("active", grant)
        assert (again(newer).status, again(session).status) == (GrantStatus.WIPED, SessionStatus.FAILED)

    def test_to_the_working_grant_takes_nothing_from_it(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
        door.will(NOT_AUTHORISED)

        verify.run(grant_id=grant.pk)

        assert connection_of(landlord).can_file

    def test_without_any_nino_asks_nobody(self, in_alpha: object, door: FakeDoor, time: FakeClock) -> None:
        landlord = a_landlord(nino=None)
        Connection.of(landlord, now=time.now).begin(now=time.now)
        grant = issue(landlord)
        due.put(kind=due.Kind.CHECK, subject_id=grant.pk, lane=due.Lane.INTERACTIVE)

        verify.run(grant_id=grant.pk)

        assert (connection_of(landlord).state, door.asked) == ("not_authorised", [])


class TestNoClearAnswer:
    @pytest.mark.parametrize("answer", [NOT_SENT, UNKNOWN, refused(429, "MESSAGE_THROTTLED_OUT"), refused(400, "ODD")])
    def test_is_asked_for_again(
        self, first: tuple[ConnectSession, Grant], door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        session, grant = first
        door.will(answer)

        verify.run(grant_id=grant.pk)

        assert due_at("check", grant.pk) == time.now + RETRY
        assert (again(session).status, again(grant).status) == (SessionStatus.EXCHANGING, GrantStatus.ACTIVE)

    def test_by_a_worker_that_died_is_asked_for_again(
        self, first: tuple[ConnectSession, Grant], door: FakeDoor, time: FakeClock
    ) -> None:
        def die() -> Answer:
            raise SystemExit

        door.will(die)
        with pytest.raises(SystemExit):
            verify.run(grant_id=first[1].pk)

        assert due_at("check", first[1].pk) == time.now + timedelta(seconds=90)

    def test_waits_for_a_token_that_is_over(
        self, turned_away: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        time.advance(days=1)
        connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)

        verify.run(grant_id=turned_away.pk)

        assert len(door.asked) == 1
        assert due_at("refresh", turned_away.pk) == time.now
        assert due_at("check", turned_away.pk) == time.now + RETRY

    def test_of_a_grant_nobody_knows_is_nothing_to_do(self, landlord: Landlord, door: FakeDoor) -> None:
        due.put(kind=due.Kind.CHECK, subject_id=landlord.pk, lane=due.Lane.INTERACTIVE)

        verify.run(grant_id=landlord.pk)

        assert due_at("check", landlord.pk) is None


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
