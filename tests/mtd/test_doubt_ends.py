"""A doubt does not last for ever, and a yes that came late is a yes."""

from datetime import timedelta
from typing import Any

import pytest

from hmrc_oauth.models import Connection, Grant
from landlords.models import Landlord
from mtd import evidence, filing, parked
from mtd.calling import SEND_WITHIN_S
from mtd.models import Attempt, Submission, SubmissionStatus
from mtd.settling import DOUBT_LASTS
from tests.hmrc_oauth.fake_door import (
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
from tests.hmrc_oauth.scenes import abandon, again, events
from tests.mtd.scenes import held, queue, submit_due

DONE = answered(status=204)
UNREADABLE = (SubmissionStatus.STOPPED, "submission.outcome_unreadable")


@pytest.fixture
def doubtful(grant: Grant, landlord: Landlord, door: FakeDoor) -> Submission:
    """Sent, and the answer was lost."""
    submission = queue(landlord)
    door.will(UNKNOWN)
    return run(submission)


def run(submission: Submission, *, times: int = 1) -> Submission:
    for _ in range(times):
        filing.run(submission_id=submission.pk)
    return again(submission)


def end(submission: Submission) -> tuple[str, str]:
    return submission.status, submission.reason_code


def part(landlord: Landlord) -> None:
    Connection.objects.filter(landlord=landlord).update(state="reconnect_required")


class TestARefusalToReadBack:
    @pytest.mark.parametrize("answer", [refused(403, "RULE_ODD"), refused(400, "RULE_TAX_YEAR_NOT_SUPPORTED")])
    def test_that_stays_ends_the_doubt_and_newer_figures_go(
        self, doubtful: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        time.advance(seconds=1)
        newer = queue(landlord, income="1300.00")
        door.will(*[answer] * 5, DONE)

        assert run(doubtful, times=4).status == SubmissionStatus.UNKNOWN
        stopped = run(doubtful)

        assert end(stopped) == UNREADABLE
        assert (stopped.hmrc_status, events()[-1]) == (answer.status, "submission.stopped")  # type: ignore[union-attr]
        assert run(newer).outcome == "confirmed"

    def test_that_only_means_the_token_or_the_pace_does_not(
        self, doubtful: Submission, grant: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        for answer in [TOKEN_OVER, refused(429)] * 4:
            Grant.objects.update(access_expires_at=time.now + timedelta(hours=3))
            door.will(answer)
            run(doubtful)

        assert again(doubtful).status == SubmissionStatus.UNKNOWN


def test_what_can_not_be_read_for_a_week_is_left_to_a_person(
    doubtful: Submission, grant: Grant, door: FakeDoor, time: FakeClock
) -> None:
    time.now += DOUBT_LASTS
    Grant.objects.update(access_expires_at=time.now + timedelta(hours=3))
    door.will(UNKNOWN)

    assert end(run(doubtful)) == UNREADABLE


class TestWithoutAConnection:
    def test_it_is_parked_in_doubt(self, doubtful: Submission, landlord: Landlord, time: FakeClock) -> None:
        part(landlord)

        assert run(doubtful).status == SubmissionStatus.UNKNOWN
        assert submit_due(doubtful) == time.now + DOUBT_LASTS
        assert events().count("submission.unknown") == 1

    def test_it_is_read_back_after_the_reconnect_before_newer_figures_go(
        self, doubtful: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        part(landlord)
        run(doubtful)
        Connection.objects.filter(landlord=landlord).update(state="active")

        assert parked.resume(landlord_id=landlord.pk, now=time.now) == 1
        door.will(held("1200.00"))
        assert submit_due(doubtful) == time.now
        assert run(doubtful).outcome == "reconciled"

    def test_it_ends_after_a_week(self, doubtful: Submission, landlord: Landlord, time: FakeClock) -> None:
        part(landlord)
        time.now += DOUBT_LASTS

        assert end(run(doubtful)) == UNREADABLE
        assert submit_due(doubtful) is None

    def test_one_whose_sender_died_is_in_doubt(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        submission = queue(landlord)
        assert submission.claim_to_put(now=time.now)
        part(landlord)

        assert run(submission).status == SubmissionStatus.SENDING  # its sender may live
        abandon(submission)

        assert run(submission).status == SubmissionStatus.UNKNOWN
        assert events()[-1] == "submission.unknown"


def test_a_yes_that_came_late_is_not_asked_for_again(
    grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
) -> None:
    """Its sender stood still until somebody else had taken over and found nothing at HMRC."""
    submission = queue(landlord)

    def another_finds_nothing() -> None:
        abandon(submission)
        run(submission)

    door.will(meanwhile(another_finds_nothing, DONE), NOTHING_THERE)
    assert run(submission).status == SubmissionStatus.QUEUED

    assert run(submission).outcome == "confirmed"
    assert (again(submission).correlation_id, submit_due(submission)) == ("corr-answered", None)


def test_a_sender_that_stood_still_after_its_claim_has_no_time_left_to_send(
    grant: Grant, landlord: Landlord, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission, left = queue(landlord), []

    def waits_for_a_slot(*_: Any, timeout_s: float, **__: Any) -> Answer:
        left.append(timeout_s)
        return NOT_SENT

    moments = iter([0.0, SEND_WITHIN_S + 1])
    monkeypatch.setattr(filing, "monotonic", lambda: next(moments))
    monkeypatch.setattr(filing, "call", waits_for_a_slot)

    assert run(submission).status == SubmissionStatus.QUEUED
    assert left == [0.0]


class TestEvidence:
    def test_tells_every_call_and_what_came_of_it(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        submission = queue(landlord, is_known=False)
        door.will(NOTHING_THERE, UNKNOWN, held("1200.00"))

        run(submission, times=3)

        told = evidence.get(submission_id=submission.pk)
        assert [(call.what, call.outcome, call.hmrc_status) for call in told.calls] == [
            ("read", "refused", 404),
            ("put", "unknown", None),
            ("read_back", "answered", 200),
        ]
        assert [call.correlation_id for call in told.calls] == ["corr-refused", "", "corr-answered"]
        assert bytes(told.calls[2].held_digest or b"") == bytes(submission.digest)
        assert told.hmrc_holds is not None
        assert told.hmrc_holds.submission_id == submission.pk

    def test_is_there_before_the_call_is_made(self, grant: Grant, landlord: Landlord, door: FakeDoor) -> None:
        submission = queue(landlord)

        def look() -> Answer:
            (call,) = evidence.get(submission_id=submission.pk).calls
            assert (call.what, call.outcome, call.ended_at) == ("put", "", None)
            return DONE

        door.will(look)

        run(submission)

        assert evidence.get(submission_id=submission.pk).calls[0].ended_at is not None

    def test_is_written_once(self, doubtful: Submission, time: FakeClock) -> None:
        call = Attempt.objects.get(submission=doubtful)

        call.complete(answered(status=204), now=time.now)

        assert again(call).outcome == "unknown"
