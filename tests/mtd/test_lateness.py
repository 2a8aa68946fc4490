"""A quarter is due to the last second of its day in London. What comes later is taken all the same, and marked."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hmrc_oauth.models import Grant
from landlords.models import Landlord
from mtd import filing
from mtd.models import Obligation, SubmissionStatus
from tests.hmrc_oauth.fake_door import FakeClock, FakeDoor, answered
from tests.hmrc_oauth.scenes import again
from tests.mtd.scenes import BUSINESS, END, START, queue


def owe(landlord: Landlord, due: date) -> None:
    Obligation.objects.create(
        landlord=landlord,
        business_id=BUSINESS,
        type_of_business="uk-property",
        period_start=START,
        period_end=END,
        due_date=due,
        status="open",
    )


@pytest.mark.parametrize(
    ("due", "over"),
    [
        (date(2026, 11, 7), datetime(2026, 11, 8, 0, 0, tzinfo=UTC)),
        (date(2026, 8, 7), datetime(2026, 8, 7, 23, 0, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 26, 0, 0, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 28, 23, 0, tzinfo=UTC)),
    ],
)
def test_the_due_date_ends_with_its_day_in_london(
    grant: Grant, landlord: Landlord, time: FakeClock, due: date, over: datetime
) -> None:
    owe(landlord, due)
    submission = queue(landlord)

    assert submission.due_date == due
    assert submission.is_late(now=over - timedelta(seconds=1)) is False
    assert submission.is_late(now=over) is True


def test_late_work_is_taken_and_sent(grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock) -> None:
    owe(landlord, date(2026, 11, 7))
    submission = queue(landlord)
    door.will(answered(status=204))

    filing.run(submission_id=submission.pk)

    sent = again(submission)
    assert (sent.status, sent.is_late(now=time.now)) == (SubmissionStatus.ACCEPTED, True)


def test_what_was_sent_in_time_is_never_late(grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock) -> None:
    owe(landlord, date(2026, 11, 22))
    submission = queue(landlord)
    door.will(answered(status=204))
    filing.run(submission_id=submission.pk)

    assert again(submission).is_late(now=time.advance(days=30)) is False


def test_where_hmrc_was_not_asked_nobody_knows(grant: Grant, landlord: Landlord, time: FakeClock) -> None:
    assert queue(landlord).is_late(now=time.now) is None
