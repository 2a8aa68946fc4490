"""When a due date ends, how near it is, and who has to act."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mtd import deadlines
from mtd.deadlines import Risk, WaitingOn

TODAY = date(2026, 8, 1)


@pytest.mark.parametrize(
    ("due_date", "ends"),
    [
        (date(2026, 8, 7), datetime(2026, 8, 7, 23, tzinfo=UTC)),  # summer: an hour before UTC's midnight
        (date(2026, 11, 7), datetime(2026, 11, 8, tzinfo=UTC)),
        (date(2026, 3, 28), datetime(2026, 3, 29, tzinfo=UTC)),  # the clocks go forward an hour after this day's end
        (date(2026, 3, 29), datetime(2026, 3, 29, 23, tzinfo=UTC)),  # the day itself has 23 hours
        (date(2026, 10, 24), datetime(2026, 10, 24, 23, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 26, tzinfo=UTC)),  # and this one 25
    ],
)
def test_a_due_date_ends_with_the_day_in_london(due_date: date, ends: datetime) -> None:
    assert deadlines.due_at(due_date) == ends
    assert deadlines.is_late(due_date, at=ends)
    assert not deadlines.is_late(due_date, at=ends - timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("days", "waiting_on", "expected"),
    [
        (-1, WaitingOn.QUARTERDAY, Risk.LATE),
        (0, WaitingOn.QUARTERDAY, Risk.CRITICAL),
        (1, WaitingOn.QUARTERDAY, Risk.HIGH),
        (2, WaitingOn.QUARTERDAY, Risk.LOW),
        (1, WaitingOn.AGENCY, Risk.CRITICAL),
        (2, WaitingOn.AGENCY, Risk.HIGH),
        (10, WaitingOn.AGENCY, Risk.LOW),
        (6, WaitingOn.LANDLORD, Risk.CRITICAL),
        (7, WaitingOn.LANDLORD, Risk.HIGH),
        (21, WaitingOn.LANDLORD, Risk.LOW),
        (-400, WaitingOn.NOBODY, Risk.NONE),
    ],
)
def test_people_are_given_longer_than_machines(days: int, waiting_on: WaitingOn, expected: Risk) -> None:
    due_date = TODAY + timedelta(days=days)

    assert deadlines.risk(waiting_on=waiting_on, due_date=due_date, today=TODAY) is expected
