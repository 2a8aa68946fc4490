"""What keeps a connection warm: work that waits, and a quarter that is nearly due."""

from datetime import date, timedelta

import pytest

from hmrc_oauth.models import Grant
from landlords.models import Landlord
from mtd import fetching, readings, work
from mtd.models import Obligation, Submission
from tenants import due
from tests.hmrc_oauth.fake_door import NOTHING_THERE, FakeClock, FakeDoor
from tests.hmrc_oauth.scenes import a_landlord, connection_of
from tests.mtd.scenes import BUSINESS, END, START, queue


@pytest.fixture
def today(time: FakeClock) -> date:
    return time.now.date()


def owed(landlord: Landlord, *, by: date, status: str = "open") -> Obligation:
    return Obligation.objects.create(
        landlord=landlord,
        business_id=BUSINESS,
        type_of_business="uk-property",
        period_start=START,
        period_end=END,
        due_date=by,
        status=status,
    )


def test_a_landlord_for_whom_nothing_waits_has_none(grant: Grant, landlord: Landlord) -> None:
    assert not work.is_ahead(landlord.pk)


@pytest.mark.parametrize("status", ["queued", "sending", "unknown", "waiting_for_connection"])
def test_a_submission_that_is_not_settled_is_work(grant: Grant, landlord: Landlord, status: str) -> None:
    queue(landlord)
    Submission.objects.update(status=status)

    assert work.is_ahead(landlord.pk)


@pytest.mark.parametrize("status", ["accepted", "rejected", "superseded"])
def test_a_settled_one_is_not(grant: Grant, landlord: Landlord, status: str) -> None:
    queue(landlord)
    Submission.objects.update(status=status)

    assert not work.is_ahead(landlord.pk)


def test_a_reading_under_way_is_work_until_it_is_done(
    grant: Grant, landlord: Landlord, time: FakeClock, door: FakeDoor
) -> None:
    operation = readings.ask(landlord_id=landlord.pk, what="businesses", lane=due.Lane.BULK, now=time.now)
    waiting = work.is_ahead(landlord.pk)
    door.will(NOTHING_THERE)
    fetching.run(operation_id=operation.pk)

    assert (waiting, work.is_ahead(landlord.pk)) == (True, False)


@pytest.mark.parametrize(("days", "is_near"), [(-1, False), (0, True), (1, True), (2, False)])
def test_a_quarter_due_today_or_tomorrow_is_work(
    grant: Grant, landlord: Landlord, today: date, days: int, is_near: bool
) -> None:
    owed(landlord, by=today + timedelta(days=days))

    assert work.is_ahead(landlord.pk) is is_near


@pytest.mark.parametrize("status", ["fulfilled", "Fulfilled"])
def test_a_quarter_that_hmrc_calls_fulfilled_is_not(grant: Grant, landlord: Landlord, today: date, status: str) -> None:
    owed(landlord, by=today, status=status)

    assert not work.is_ahead(landlord.pk)


@pytest.mark.parametrize(("business", "is_reported"), [(BUSINESS, True), ("XAIS00000000000", False)])
def test_a_quarter_that_we_reported_is_not_though_hmrc_calls_it_open_still(
    grant: Grant, landlord: Landlord, today: date, business: str, is_reported: bool
) -> None:
    owed(landlord, by=today)
    queue(landlord)
    Submission.objects.update(status="accepted", business_id=business)

    assert work.is_ahead(landlord.pk) is not is_reported


def test_another_landlords_work_is_not_this_ones(grant: Grant, landlord: Landlord, today: date) -> None:
    owed(a_landlord(nino="AB654321B"), by=today)

    assert not work.is_ahead(landlord.pk)


@pytest.mark.parametrize(("lane", "is_used"), [(due.Lane.INTERACTIVE, True), (due.Lane.BULK, False)])
def test_a_reading_counts_as_use_if_a_person_asked(
    grant: Grant, landlord: Landlord, time: FakeClock, door: FakeDoor, lane: due.Lane, is_used: bool
) -> None:
    operation = readings.ask(landlord_id=landlord.pk, what="businesses", lane=lane, now=time.now)
    door.will(NOTHING_THERE)

    fetching.run(operation_id=operation.pk)

    assert connection_of(landlord).last_used_at == (time.now if is_used else None)
