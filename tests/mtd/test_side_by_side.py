"""Two workers for real: an older figure and its correction, in any order, end with the correction at HMRC."""

from collections.abc import Iterator
from decimal import Decimal
from threading import Lock

import pytest

from hmrc_oauth import connections
from mtd import fetching, filing
from mtd.models import Submission, SubmissionStatus
from tenants.models import Agency
from tests.hmrc_oauth.fake_door import Answer, FakeClock, FakeDoor, answered
from tests.hmrc_oauth.scenes import KEY, a_landlord, again, connect, due_at
from tests.hmrc_oauth.side_by_side import at_once, committed
from tests.mtd.scenes import queue

ROUNDS = 3


@pytest.fixture
def agency(alpha_committed: Agency, time: FakeClock, door: FakeDoor) -> Iterator[Agency]:
    with committed(alpha_committed):
        yield alpha_committed


class OnTheWire:
    """HMRC, which notices if two figures of one business are on the wire at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.crossed = 0

    def __call__(self) -> Answer:
        if not self._lock.acquire(blocking=False):
            self.crossed += 1
            return answered(status=204)
        try:
            Submission.objects.count()  # as long as a look at the database takes
            return answered(status=204)
        finally:
            self._lock.release()


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_an_older_figure_is_never_last(agency: Agency, door: FakeDoor, time: FakeClock, _round: int) -> None:
    landlord = a_landlord()
    connect(landlord)
    older = queue(landlord, income="1.00")
    time.advance(seconds=1)
    newer = queue(landlord, income="2.00")
    wire = OnTheWire()
    door.will(*[wire] * 4)

    works = [lambda: filing.run(submission_id=older.pk), lambda: filing.run(submission_id=newer.pk)] * 2
    assert at_once(agency, *works) == [None] * 4
    filing.run(submission_id=newer.pk)

    door._script.clear()
    sent = [asked.body["ukProperty"]["income"]["periodAmount"] for asked in door.asked]
    assert sent.count(Decimal(2)) == 1
    assert sent[-1] == Decimal(2)
    assert wire.crossed == 0
    assert again(newer).status == SubmissionStatus.ACCEPTED


def test_eight_bells_send_one_figure(agency: Agency, door: FakeDoor) -> None:
    landlord = a_landlord()
    connect(landlord)
    submission = queue(landlord)
    door.will(answered(status=204))

    ends = at_once(agency, *[lambda: filing.run(submission_id=submission.pk)] * 8)

    assert (ends, len(door.asked)) == ([None] * 8, 1)
    assert again(submission).status == SubmissionStatus.ACCEPTED


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_parking_and_resuming_leave_nothing_behind(
    agency: Agency, door: FakeDoor, time: FakeClock, _round: int
) -> None:
    landlord = a_landlord()
    connect(landlord)
    submission = queue(landlord)
    connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)
    door.will(*[answered(status=204)] * 2)

    def reconnect() -> None:
        connect(landlord, name="second")
        fetching.after_connect(landlord_id=landlord.pk, now=time.now)

    ends = at_once(agency, reconnect, lambda: filing.run(submission_id=submission.pk))

    door._script.clear()
    assert ends == [None, None]
    settled = again(submission).status == SubmissionStatus.ACCEPTED
    assert settled or due_at("submit", submission.pk) is not None
