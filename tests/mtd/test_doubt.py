"""A submission whose outcome is not known is read back, then reconciled or sent again; no older figure goes last."""

from datetime import timedelta
from typing import Any

import pytest

from hmrc_oauth import connections
from hmrc_oauth.models import Grant
from landlords.models import Landlord
from mtd import filing, parked
from mtd.models import Submission, SubmissionStatus
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
from tests.hmrc_oauth.scenes import KEY, abandon, again, due_at, events
from tests.mtd.scenes import held, queue, submit_due

DONE = answered(status=204)
PUT, GET = "property_business.put_uk_cumulative", "property_business.get_uk_cumulative"


@pytest.fixture
def submission(grant: Grant, landlord: Landlord) -> Submission:
    return queue(landlord)


@pytest.fixture
def doubtful(submission: Submission, door: FakeDoor) -> Submission:
    """Sent, and the answer was lost."""
    door.will(UNKNOWN)
    filing.run(submission_id=submission.pk)
    return again(submission)


def correction(landlord: Landlord, time: FakeClock, *, income: str = "1300.00") -> Submission:
    """A newer figure for the same business and tax year."""
    time.advance(seconds=30)
    return queue(landlord, income=income)


class TestALostAnswer:
    def test_is_said_and_hmrc_is_read_back_before_anything_is_sent(
        self, doubtful: Submission, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(held("1200.00"))

        filing.run(submission_id=doubtful.pk)

        assert door.kinds == [PUT, GET]
        assert "submission.unknown" in events()

    def test_is_reconciled_where_hmrc_holds_the_very_figures(self, doubtful: Submission, door: FakeDoor) -> None:
        door.will(held("1200"))

        filing.run(submission_id=doubtful.pk)

        now = again(doubtful)
        assert (now.status, now.outcome) == (SubmissionStatus.ACCEPTED, "reconciled")
        assert events().count("submission.accepted") == 1

    def test_is_sent_again_where_hmrc_holds_what_it_held_before(self, doubtful: Submission, door: FakeDoor) -> None:
        door.will(NOTHING_THERE, DONE)

        filing.run(submission_id=doubtful.pk)
        filing.run(submission_id=doubtful.pk)

        assert door.kinds == [PUT, GET, PUT]
        assert (again(doubtful).status, again(doubtful).outcome) == (SubmissionStatus.ACCEPTED, "confirmed")

    @pytest.mark.parametrize(
        "answer",
        [
            held("1200.01"),
            held("1200.001"),
            answered(None),
            answered([]),
            answered({"fromDate": "2026-04-06", "toDate": "2026-07-05"}),
            answered({"fromDate": "2026-04-06", "toDate": "2026-07-05", "ukProperty": {"income": "odd"}}),
            answered({"fromDate": "2026-04-06", "toDate": "2026-07-05", "ukProperty": {"income": [None]}}),
            answered({"fromDate": "2026-04-06", "toDate": "2026-10-05", "ukProperty": {"income": {}}}),
        ],
    )
    def test_is_stopped_where_somebody_else_wrote_meanwhile(
        self, doubtful: Submission, door: FakeDoor, answer: Answer
    ) -> None:
        door.will(answer)

        filing.run(submission_id=doubtful.pk)
        filing.run(submission_id=doubtful.pk)

        now = again(doubtful)
        assert (now.status, now.reason_code) == (SubmissionStatus.STOPPED, "submission.would_overwrite")
        assert (events()[-1], submit_due(doubtful)) == ("submission.stopped", None)

    @pytest.mark.parametrize("answer", [UNKNOWN, NOT_SENT, refused(429, "MESSAGE_THROTTLED_OUT")])
    def test_stays_unknown_while_hmrc_can_not_be_read(
        self, doubtful: Submission, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        door.will(answer)

        filing.run(submission_id=doubtful.pk)

        assert (again(doubtful).status, again(doubtful).lease_ends_at) == (SubmissionStatus.UNKNOWN, None)
        assert submit_due(doubtful) >= time.now + timedelta(seconds=4)

    def test_waits_for_a_new_token_where_the_old_one_is_over(
        self, doubtful: Submission, grant: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(TOKEN_OVER)

        filing.run(submission_id=doubtful.pk)

        assert again(doubtful).status == SubmissionStatus.UNKNOWN
        assert due_at("refresh", grant.pk) == time.now

    def test_is_said_once(self, doubtful: Submission, door: FakeDoor) -> None:
        door.will(UNKNOWN, UNKNOWN)

        filing.run(submission_id=doubtful.pk)
        filing.run(submission_id=doubtful.pk)

        assert events().count("submission.unknown") == 1

    def test_is_not_parked_away_by_a_disconnect_while_it_waits_for_its_slot(
        self,
        doubtful: Submission,
        landlord: Landlord,
        door: FakeDoor,
        time: FakeClock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def disconnect_first(*args: Any, **given: Any) -> Answer:
            connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)
            return door.call(*args, **given)

        monkeypatch.setattr(filing, "call", disconnect_first)

        filing.run(submission_id=doubtful.pk)

        assert again(doubtful).status == SubmissionStatus.UNKNOWN
        assert submit_due(doubtful) is not None


class TestASenderThatDied:
    @pytest.fixture
    def orphan(self, submission: Submission, door: FakeDoor) -> Submission:
        """Claimed by a worker that was killed with the request on the wire; its lease is over."""

        def die() -> Answer:
            raise SystemExit

        door.will(die)
        with pytest.raises(SystemExit):
            filing.run(submission_id=submission.pk)
        abandon(submission)
        return again(submission)

    def test_leaves_doubt_that_is_read_back_and_nothing_is_sent_twice(self, orphan: Submission, door: FakeDoor) -> None:
        door.will(held("1200.00"))

        filing.run(submission_id=orphan.pk)

        assert door.kinds == [PUT, GET]
        assert again(orphan).outcome == "reconciled"

    def test_does_not_block_a_correction_for_ever(
        self, orphan: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        newer = correction(landlord, time)
        door.will(NOTHING_THERE, DONE)

        for submission in (newer, orphan, orphan, newer):
            filing.run(submission_id=submission.pk)

        assert again(orphan).status == SubmissionStatus.SUPERSEDED
        assert again(newer).status == SubmissionStatus.ACCEPTED
        assert door.kinds == [PUT, GET, PUT]

    def test_is_not_taken_over_before_its_lease_is_over(self, submission: Submission, door: FakeDoor) -> None:
        door.will(meanwhile(lambda: filing.run(submission_id=submission.pk), DONE))

        filing.run(submission_id=submission.pk)

        assert door.kinds == [PUT]

    @pytest.mark.parametrize("late", [NOT_SENT, UNKNOWN])
    def test_but_lives_and_has_nothing_to_say_leaves_it_to_the_other(
        self, submission: Submission, door: FakeDoor, late: Answer
    ) -> None:
        def another_reads_back() -> None:
            abandon(submission)
            filing.run(submission_id=submission.pk)

        door.will(meanwhile(another_reads_back, late), held("1200.00"))

        filing.run(submission_id=submission.pk)

        assert (again(submission).outcome, submit_due(submission)) == ("reconciled", None)

    def test_but_lives_and_answers_late_takes_nothing_off_the_list(
        self, submission: Submission, door: FakeDoor
    ) -> None:
        def another_finds_nothing() -> None:
            abandon(submission)
            filing.run(submission_id=submission.pk)

        door.will(meanwhile(another_finds_nothing, DONE), NOTHING_THERE)

        filing.run(submission_id=submission.pk)

        assert again(submission).status == SubmissionStatus.QUEUED
        assert submit_due(submission) is not None


class TestTwoFigures:
    def test_of_one_business_and_year_the_newer_goes_and_the_older_is_superseded(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        newer = correction(landlord, time)
        door.will(DONE)

        filing.run(submission_id=submission.pk)
        filing.run(submission_id=newer.pk)

        assert (again(submission).status, again(newer).status) == ("superseded", "accepted")
        assert (len(door.asked), submit_due(submission)) == (1, None)
        assert "submission.superseded" in events()

    def test_the_older_never_goes_after_the_newer_whoever_comes_first(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        newer = correction(landlord, time)
        door.will(DONE)

        filing.run(submission_id=newer.pk)
        filing.run(submission_id=submission.pk)

        assert [asked.body["ukProperty"]["income"]["periodAmount"] for asked in door.asked] == [1300]
        assert again(submission).status == SubmissionStatus.SUPERSEDED

    def test_are_not_on_the_wire_at_once(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        newer: list[Submission] = []

        def correct() -> None:
            newer.append(correction(landlord, time))
            filing.run(submission_id=newer[0].pk)

        door.will(meanwhile(correct, DONE), DONE)

        filing.run(submission_id=submission.pk)
        assert (len(door.asked), again(newer[0]).status) == (1, SubmissionStatus.QUEUED)
        filing.run(submission_id=newer[0].pk)

        assert (again(submission).status, again(newer[0]).status) == ("accepted", "accepted")

    def test_the_newer_waits_until_it_is_known_what_became_of_the_older(
        self, doubtful: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        newer = correction(landlord, time)
        door.will(NOTHING_THERE, DONE)

        filing.run(submission_id=newer.pk)
        assert submit_due(newer) == time.now + timedelta(seconds=2)
        filing.run(submission_id=doubtful.pk)
        filing.run(submission_id=doubtful.pk)
        filing.run(submission_id=newer.pk)

        assert door.kinds == [PUT, GET, PUT]
        assert (again(doubtful).status, again(newer).status) == ("superseded", "accepted")

    def test_the_older_goes_where_the_newer_was_rejected(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        newer = correction(landlord, time)
        door.will(refused(400, "RULE_BOTH_EXPENSES_SUPPLIED"), DONE)

        filing.run(submission_id=newer.pk)
        filing.run(submission_id=submission.pk)

        assert (again(newer).status, again(submission).status) == ("rejected", "accepted")

    def test_made_in_the_same_moment_have_one_order(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        same_moment = queue(landlord, income="1300.00")
        older, newer = sorted((submission, same_moment), key=lambda each: each.pk)
        door.will(DONE)

        filing.run(submission_id=newer.pk)
        filing.run(submission_id=older.pk)

        assert (again(older).status, again(newer).status) == ("superseded", "accepted")

    @pytest.mark.parametrize("other", [{"tax_year": "2025-26"}, {"business_id": "XAIS00000000002"}])
    def test_of_other_years_or_businesses_know_nothing_of_each_other(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock, other: dict[str, str]
    ) -> None:
        second = queue(landlord, income="1.00", is_known=True, **other)
        door.will(DONE, DONE)

        filing.run(submission_id=submission.pk)
        filing.run(submission_id=second.pk)

        assert (again(submission).status, again(second).status) == ("accepted", "accepted")

    def test_that_waited_for_a_connection_resume_as_the_newer_alone(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        newer = correction(landlord, time)
        Submission.objects.update(status=SubmissionStatus.WAITING_FOR_CONNECTION)
        parked.resume(landlord_id=landlord.pk, now=time.now)
        door.will(DONE)

        filing.run(submission_id=submission.pk)
        filing.run(submission_id=newer.pk)

        assert (again(submission).status, again(newer).status) == ("superseded", "accepted")
