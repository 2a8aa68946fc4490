"""The first read: what HMRC's answer to one call with the landlord's NINO means for grant, connection and session."""

from datetime import timedelta

import pytest

from hmrc_oauth import connections, verify
from hmrc_oauth.checking import UNVERIFIED_KEPT
from hmrc_oauth.models import Connection, ConnectSession, Grant, GrantStatus, SessionStatus
from landlords.models import Landlord
from tenants import due
from tests.cast import NINO, OTHER_NINO
from tests.hmrc_oauth.fake_door import (
    NOT_AUTHORISED,
    NOT_SENT,
    NOTHING_THERE,
    ONE_BUSINESS,
    UNKNOWN,
    Answer,
    FakeClock,
    FakeDoor,
    meanwhile,
    opened,
    refused,
)
from tests.hmrc_oauth.scenes import (
    KEY,
    a_landlord,
    again,
    connect,
    connection_of,
    due_at,
    events,
    exchanged,
    issue,
)

RETRY = timedelta(seconds=4)


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

    def test_to_a_grant_whose_place_another_takes_meanwhile_changes_neither(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
        door.will(meanwhile(lambda: connect(landlord, name="newer"), NOT_AUTHORISED))

        verify.run(grant_id=grant.pk)

        connection = connection_of(landlord)
        assert connection.state == "active"
        assert connection.grant is not None
        assert (connection.grant != grant, opened(connection.grant.refresh_token)) == (True, "refresh-newer")
        assert again(grant).status == GrantStatus.ACTIVE

    @pytest.mark.parametrize(
        ("answer", "reason"),
        [
            (NOT_AUTHORISED, "nino_mismatch"),
            (refused(403, "CLIENT_NOT_MTD_ENROLLED"), "not_enrolled"),
            (refused(403, "INVALID_SCOPE"), "scope"),
        ],
    )
    def test_to_the_working_grant_turns_it_away_and_takes_no_token_from_it(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock, answer: Answer, reason: str
    ) -> None:
        operation = connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
        door.will(answer)

        verify.run(grant_id=grant.pk)

        connection = connection_of(landlord)
        assert (connection.state, connection.reason_code, connection.grant) == ("not_authorised", reason, grant)
        assert (again(operation).status, again(operation).error_code) == ("failed", f"hmrc.{reason}")
        assert opened(again(grant).refresh_token) == "refresh-old"
        assert due_at("wipe_grant", grant.pk) is None

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

    def test_is_asked_for_less_often_the_longer_it_stays_unclear(
        self, first: tuple[ConnectSession, Grant], door: FakeDoor, time: FakeClock
    ) -> None:
        grant, waits = first[1], []
        door.will(*[refused(403, "RESOURCE_FORBIDDEN")] * 4)

        for minutes in (0, 1, 9, 50):
            time.advance(minutes=minutes)
            verify.run(grant_id=grant.pk)
            waits.append((due_at("check", grant.pk) - time.now).total_seconds())

        assert waits == [4, 15, 150, 300]

    def test_is_asked_for_soon_again_when_a_person_asks(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
        door.will(UNKNOWN)

        verify.run(grant_id=grant.pk)

        assert due_at("check", grant.pk) == time.now + RETRY

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
