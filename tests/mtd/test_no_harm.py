"""Nothing at HMRC is erased that was not sent from here, unless the caller has seen it and says so."""

from decimal import Decimal
from typing import Any

import pytest

from hmrc_oauth.models import Grant
from landlords.models import Landlord
from mtd import evidence, filing
from mtd.held import NOTHING, last_seen, note
from mtd.models import Submission, SubmissionStatus
from people.models import Operation
from tenants.errors import KeyDenied
from tenants.models import TenantKey
from tenants.vault import Purpose, keyring
from tests.hmrc_oauth.fake_door import (
    NOT_AUTHORISED,
    NOT_SENT,
    NOTHING_THERE,
    TOKEN_OVER,
    UNKNOWN,
    Answer,
    FakeClock,
    FakeDoor,
    answered,
    meanwhile,
    refused,
)
from tests.hmrc_oauth.scenes import again, due_at, events
from tests.mtd.scenes import END, START, held, queue, submit_due

DONE = answered(status=204)
PUT, GET = "property_business.put_uk_cumulative", "property_business.get_uk_cumulative"
STOPPED = (SubmissionStatus.STOPPED, "submission.would_overwrite")


@pytest.fixture
def submission(grant: Grant, landlord: Landlord) -> Submission:
    """The first one ever: what HMRC holds was never looked at."""
    return queue(landlord, is_known=False)


def run(submission: Submission, *, times: int = 1) -> Submission:
    for _ in range(times):
        filing.run(submission_id=submission.pk)
    return again(submission)


def end(submission: Submission) -> tuple[str, str]:
    return submission.status, submission.reason_code


class TestTheFirstLook:
    @pytest.mark.parametrize("answer", [NOTHING_THERE, held("1200")])
    def test_comes_before_the_figures_and_is_a_step_of_its_own(
        self, submission: Submission, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        door.will(answer, DONE)

        looked = run(submission)
        assert (door.kinds, looked.status, looked.sent_at) == ([GET], SubmissionStatus.QUEUED, None)
        assert submit_due(submission) == time.now

        assert run(submission).outcome == "confirmed"
        assert door.kinds == [GET, PUT]

    def test_takes_no_404_of_another_kind_for_hmrc_holding_nothing(
        self, submission: Submission, door: FakeDoor
    ) -> None:
        door.will(refused(404, "NOT_FOUND"))

        assert run(submission).status == SubmissionStatus.QUEUED
        assert (door.kinds, last_seen(submission)) == ([GET], None)

    def test_stops_before_figures_that_somebody_else_sent(self, submission: Submission, door: FakeDoor) -> None:
        door.will(held("900.00"))

        assert end(run(submission, times=3)) == STOPPED
        assert (door.kinds, events()[-1], submit_due(submission)) == ([GET], "submission.stopped", None)
        assert Operation.objects.get(pk=submission.pk).error_code == "submission.would_overwrite"

    def test_shows_both(self, submission: Submission, door: FakeDoor) -> None:
        door.will(held("900"))

        shown = evidence.in_the_way(run(submission, times=2))

        assert shown is not None
        assert shown.figures == {"income": {"periodAmount": "900.00"}}
        assert (shown.period_start, shown.period_end) == (START.isoformat(), END.isoformat())
        assert shown.submission_id is None

    @pytest.mark.parametrize("answer", [UNKNOWN, NOT_SENT, TOKEN_OVER, refused(429, "MESSAGE_THROTTLED_OUT")])
    def test_that_came_to_nothing_is_taken_again(
        self, submission: Submission, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        door.will(answer)

        waiting = run(submission)

        assert (waiting.status, waiting.lease_ends_at) == (SubmissionStatus.QUEUED, None)
        assert submit_due(submission) > time.now
        assert "submission.unknown" not in events()

    def test_that_hmrc_refuses_rejects_it(self, submission: Submission, door: FakeDoor) -> None:
        door.will(NOT_AUTHORISED)

        assert end(run(submission)) == (SubmissionStatus.REJECTED, "hmrc.nino_mismatch")

    def test_whose_taker_died_is_no_doubt(self, submission: Submission, door: FakeDoor, time: FakeClock) -> None:
        def die() -> Answer:
            raise SystemExit

        door.will(die, NOTHING_THERE, DONE)
        with pytest.raises(SystemExit):
            run(submission)

        assert run(submission).status == SubmissionStatus.QUEUED  # its lease is not over
        Submission.objects.update(lease_ends_at=None)
        assert run(submission, times=2).outcome == "confirmed"
        assert "submission.unknown" not in events()

    def test_keeps_others_of_the_business_waiting(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        def correct() -> None:
            time.advance(seconds=1)
            newer = queue(landlord, income="1300.00", is_known=False)
            assert run(newer).status == SubmissionStatus.QUEUED

        door.will(meanwhile(correct, NOTHING_THERE))

        assert run(submission).status == SubmissionStatus.QUEUED
        assert door.kinds == [GET]

    def test_of_one_dropped_meanwhile_changes_nothing(self, submission: Submission, door: FakeDoor) -> None:
        door.will(
            meanwhile(lambda: Submission.objects.update(status=SubmissionStatus.CANCELLED, fence=0), NOTHING_THERE)
        )

        assert run(submission).status == SubmissionStatus.CANCELLED
        assert last_seen(submission) is None


class TestWhatWasSeen:
    def test_within_a_day_costs_no_other_look(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(NOTHING_THERE, DONE, DONE)
        run(submission, times=2)
        time.advance(hours=2)

        assert run(queue(landlord, income="1300.00")).outcome == "confirmed"
        assert door.kinds == [GET, PUT, PUT]

    def test_over_a_day_ago_is_looked_at_again(
        self, submission: Submission, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        note(submission, NOTHING, now=time.now)
        time.advance(hours=24)
        Grant.objects.update(access_expires_at=time.now.replace(year=2027))
        door.will(NOTHING_THERE)

        run(submission)

        assert door.kinds == [GET]

    def test_and_was_ours_may_be_replaced(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(NOTHING_THERE, DONE)
        run(submission, times=2)
        seen = last_seen(submission)
        assert seen is not None
        assert seen.submission == submission
        note(submission, NOTHING, now=time.now.replace(year=2025))
        door.will(held("1200.00"), DONE)
        time.advance(seconds=1)

        newer = queue(landlord, income="1300.00")

        assert run(newer, times=2).outcome == "confirmed"

    def test_and_was_ours_by_an_answer_that_never_came_may_be_replaced(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        """It arrived after it had been looked for, when a newer one had taken its place."""
        door.will(NOTHING_THERE, UNKNOWN, NOTHING_THERE, held("1200.00"), DONE)
        run(submission, times=3)
        time.advance(seconds=1)
        newer = queue(landlord, income="1300.00")
        run(submission)
        note(submission, NOTHING, now=time.now.replace(year=2025))

        assert again(submission).status == SubmissionStatus.SUPERSEDED
        assert run(newer, times=2).outcome == "confirmed"

    @pytest.mark.parametrize("answer", [NOT_SENT, refused(400, "RULE_BOTH_EXPENSES_SUPPLIED")])
    def test_is_not_ours_for_our_having_tried(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        """The same figures never left here, or were refused; somebody else has sent them."""
        door.will(NOTHING_THERE, answer, held("1200.00"))
        run(submission, times=2)
        note(submission, NOTHING, now=time.now.replace(year=2025))
        time.advance(seconds=1)

        assert end(run(queue(landlord, income="1300.00"), times=2)) == STOPPED

    def test_of_another_year_says_nothing(self, submission: Submission, landlord: Landlord, door: FakeDoor) -> None:
        note(submission, NOTHING, now=submission.created_at)
        other = queue(landlord, tax_year="2025-26", is_known=False)
        door.will(NOTHING_THERE)

        run(other)

        assert door.kinds == [GET]


class TestReplacing:
    @pytest.fixture
    def foreign(self, submission: Submission, door: FakeDoor, time: FakeClock) -> str:
        """The digest of what HMRC holds, as the stopped submission shows it."""
        door.will(held("900.00"))
        shown = evidence.in_the_way(run(submission, times=2))
        time.advance(minutes=5)
        assert shown is not None
        assert shown.digest is not None
        return shown.digest

    def test_goes_on_where_hmrc_still_holds_what_was_shown(
        self, foreign: str, landlord: Landlord, door: FakeDoor
    ) -> None:
        door.will(DONE)

        assert run(queue(landlord, replaces=foreign)).outcome == "confirmed"
        assert door.asked[-1].body["ukProperty"]["income"]["periodAmount"] == Decimal(1200)

    @pytest.mark.parametrize("replaces", [None, "00" * 32])
    def test_nothing_or_something_else_stops_again(
        self, foreign: str, landlord: Landlord, door: FakeDoor, replaces: str | None
    ) -> None:
        assert end(run(queue(landlord, replaces=replaces))) == STOPPED

    def test_stops_where_hmrc_holds_something_newer(
        self, foreign: str, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        note(submission, NOTHING, now=time.now.replace(year=2025))
        door.will(held("950.00"))

        assert end(run(queue(landlord, replaces=foreign), times=2)) == STOPPED

    def test_is_read_back_against_it_too(self, foreign: str, landlord: Landlord, door: FakeDoor) -> None:
        door.will(UNKNOWN, held("900.00"), DONE)

        assert run(queue(landlord, replaces=foreign), times=3).outcome == "confirmed"


def test_figures_that_are_not_those_approved_are_never_sent(submission: Submission, door: FakeDoor) -> None:
    Submission.objects.update(digest=b"\x00" * 32)

    assert end(run(submission)) == (SubmissionStatus.STOPPED, "submission.altered")
    assert door.asked == []


def test_figures_whose_seal_is_broken_are_never_sent(submission: Submission, landlord: Landlord) -> None:
    other: Any = queue(landlord, business_id="XAIS00000000002", is_known=False)
    Submission.objects.filter(pk=submission.pk).update(figures=other.figures)

    assert end(run(submission)) == (SubmissionStatus.STOPPED, "submission.altered")
    assert due_at("submit", submission.pk) is None


def test_figures_whose_key_another_host_can_unwrap_are_left_to_it(submission: Submission, door: FakeDoor) -> None:
    TenantKey.objects.filter(purpose=Purpose.PII).update(kek_ref="a line of the key file that is not here yet")
    keyring.forget()

    with pytest.raises(KeyDenied):
        run(submission)

    assert end(again(submission)) == (SubmissionStatus.QUEUED, "")
    assert due_at("submit", submission.pk) is not None
    assert door.asked == []
