"""The end of a grant, foretold: each nearness once, nothing after a reconnect, and never instead of HMRC's word."""

from datetime import timedelta

import pytest

from events.models import Event
from hmrc_oauth import connections, expiry, refresh, verify
from hmrc_oauth.models import Connection, Grant
from hmrc_oauth.models.grant import LIFE
from landlords.models import Landlord
from tests.hmrc_oauth.fake_door import ONE_BUSINESS, FakeClock, FakeDoor, granted
from tests.hmrc_oauth.scenes import KEY, again, connect, connection_of, due_at, exchanged


@pytest.fixture
def planned(grant: Grant) -> Grant:
    expiry.plan(grant)
    return grant


def ring_when_due(grant: Grant, time: FakeClock) -> None:
    """Whenever the list says so, until it says nothing more."""
    while (at := due_at("expiring", grant.pk)) is not None:
        time.now = at
        expiry.run(grant_id=grant.pk, now=time.now)


def warnings() -> list[int]:
    return [event.data["days"] for event in Event.objects.filter(type="connection.expiring").order_by("position")]


def test_a_verified_grant_is_on_the_list_for_its_first_warning(
    first: tuple[object, Grant], door: FakeDoor, time: FakeClock
) -> None:
    grant = first[1]
    door.will(ONE_BUSINESS)
    verify.run(grant_id=grant.pk)

    assert grant.ends_at == grant.granted_at + LIFE
    assert due_at("expiring", grant.pk) == grant.ends_at - timedelta(days=90)


def test_it_is_foretold_at_90_30_7_and_1_days_once_each(planned: Grant, time: FakeClock) -> None:
    ring_when_due(planned, time)

    told = list(Event.objects.filter(type="connection.expiring").order_by("position"))
    assert [planned.ends_at - event.occurred_at for event in told] == [timedelta(days=days) for days in (90, 30, 7, 1)]
    assert warnings() == [90, 30, 7, 1]
    assert told[0].data["grant_expires_at"] == planned.ends_at.isoformat()


def test_a_bell_that_rings_twice_or_early_tells_nothing_twice(planned: Grant, time: FakeClock) -> None:
    expiry.run(grant_id=planned.pk, now=time.now)
    assert warnings() == []

    time.now = planned.ends_at - timedelta(days=30)
    expiry.run(grant_id=planned.pk, now=time.now)
    expiry.run(grant_id=planned.pk, now=time.now)

    assert warnings() == [30]  # the nearest of those that were missed
    assert due_at("expiring", planned.pk) == planned.ends_at - timedelta(days=7)


def test_once_the_end_is_past_nothing_is_told_and_nothing_is_stopped(planned: Grant, time: FakeClock) -> None:
    time.now = planned.ends_at
    expiry.run(grant_id=planned.pk, now=time.now)

    assert (warnings(), due_at("expiring", planned.pk)) == ([], None)
    assert Connection.objects.get(grant=planned).can_file


def test_after_a_reconnect_the_old_warnings_are_dropped_and_new_ones_planned(
    planned: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
) -> None:
    _, newer = exchanged(landlord)
    door.will(ONE_BUSINESS)
    verify.run(grant_id=newer.pk)

    assert due_at("expiring", planned.pk) is None
    assert due_at("expiring", newer.pk) == newer.ends_at - timedelta(days=90)


def test_after_a_disconnect_nobody_is_warned(planned: Grant, landlord: Landlord, time: FakeClock) -> None:
    connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

    assert due_at("expiring", planned.pk) is None


@pytest.mark.parametrize("state", ["dead", "wiped"])
def test_of_a_grant_that_is_over_nobody_is_warned(planned: Grant, time: FakeClock, state: str) -> None:
    Grant.objects.update(status=state, access_token=None, refresh_token=None)
    time.now = planned.ends_at - timedelta(days=90)

    expiry.run(grant_id=planned.pk, now=time.now)

    assert (warnings(), due_at("expiring", planned.pk)) == ([], None)


def test_a_grant_that_no_connection_uses_is_taken_off_the_list(
    planned: Grant, landlord: Landlord, time: FakeClock
) -> None:
    connect(landlord, name="newer")

    expiry.run(grant_id=planned.pk, now=planned.ends_at - timedelta(days=90))

    assert (warnings(), due_at("expiring", planned.pk)) == ([], None)


def test_a_grant_that_lives_after_all_is_warned_of_again(
    stale: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
) -> None:
    def declared_dead() -> object:
        Grant.objects.update(status="dead")
        Connection.objects.update(state="reconnect_required", reason_code="lost")
        return granted("late")

    door.will(declared_dead)  # type: ignore[arg-type]
    refresh.run(grant_id=stale.pk)

    assert connection_of(landlord).state == "active"
    assert due_at("expiring", stale.pk) == stale.ends_at - timedelta(days=90)


def test_a_grant_whose_last_warning_was_given_is_not_put_on_the_list_again(planned: Grant, time: FakeClock) -> None:
    ring_when_due(planned, time)

    expiry.plan(again(planned))

    assert due_at("expiring", planned.pk) is None
