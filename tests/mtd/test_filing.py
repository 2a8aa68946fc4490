"""Sending one submission: claimed, sent once, settled; parked where there is no connection; never told twice."""

import json
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from events.models import AuditEvent
from hmrc_door.outcomes import Refused, classify
from hmrc_oauth import access, connections
from hmrc_oauth.errors import ReconnectRequired
from hmrc_oauth.models import Connection, Grant
from landlords import records
from landlords.models import Landlord
from mtd import fetching, filing
from mtd.models import Submission, SubmissionStatus
from mtd.models.submission import LEASE
from people.models import Operation
from tenants import due
from tests.cast import NINO
from tests.hmrc_oauth.fake_door import (
    NOT_AUTHORISED,
    NOT_SENT,
    TOKEN_OVER,
    Answer,
    FakeClock,
    FakeDoor,
    answered,
    refused,
)
from tests.hmrc_oauth.scenes import KEY, again, connect, connection_of, due_at, events
from tests.hmrc_oauth.test_access import spend
from tests.mtd.scenes import queue, submit_due

DONE = answered(status=204)
SOON = timedelta(seconds=2)


@pytest.fixture
def submission(grant: Grant, landlord: Landlord) -> Submission:
    return queue(landlord)


class TestWhatIsSent:
    def test_is_the_figures_to_the_penny_for_the_landlords_nino(self, submission: Submission, door: FakeDoor) -> None:
        door.will(DONE)

        filing.run(submission_id=submission.pk)

        (asked,) = door.asked
        assert asked.what == "property_business.put_uk_cumulative"
        assert asked.path == f"/individuals/business/property/uk/{NINO}/XAIS12345678901/cumulative/2026-27"
        assert asked.body == {
            "fromDate": "2026-04-06",
            "toDate": "2026-07-05",
            "ukProperty": {"income": {"periodAmount": Decimal("1200.00")}},
        }
        assert (asked.secrets["bearer"], asked.lane.name) == ("access-old", "DEADLINE")

    def test_is_claimed_first_so_that_a_crash_leaves_a_trace(
        self, submission: Submission, door: FakeDoor, time: FakeClock
    ) -> None:
        seen: list[object] = []

        def look() -> Answer:
            seen.extend([again(submission).status, submit_due(submission), Operation.objects.get().status])
            return DONE

        door.will(look)
        filing.run(submission_id=submission.pk)

        assert seen == [SubmissionStatus.SENDING, time.now + LEASE + SOON, "running"]

    def test_is_noted_on_the_connection(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(DONE)

        filing.run(submission_id=submission.pk)

        assert connection_of(landlord).last_used_at == time.now


class TestAnAnswer:
    def test_settles_it_as_confirmed(self, submission: Submission, door: FakeDoor, time: FakeClock) -> None:
        door.will(DONE)

        filing.run(submission_id=submission.pk)

        now = again(submission)
        assert (now.status, now.outcome, now.hmrc_status) == (SubmissionStatus.ACCEPTED, "confirmed", 204)
        assert (now.correlation_id, now.sent_at, now.settled_at) == ("corr-answered", time.now, time.now)
        assert submit_due(submission) is None

    def test_is_told_once_by_event_audit_and_operation(self, submission: Submission, door: FakeDoor) -> None:
        door.will(DONE)

        filing.run(submission_id=submission.pk)
        filing.run(submission_id=submission.pk)

        assert events().count("submission.accepted") == 1
        assert AuditEvent.objects.filter(action="submission.accepted").count() == 1
        assert Operation.objects.get(pk=submission.pk).result == {
            "submission": str(submission.pk),
            "status": "accepted",
        }

    def test_of_a_submission_nobody_knows_is_not_asked_for(self, grant: Grant, door: FakeDoor) -> None:
        nobodys = uuid4()
        due.put(kind=due.Kind.SUBMIT, subject_id=nobodys, lane=due.Lane.DEADLINE)

        filing.run(submission_id=nobodys)

        assert (door.asked, due_at("submit", nobodys)) == ([], None)


class TestARefusal:
    def test_settles_it_with_hmrcs_own_codes(self, submission: Submission, door: FakeDoor) -> None:
        door.will(refused(400, "RULE_EARLY_DATA_SUBMISSION_NOT_ACCEPTED", "FORMAT_VALUE"))

        filing.run(submission_id=submission.pk)

        now = again(submission)
        assert (now.status, now.outcome, now.hmrc_status) == (SubmissionStatus.REJECTED, "refused", 400)
        assert (now.hmrc_code, now.correlation_id) == ("INVALID_REQUEST", "corr-refused")
        assert now.hmrc_errors == [{"code": "RULE_EARLY_DATA_SUBMISSION_NOT_ACCEPTED"}, {"code": "FORMAT_VALUE"}]

    def test_settles_it_whatever_hmrc_puts_into_its_words(self, submission: Submission, door: FakeDoor) -> None:
        words = {"code": "A\x00\ud800B", "errors": [{"code": "C" * 5_000}]}
        answer = classify(status=400, headers={"X-CorrelationId": "x" * 300}, body=json.dumps(words).encode())
        assert isinstance(answer, Refused)
        door.will(answer)

        filing.run(submission_id=submission.pk)

        now = again(submission)
        assert (now.status, now.reason_code) == (SubmissionStatus.REJECTED, "hmrc.other")
        assert submit_due(submission) is None

    def test_is_told_with_our_code(self, submission: Submission, door: FakeDoor) -> None:
        door.will(NOT_AUTHORISED)

        filing.run(submission_id=submission.pk)

        operation = Operation.objects.get(pk=submission.pk)
        assert (operation.status, operation.error_code) == ("failed", "hmrc.nino_mismatch")
        assert (again(submission).reason_code, events()[-1]) == ("hmrc.nino_mismatch", "submission.rejected")


class TestNothingSent:
    @pytest.mark.parametrize("answer", [NOT_SENT, refused(429, "MESSAGE_THROTTLED_OUT")])
    def test_goes_back_to_the_queue(
        self, submission: Submission, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        door.will(answer, answer)

        filing.run(submission_id=submission.pk)
        first = submit_due(submission)
        filing.run(submission_id=submission.pk)

        assert (again(submission).status, again(submission).lease_ends_at) == (SubmissionStatus.QUEUED, None)
        assert (first, submit_due(submission)) == (time.now + SOON, time.now + 2 * SOON)

    def test_waits_five_minutes_at_most(self, submission: Submission, door: FakeDoor, time: FakeClock) -> None:
        Submission.objects.update(attempts=100_000)
        door.will(NOT_SENT)

        filing.run(submission_id=submission.pk)

        assert submit_due(submission) == time.now + timedelta(minutes=5)

    def test_because_the_grant_was_wiped_while_it_waited_for_its_slot(
        self,
        submission: Submission,
        landlord: Landlord,
        door: FakeDoor,
        time: FakeClock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def disconnect_first(*args: object, **given: object) -> Answer:
            connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)
            return door.call(*args, **given)  # type: ignore[arg-type]

        monkeypatch.setattr(filing, "call", disconnect_first)

        filing.run(submission_id=submission.pk)
        filing.run(submission_id=submission.pk)

        assert door.asked == []
        assert again(submission).status == SubmissionStatus.WAITING_FOR_CONNECTION


class TestTheToken:
    def test_is_refreshed_just_before_use(
        self, submission: Submission, grant: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        time.now = grant.access_expires_at

        filing.run(submission_id=submission.pk)

        assert (door.asked, again(submission).status) == ([], SubmissionStatus.QUEUED)
        assert due_at("refresh", grant.pk) == time.now
        assert submit_due(submission) == time.now + SOON

    def test_that_is_refused_is_renewed_and_the_submission_goes_again(
        self, submission: Submission, grant: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(TOKEN_OVER)

        filing.run(submission_id=submission.pk)

        assert again(submission).status == SubmissionStatus.QUEUED
        assert again(grant).access_expires_at == time.now
        assert due_at("refresh", grant.pk) == time.now

    def test_that_is_refused_while_a_newer_one_came_is_not_renewed_again(
        self, submission: Submission, grant: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        def refresh_meanwhile() -> Answer:
            spend(grant, name="newer", now=time.now)
            return TOKEN_OVER

        door.will(refresh_meanwhile, DONE)

        filing.run(submission_id=submission.pk)
        filing.run(submission_id=submission.pk)

        assert [asked.secrets["bearer"] for asked in door.asked] == ["access-old", "access-newer"]
        assert (again(submission).status, due_at("refresh", grant.pk)) == (SubmissionStatus.ACCEPTED, None)


class TestWithoutAConnection:
    @pytest.mark.parametrize("state", ["reconnect_required", "disconnected", "not_connected"])
    def test_it_is_parked_and_costs_hmrc_nothing(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, state: str
    ) -> None:
        Connection.objects.filter(landlord=landlord).update(state=state)

        filing.run(submission_id=submission.pk)

        assert (door.asked, again(submission).status) == ([], SubmissionStatus.WAITING_FOR_CONNECTION)
        assert (events()[-1], submit_due(submission)) == ("submission.waiting_for_connection", None)

    def test_it_is_parked_once(self, submission: Submission, landlord: Landlord, door: FakeDoor) -> None:
        Connection.objects.filter(landlord=landlord).update(state="reconnect_required")

        filing.run(submission_id=submission.pk)
        filing.run(submission_id=submission.pk)

        assert events().count("submission.waiting_for_connection") == 1

    def test_it_resumes_after_the_reconnect_and_is_sent(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)
        filing.run(submission_id=submission.pk)
        connect(landlord, name="second")

        fetching.after_connect(landlord_id=landlord.pk, now=time.now)
        door.will(DONE)
        filing.run(submission_id=submission.pk)

        assert door.asked[0].secrets["bearer"] == "access-second"
        assert again(submission).status == SubmissionStatus.ACCEPTED

    def test_it_is_not_parked_by_one_who_looked_before_the_reconnect(
        self,
        submission: Submission,
        landlord: Landlord,
        door: FakeDoor,
        time: FakeClock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def looked_before(**_: object) -> Connection:
            raise ReconnectRequired

        monkeypatch.setattr(access, "get_usable", looked_before)

        filing.run(submission_id=submission.pk)

        assert (again(submission).status, submit_due(submission)) == (SubmissionStatus.QUEUED, time.now)

    def test_of_an_archived_landlord_it_is_parked_and_asks_for_nothing_every_second(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        records.archive(by=KEY, landlord_id=landlord.pk, now=time.now)

        filing.run(submission_id=submission.pk)

        assert (again(submission).status, submit_due(submission)) == (SubmissionStatus.WAITING_FOR_CONNECTION, None)
