"""HMRC refuses a connection that worked: it says why, keeps its grant, and comes back by a check or a new grant."""

from typing import Any

import pytest

from hmrc_oauth import ahead, connections, refresh, refusals, verify
from hmrc_oauth.errors import NinoConfirmed
from hmrc_oauth.models import Connection, Grant, GrantStatus
from landlords import records
from landlords.models import Landlord
from tenants import due
from tenants.models import Ending
from tests.cast import NINO, OTHER_NINO
from tests.hmrc_oauth.fake_door import (
    INVALID_GRANT,
    NOT_AUTHORISED,
    ONE_BUSINESS,
    FakeClock,
    FakeDoor,
    opened,
    refused,
)
from tests.hmrc_oauth.scenes import KEY, again, begun, connect, connection_of, due_at, events, exchanged, issue

CAUSES = {
    "nino_mismatch": ["nino_mismatch", "wrong_account", "not_enrolled"],
    "not_enrolled": ["not_enrolled", "nino_mismatch"],
    "scope": ["scope"],
}
SCOPE = refused(403, "INVALID_SCOPE")


def heed(landlord: Landlord, answer: Any, time: FakeClock) -> Any:
    return refusals.heed(connection_of(landlord), answer, nino=again(landlord).nino, now=time.now)


@pytest.fixture
def away(grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock) -> Grant:
    """Turned away by a later call."""
    ahead.plan(grant)
    heed(landlord, NOT_AUTHORISED, time)
    return grant


class TestALaterRefusal:
    @pytest.mark.parametrize(
        ("answer", "reason"),
        [
            (NOT_AUTHORISED, "nino_mismatch"),
            (refused(403, "FORBIDDEN"), "nino_mismatch"),
            (refused(403, "CLIENT_NOT_MTD_ENROLLED"), "not_enrolled"),
            (SCOPE, "scope"),
        ],
    )
    def test_moves_the_connection_with_the_first_reads_reason_and_is_told_once(
        self, grant: Grant, landlord: Landlord, time: FakeClock, answer: Any, reason: str
    ) -> None:
        found = [heed(landlord, answer, time) for _ in range(2)]

        connection = connection_of(landlord)
        assert (connection.state, connection.reason_code, connection.grant) == ("not_authorised", reason, grant)
        assert (connection.possible_causes, connection.can_file) == (CAUSES[reason], False)
        assert [verdict.code for verdict in found] == [f"hmrc.{reason}"] * 2
        assert events().count("connection.not_authorised") == 1
        assert opened(again(grant).refresh_token) == "refresh-old"

    @pytest.mark.parametrize("answer", [ONE_BUSINESS, refused(400, "FORMAT_VALUE"), refused(403, "RESOURCE_FORBIDDEN")])
    def test_about_something_else_says_nothing_of_the_connection(
        self, grant: Grant, landlord: Landlord, time: FakeClock, answer: Any
    ) -> None:
        assert heed(landlord, answer, time) is None
        assert connection_of(landlord).state == "active"

    def test_of_the_grant_before_moves_nothing(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        before = connection_of(landlord)
        connect(landlord, name="newer")

        refusals.heed(before, SCOPE, nino=again(landlord).nino, now=time.now)

        assert connection_of(landlord).state == "active"

    def test_of_a_number_that_was_corrected_meanwhile_moves_nothing(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        asked = again(landlord).nino
        records.change(by=KEY, landlord_id=landlord.pk, given={"nino": OTHER_NINO}, expected=None, now=time.now)

        refusals.heed(connection_of(landlord), NOT_AUTHORISED, nino=asked, now=time.now)

        assert connection_of(landlord).state == "active"

    def test_of_a_connection_without_a_grant_moves_nothing(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        Connection.objects.update(state="disconnected", grant=None)

        assert heed(landlord, SCOPE, time) is not None
        assert connection_of(landlord).state == "disconnected"

    def test_is_not_taken_back_for_a_grant_that_the_connection_has_no_more(
        self, away: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        older = issue(landlord, name="older")

        assert not connection_of(landlord).allow(grant=older, now=time.now)
        assert connection_of(landlord).state == "not_authorised"
        assert connection_of(landlord).allow(grant=away, now=time.now)

    def test_ends_the_forecast_and_the_refreshing_ahead(self, away: Grant, time: FakeClock) -> None:
        time.now = ahead.time_of(away)

        ahead.run(grant_id=away.pk, has_work=lambda _: True, now=time.now)

        assert (due_at("expiring", away.pk), due_at("refresh", away.pk)) == (None, None)
        assert not Ending.objects.filter(grant_id=away.pk).exists()


class TestACheck:
    def test_that_hmrc_answers_makes_it_active_again_and_what_waited_goes(
        self, away: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        before = connection_of(landlord)
        operation = connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
        door.will(ONE_BUSINESS)

        verify.run(grant_id=away.pk)

        connection = connection_of(landlord)
        assert (connection.state, connection.reason_code, connection.possible_causes) == ("active", "", [])
        assert (connection.generation, connection.connected_at) == (before.generation, before.connected_at)
        assert (again(operation).status, events()[-1]) == ("succeeded", "connection.recovered")
        assert None not in {due_at(kind, away.pk) for kind in ("expiring", "refresh_ahead")}
        assert due_at("after_connect", landlord.pk) is not None
        assert Ending.objects.filter(grant_id=away.pk).exists()

    def test_may_bring_a_corrected_number(
        self, away: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        connections.check(by=KEY, landlord_id=landlord.pk, nino=OTHER_NINO, now=time.now)
        door.will(ONE_BUSINESS)

        verify.run(grant_id=away.pk)

        assert (door.asked[0].secrets["nino"], connection_of(landlord).state) == (OTHER_NINO, "active")
        with pytest.raises(NinoConfirmed):
            connections.check(by=KEY, landlord_id=landlord.pk, nino=NINO, now=time.now)

    def test_that_is_refused_again_says_the_reason_of_now_and_limits_the_grant_in_no_days(
        self, away: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        operation = connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
        door.will(SCOPE)

        verify.run(grant_id=away.pk)

        assert (connection_of(landlord).state, connection_of(landlord).reason_code) == ("not_authorised", "scope")
        assert again(operation).error_code == "hmrc.scope"
        assert (due_at("wipe_grant", away.pk), again(away).status) == (None, GrantStatus.ACTIVE)


class TestConnectingAnew:
    def test_keeps_the_reason_until_the_new_grant_serves(
        self, away: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        session = begun(landlord).session
        shown = connection_of(landlord)
        connections.receive_denial(session_id=session.pk, hmrc_error="access_denied", now=time.now)

        for row in (shown, connection_of(landlord)):
            assert (row.state, row.reason_code, row.grant) == ("not_authorised", "nino_mismatch", away)

    def test_with_a_grant_that_serves_replaces_the_old_one(
        self, away: Grant, landlord: Landlord, door: FakeDoor
    ) -> None:
        _, newer = exchanged(landlord)
        door.will(ONE_BUSINESS)

        verify.run(grant_id=newer.pk)

        assert (connection_of(landlord).state, connection_of(landlord).grant) == ("active", newer)
        assert again(away).status == GrantStatus.WIPED

    def test_with_a_grant_that_is_refused_keeps_the_newest_for_a_correction(
        self, away: Grant, landlord: Landlord, door: FakeDoor
    ) -> None:
        _, newer = exchanged(landlord)
        door.will(NOT_AUTHORISED)

        verify.run(grant_id=newer.pk)

        assert (connection_of(landlord).state, connection_of(landlord).grant) == ("not_authorised", newer)
        assert again(away).status == GrantStatus.WIPED
        assert due_at("wipe_grant", newer.pk) is not None


def test_a_grant_that_dies_meanwhile_needs_a_new_one_and_the_landlord_is_told(
    away: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
) -> None:
    time.advance(hours=5)
    due.put(kind=due.Kind.REFRESH, subject_id=away.pk, lane=due.Lane.TOKEN)
    door.will(INVALID_GRANT)

    refresh.run(grant_id=away.pk)

    connection = connection_of(landlord)
    assert (connection.state, connection.reason_code) == ("reconnect_required", "refused")
    assert due_at("tell_landlord", connection.pk) is not None


def test_a_grant_that_never_served_and_dies_asks_for_no_reconnect(
    turned_away: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
) -> None:
    connection = connection_of(landlord)

    assert not connection.require_reconnect(grant=turned_away, reason="refused", causes=[], now=time.now)

    assert connection_of(landlord).state == "not_authorised"
