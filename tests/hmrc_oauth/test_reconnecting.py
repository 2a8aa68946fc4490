"""Connecting again: the connection, its id and its work stay; the old pair works until the new one is verified."""

from collections.abc import Callable
from typing import Any

import pytest

from events.models import Event
from hmrc_oauth import connections, exchange, refresh, verify
from hmrc_oauth.models import Connection, ConnectSession, Grant, GrantStatus
from landlords.models import Invitation, Landlord
from tenants.context import tenant
from tenants.models import Agency, Due
from tests.hmrc_oauth.fake_door import (
    INVALID_GRANT,
    NOT_AUTHORISED,
    ONE_BUSINESS,
    TOKEN_OVER,
    UNKNOWN,
    FakeClock,
    FakeDoor,
    granted,
    opened,
)
from tests.hmrc_oauth.scenes import (
    KEY,
    a_landlord,
    abandon,
    again,
    begun,
    completed,
    connect,
    connection_of,
    due_at,
    events,
)

Attempt = Callable[[Landlord, FakeDoor, FakeClock], None]


def read_first(session: ConnectSession) -> Grant:
    """HMRC is asked whether the grant that the session brought serves its landlord."""
    grant = again(session).grant
    assert grant is not None
    verify.run(grant_id=grant.pk)
    return again(grant)


def denied(landlord: Landlord, door: FakeDoor, time: FakeClock) -> None:
    session = begun(landlord).session
    connections.receive_denial(session_id=session.pk, hmrc_error="access_denied", now=time.now)


def abandoned(landlord: Landlord, door: FakeDoor, time: FakeClock) -> None:
    session = begun(landlord).session
    time.now = session.expires_at
    connections.expire(session_id=session.pk, now=time.now)


def lost(landlord: Landlord, door: FakeDoor, time: FakeClock) -> None:
    session = completed(landlord)
    door.will(UNKNOWN, UNKNOWN, UNKNOWN)
    for _ in range(3):
        exchange.run(session_id=session.pk)
        abandon(session)
    assert again(session).reason_code == "lost"


def of_another_person(landlord: Landlord, door: FakeDoor, time: FakeClock) -> None:
    session = completed(landlord)
    door.will(granted("strange"), NOT_AUTHORISED)
    exchange.run(session_id=session.pk)
    read_first(session)
    assert again(session).reason_code == "nino_mismatch"


def refused_at_the_first_read(landlord: Landlord, door: FakeDoor, time: FakeClock) -> None:
    session = completed(landlord)
    door.will(granted("short-lived"), TOKEN_OVER)
    exchange.run(session_id=session.pk)
    read_first(session)
    assert again(session).reason_code == "refused"


EVERY_FAILURE = pytest.mark.parametrize(
    "attempt", [denied, abandoned, lost, of_another_person, refused_at_the_first_read]
)


def reconnect(landlord: Landlord, door: FakeDoor) -> Grant:
    session = completed(landlord)
    door.will(granted("second"), ONE_BUSINESS)
    exchange.run(session_id=session.pk)
    return read_first(session)


@pytest.fixture
def dead(grant: Grant, landlord: Landlord) -> Grant:
    Connection.objects.filter(landlord=landlord).update(state="reconnect_required", reason_code="refused")
    Grant.objects.filter(pk=grant.pk).update(status=GrantStatus.DEAD)
    return again(grant)


@EVERY_FAILURE
def test_an_attempt_that_fails_half_way_leaves_a_connection_that_works_as_it_was(
    grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock, attempt: Attempt
) -> None:
    before = connection_of(landlord)

    attempt(landlord, door, time)

    after, kept = connection_of(landlord), again(grant)
    assert (after.state, after.reason_code, after.grant, after.generation) == ("active", "", grant, before.generation)
    assert (kept.status, opened(kept.access_token), opened(kept.refresh_token)) == (
        GrantStatus.ACTIVE,
        "access-old",
        "refresh-old",
    )
    assert not Grant.objects.exclude(pk=grant.pk).exclude(status=GrantStatus.WIPED).exists()


@EVERY_FAILURE
def test_an_attempt_that_fails_half_way_leaves_a_connection_that_needs_one_in_need(
    dead: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock, attempt: Attempt
) -> None:
    attempt(landlord, door, time)

    after = connection_of(landlord)
    assert (after.state, after.reason_code, after.grant) == ("reconnect_required", "refused", dead)


def test_the_old_pair_works_until_the_new_one_is_verified_and_is_wiped_then(
    grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
) -> None:
    session = completed(landlord)
    door.will(granted("second"))
    exchange.run(session_id=session.pk)
    kept = again(grant)
    assert (connection_of(landlord).grant, opened(kept.access_token)) == (grant, "access-old")

    door.will(ONE_BUSINESS)
    read_first(session)

    wiped = again(grant)
    assert (wiped.status, wiped.access_token, wiped.refresh_token) == (GrantStatus.WIPED, None, None)
    assert connection_of(landlord).grant_id == again(session).grant_id


@pytest.mark.parametrize("was", ["active", "reconnect_required"])
def test_the_landlord_and_the_connection_stay_the_same_of_a_later_generation(
    grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock, was: str
) -> None:
    Connection.objects.update(state=was, reason_code="refused" if was == "reconnect_required" else "")
    before = connection_of(landlord)

    newer = reconnect(landlord, door)

    after = connection_of(landlord)
    assert (after.pk, after.landlord_id, after.generation) == (before.pk, landlord.pk, before.generation + 1)
    assert (after.state, after.reason_code, after.grant) == ("active", "", newer)
    assert due_at("after_connect", landlord.pk) is not None


def test_the_links_that_asked_for_it_are_used_up(
    grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
) -> None:
    asked = Invitation.objects.create(
        landlord=landlord, purpose="reconnect", created_at=time.now, expires_at=grant.ends_at
    )
    other = Invitation.objects.create(landlord=landlord, created_at=time.now, expires_at=grant.ends_at)

    reconnect(landlord, door)

    assert (again(asked).status, again(other).status) == ("used", "created")


class TestALandlordOfTwoAgencies:
    @pytest.fixture
    def in_beta(self, grant: Grant, beta: Agency, time: FakeClock) -> Grant:
        """The same person's grant at the other agency."""
        with tenant(beta):
            elsewhere = connect(a_landlord(name="Lena Landlady"), name="beta")
        time.advance(hours=5)
        return elsewhere

    def test_removed_at_hmrc_is_told_to_each_by_its_own_refresh_alone(
        self, in_alpha: Agency, beta: Agency, grant: Grant, in_beta: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        with tenant(beta):
            before = _everything()
        door.will(INVALID_GRANT)
        refresh.run(grant_id=grant.pk)

        assert (Connection.objects.get().state, events()[-1]) == ("reconnect_required", "connection.reconnect_required")
        with tenant(beta):
            assert _everything() == before

        at_alpha = _everything()
        with tenant(beta):
            door.will(INVALID_GRANT)
            refresh.run(grant_id=in_beta.pk)
            assert Connection.objects.get().state == "reconnect_required"
            assert events() == ["connection.reconnect_required"]
        assert _everything() == at_alpha
        assert [asked.agency for asked in door.asked] == [str(in_alpha.pk), str(beta.pk)]
        assert set(Due.objects.filter(kind="tell_landlord").values_list("agency_id", flat=True)) == {
            in_alpha.pk,
            beta.pk,
        }

    def test_neither_learns_of_the_other_when_one_disconnects(
        self, in_alpha: Agency, beta: Agency, landlord: Landlord, in_beta: Grant, time: FakeClock
    ) -> None:
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        with tenant(beta):
            assert (Connection.objects.get().state, again(in_beta).status) == ("active", "active")
            assert events() == []


def _everything() -> list[Any]:
    """Of the agency in which we are: what it could see of a landlord's connection."""
    rows = [Connection.objects, Grant.objects, Event.objects, Invitation.objects]
    return [list(each.order_by("pk").values()) for each in rows]
