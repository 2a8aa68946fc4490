"""What waits for a connection: looked at again once it works, sent by itself, cancelled if that was asked for."""

from datetime import date

import pytest

from hmrc_oauth.models import Connection, Grant
from landlords.models import Landlord
from mtd import fetching, filing, parked, rules
from mtd.models import Submission, SubmissionStatus
from mtd.parked import Work
from people.models import Operation
from tests.hmrc_oauth.fake_door import FakeClock, FakeDoor, answered
from tests.hmrc_oauth.scenes import KEY, again, connect, connection_of, events
from tests.mtd.scenes import queue, submit_due

WAITING = SubmissionStatus.WAITING_FOR_CONNECTION


@pytest.fixture
def waiting(grant: Grant, landlord: Landlord) -> Submission:
    """Parked since the grant died."""
    submission = queue(landlord)
    Connection.objects.update(state="reconnect_required")
    filing.run(submission_id=submission.pk)
    assert again(submission).status == WAITING
    return again(submission)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"tax_year": "2025-26"}, "hmrc.amendment_window_closed"),
        ({"period_end": date(2026, 4, 5)}, "request.invalid"),
    ],
)
def test_what_hmrc_would_refuse_by_now_is_rejected_with_its_code_and_costs_no_request(
    waiting: Submission,
    landlord: Landlord,
    door: FakeDoor,
    time: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, object],
    reason: str,
) -> None:
    Submission.objects.update(**change)
    monkeypatch.setattr("tenants.clock.today", lambda: date(2028, 2, 1))
    connect(landlord, name="second")

    fetching.after_connect(landlord_id=landlord.pk, now=time.now)
    filing.run(submission_id=waiting.pk)

    settled, operation = again(waiting), Operation.objects.get(pk=waiting.pk)
    assert (settled.status, settled.reason_code, settled.settled_at) == (SubmissionStatus.REJECTED, reason, time.now)
    assert (operation.status, operation.error_code) == ("failed", reason)
    assert (door.asked, submit_due(waiting), events().count("submission.rejected")) == ([], None, 1)


def test_what_is_still_valid_goes_by_itself_beside_what_is_not(
    waiting: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
) -> None:
    old = queue(landlord, tax_year="2025-26", period_start=date(2025, 4, 6), period_end=date(2025, 7, 5))
    Submission.objects.filter(pk=old.pk).update(status=WAITING, period_end=date(2025, 4, 5))
    connect(landlord, name="second")

    assert parked.resume(landlord_id=landlord.pk, now=time.now) == 1

    door.will(answered({}))
    filing.run(submission_id=waiting.pk)
    assert (again(waiting).status, again(old).status) == ("accepted", "rejected")


@pytest.mark.parametrize(
    ("today", "is_too_late"), [(date(2029, 1, 31), False), (date(2029, 2, 1), True), (date(2026, 11, 22), False)]
)
def test_amendments_end_a_year_after_the_filing_date(today: date, is_too_late: bool) -> None:
    assert rules.is_too_late(tax_year="2026-27", today=today) is is_too_late


class TestADisconnect:
    @pytest.mark.parametrize("status", ["queued", "waiting_for_connection"])
    def test_that_cancels_ends_what_was_not_sent(
        self, grant: Grant, landlord: Landlord, time: FakeClock, status: str
    ) -> None:
        submission = queue(landlord)
        Submission.objects.update(status=status)

        parked.disconnect(by=KEY, landlord_id=landlord.pk, work=Work.CANCEL, now=time.now)

        ended, operation = again(submission), Operation.objects.get(pk=submission.pk)
        assert (ended.status, ended.reason_code, ended.settled_at) == ("cancelled", "hmrc.not_connected", time.now)
        assert (operation.status, operation.error_code) == ("failed", "hmrc.not_connected")
        assert (submit_due(submission), events().count("submission.cancelled")) == (None, 1)

    @pytest.mark.parametrize("status", ["sending", "unknown", "accepted"])
    def test_calls_nothing_back_that_is_on_its_way_or_there(
        self, grant: Grant, landlord: Landlord, time: FakeClock, status: str
    ) -> None:
        submission = queue(landlord)
        Submission.objects.update(status=status)

        parked.disconnect(by=KEY, landlord_id=landlord.pk, work=Work.CANCEL, now=time.now)

        assert (again(submission).status, connection_of(landlord).state) == (status, "disconnected")

    def test_that_parks_lets_nothing_go_until_the_landlord_connects_again(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        submission = queue(landlord)
        parked.disconnect(by=KEY, landlord_id=landlord.pk, work=Work.PARK, now=time.now)
        filing.run(submission_id=submission.pk)
        assert (again(submission).status, door.asked) == (WAITING, [])

        connect(landlord, name="second")
        fetching.after_connect(landlord_id=landlord.pk, now=time.now)
        door.will(answered({}))
        filing.run(submission_id=submission.pk)

        assert again(submission).status == SubmissionStatus.ACCEPTED

    def test_cancels_what_an_earlier_one_parked(self, waiting: Submission, landlord: Landlord, time: FakeClock) -> None:
        for work in (Work.PARK, Work.CANCEL):
            parked.disconnect(by=KEY, landlord_id=landlord.pk, work=work, now=time.now)

        assert again(waiting).status == SubmissionStatus.CANCELLED
        assert events().count("connection.disconnected") == 1


def test_a_cancelled_figure_supersedes_none_that_is_older(
    grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
) -> None:
    older = queue(landlord)
    time.advance(minutes=1)
    newer = queue(landlord, income="1.00")
    Submission.objects.filter(pk=newer.pk).update(status=SubmissionStatus.CANCELLED)
    door.will(answered({}))

    filing.run(submission_id=older.pk)

    assert again(older).status == SubmissionStatus.ACCEPTED
