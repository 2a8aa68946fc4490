"""Whose updates are ours to see to: only for them is anybody chased, and only they count as due."""

from datetime import date, timedelta

import pytest
from django.core import mail

from events.models import Event
from hmrc_oauth import expiry, letters
from hmrc_oauth.models import Connection, Grant
from landlords import records
from landlords.models import Landlord, MtdHandling
from mtd import deadlines
from mtd.models import Obligation
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import KEY, again, connection_of, due_at

OTHERS = pytest.mark.parametrize("handling", [each for each in MtdHandling if each != MtdHandling.US])


@pytest.fixture
def owing(grant: Grant, landlord: Landlord) -> Landlord:
    """Connected, with an address and a quarter to be reported."""
    day = date(2026, 7, 5)
    quarter = {"period_start": day, "period_end": day, "due_date": day + timedelta(days=33)}
    Obligation.objects.create(landlord=landlord, business_id="X", status="open", **quarter)
    Landlord.objects.filter(pk=landlord.pk).update(email="lena@post.example")
    return again(landlord)


def handled_by(landlord: Landlord, handling: str, time: FakeClock) -> None:
    given = {"mtd_handling": handling}
    records.change(by=KEY, landlord_id=landlord.pk, given=given, expected=None, now=time.now)


def test_whoever_is_put_on_file_is_ours_until_somebody_says_otherwise(owing: Landlord) -> None:
    assert owing.mtd_handling == MtdHandling.US
    assert deadlines.rows().count() == 1


@OTHERS
def test_what_others_see_to_is_not_counted_as_due(handling: str, owing: Landlord, time: FakeClock) -> None:
    handled_by(owing, handling, time)

    assert deadlines.rows().count() == 0
    assert deadlines.summary(today=time.now.date()) == []


@OTHERS
def test_nobody_is_asked_to_connect_again_for_what_others_see_to(
    handling: str, owing: Landlord, time: FakeClock
) -> None:
    handled_by(owing, handling, time)
    Connection.objects.update(state="reconnect_required", changed_at=time.now)
    letters.owe(connection_of(owing), now=time.now)

    letters.run(connection_id=connection_of(owing).pk)

    assert mail.outbox == []
    assert not Event.objects.filter(type__startswith="connection.").exists()
    assert due_at("tell_landlord", connection_of(owing).pk) is None


@pytest.mark.parametrize(("handling", "many"), [("us", 1), ("exempt", 0)])
def test_the_end_of_a_grant_is_foretold_where_it_is_ours(
    handling: str, many: int, owing: Landlord, grant: Grant, time: FakeClock
) -> None:
    handled_by(owing, handling, time)
    expiry.plan(grant)
    time.now = grant.ends_at - timedelta(days=90)

    expiry.run(grant_id=grant.pk, now=time.now)

    assert Event.objects.filter(type="connection.expiring").count() == many
    assert due_at("expiring", grant.pk) == grant.ends_at - timedelta(days=30)


def test_that_a_connection_was_ended_is_said_whoever_sees_to_the_updates(
    owing: Landlord, grant: Grant, time: FakeClock
) -> None:
    handled_by(owing, "accountant", time)
    Connection.objects.update(state="disconnected", changed_at=time.now)
    letters.owe(connection_of(owing), now=time.now)

    letters.run(connection_id=connection_of(owing).pk)

    assert [sent.to for sent in mail.outbox] == [["lena@post.example"]]
