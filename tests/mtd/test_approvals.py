"""Where the mandate is per quarter, figures go when the landlord has seen them, and no others than those."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from events.models import AuditEvent
from hmrc_oauth.models import Grant
from landlords import invitations, posting
from landlords.errors import NoEmail
from landlords.models import Landlord, Mail
from mtd import approvals, figures, filing, recovery
from mtd.errors import ApprovalNotAwaited, ApprovalOfOthers, LandlordsOnly
from mtd.models import Submission, SubmissionStatus
from people.models import Operation
from people.principal import Principal, PrincipalKind
from tenants import due
from tests.cast import ALPHA
from tests.hmrc_oauth.fake_door import FakeClock, FakeDoor, answered
from tests.hmrc_oauth.scenes import KEY, again, events
from tests.mtd.scenes import queue, submit_due

WAITING = SubmissionStatus.WAITING_FOR_APPROVAL
PER_QUARTER = {"kind": "per_quarter"}


@pytest.fixture
def waiting(grant: Grant, landlord: Landlord) -> Submission:
    return queue(landlord, mandate=PER_QUARTER)


@pytest.fixture
def owner(landlord: Landlord) -> Principal:
    return Principal(PrincipalKind.LANDLORD, landlord.pk, frozenset())


def approve(submission: Submission, by: Principal, time: FakeClock, **more: Any) -> Submission:
    given = {"digest": bytes(submission.digest).hex(), "fraud_context_id": None, **more}
    return approvals.approve(by=by, submission=again(submission), now=time.now, **given)


class TestWaiting:
    def test_is_said_and_nothing_is_due(self, waiting: Submission) -> None:
        assert (waiting.status, submit_due(waiting)) == (WAITING, None)
        assert Operation.objects.get(pk=waiting.pk).status == "queued"
        assert events()[-1] == "submission.waiting_for_approval"

    def test_sends_nothing_whoever_rings(self, waiting: Submission, door: FakeDoor, time: FakeClock) -> None:
        due.put(kind=due.Kind.SUBMIT, subject_id=waiting.pk, lane=due.Lane.DEADLINE)

        filing.run(submission_id=waiting.pk)
        recovery.rebuild(now=time.now)

        assert (again(waiting).status, door.asked, submit_due(waiting)) == (WAITING, [], None)

    def test_ends_when_newer_figures_come(self, waiting: Submission, landlord: Landlord, time: FakeClock) -> None:
        time.advance(minutes=1)
        newer = queue(landlord, income="1.00")

        assert (again(waiting).status, newer.status) == (SubmissionStatus.SUPERSEDED, WAITING)

    def test_is_left_alone_by_other_years_and_businesses(
        self, waiting: Submission, landlord: Landlord, time: FakeClock
    ) -> None:
        time.advance(minutes=1)
        queue(landlord, tax_year="2025-26")
        queue(landlord, business_id="XAIS00000000002")

        assert again(waiting).status == WAITING

    def test_keeps_no_older_figures_back(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        older = queue(landlord)
        Submission.objects.filter(pk=older.pk).update(created_at=time.now - timedelta(minutes=1))
        queue(landlord, income="1.00")
        Submission.objects.exclude(pk=older.pk).update(status=WAITING)
        door.will(answered(status=204))

        filing.run(submission_id=older.pk)

        assert again(older).status == SubmissionStatus.ACCEPTED


class TestAnApproval:
    def test_lets_it_go(self, waiting: Submission, owner: Principal, door: FakeDoor, time: FakeClock) -> None:
        door.will(answered(status=204))
        approved = approve(waiting, owner, time)
        assert (approved.status, submit_due(waiting)) == (SubmissionStatus.QUEUED, time.now)

        filing.run(submission_id=waiting.pk)

        assert again(waiting).status == SubmissionStatus.ACCEPTED

    def test_is_kept_with_who_what_and_when(self, waiting: Submission, owner: Principal, time: FakeClock) -> None:
        digest = bytes(waiting.digest).hex()

        approved = approve(waiting, owner, time)

        assert approved.approval == {"landlord_id": str(owner.id), "digest": digest, "at": time.now.isoformat()}
        audited = AuditEvent.objects.get(action="submission.approved")
        assert (audited.actor_id, audited.detail) == (owner.id, {"digest": digest})
        assert events()[-1] == "submission.approved"

    def test_of_other_figures_moves_nothing(self, waiting: Submission, owner: Principal, time: FakeClock) -> None:
        with pytest.raises(ApprovalOfOthers):
            approve(waiting, owner, time, digest="ab" * 32)

        assert (again(waiting).status, submit_due(waiting)) == (WAITING, None)

    def test_of_figures_that_change_at_that_moment_moves_nothing(
        self, waiting: Submission, owner: Principal, time: FakeClock
    ) -> None:
        seen = again(waiting)
        Submission.objects.filter(pk=waiting.pk).update(digest=b"x" * 32)

        with pytest.raises(ApprovalNotAwaited):
            approvals.approve(
                by=owner, submission=seen, digest=bytes(seen.digest).hex(), fraud_context_id=None, now=time.now
            )

        assert again(waiting).status == WAITING

    def test_is_the_landlords_alone(self, waiting: Submission, time: FakeClock) -> None:
        with pytest.raises(LandlordsOnly):
            approve(waiting, KEY, time)

    def test_is_given_once(self, waiting: Submission, owner: Principal, time: FakeClock) -> None:
        approve(waiting, owner, time)

        with pytest.raises(ApprovalNotAwaited):
            approve(waiting, owner, time)

    def test_of_altered_figures_sends_nothing(
        self, waiting: Submission, owner: Principal, door: FakeDoor, time: FakeClock
    ) -> None:
        approve(waiting, owner, time)
        waiting.figures = waiting.seal("figures", '{"income": {"periodAmount": "9999.00"}}')
        waiting.save(update_fields=["figures"])

        filing.run(submission_id=waiting.pk)

        stopped = again(waiting)
        assert (stopped.status, stopped.reason_code, door.asked) == ("stopped", "submission.altered", [])


class TestDeclining:
    def test_cancels_it_and_tells_the_agency(self, waiting: Submission, owner: Principal, time: FakeClock) -> None:
        declined = approvals.decline(by=owner, submission=waiting, reason="The boiler is missing.", now=time.now)

        assert (declined.status, declined.reason_code) == (SubmissionStatus.CANCELLED, "approval.declined")
        assert events()[-2:] == ["submission.cancelled", "submission.declined"]
        assert AuditEvent.objects.get(action="submission.declined").detail["reason"] == "The boiler is missing."

    def test_is_the_landlords_alone(self, waiting: Submission, time: FakeClock) -> None:
        with pytest.raises(LandlordsOnly):
            approvals.decline(by=KEY, submission=waiting, reason="", now=time.now)

    def test_calls_back_nothing_that_was_not_waiting(
        self, grant: Grant, landlord: Landlord, owner: Principal, time: FakeClock
    ) -> None:
        submission = queue(landlord)

        with pytest.raises(ApprovalNotAwaited):
            approvals.decline(by=owner, submission=submission, reason="", now=time.now)


class TestTheLink:
    def test_names_the_submission_and_opens_the_landlords_session(self, waiting: Submission, time: FakeClock) -> None:
        made = approvals.invite(by=KEY, submission=waiting, by_mail=False, now=time.now)

        page, _, said = made.url.partition("#")
        assert page == "https://alpha.example/approve"
        assert said == f"invitation={made.token}&submission={waiting.pk}"
        assert made.invitation.purpose == "approve"

    def test_is_mailed_by_a_worker_once(self, waiting: Submission, landlord: Landlord, time: FakeClock) -> None:
        Landlord.objects.filter(pk=landlord.pk).update(email="lena@post.example")

        made = approvals.invite(by=KEY, submission=waiting, by_mail=True, now=time.now)
        assert mail.outbox == []
        for _ in range(2):
            posting.run(mail_id=Mail.objects.get().pk)

        (letter,) = mail.outbox
        assert (letter.to, letter.subject) == (
            ["lena@post.example"],
            f"{ALPHA.name}: approve your quarterly update",
        )
        link = str(letter.body).partition("/approve#")[2].split()[0]
        assert link.partition("&")[2] == f"submission={waiting.pk}"
        assert again(made.invitation).status == "sent"
        token = link.partition("&")[0].removeprefix("invitation=")
        assert invitations.start_session(invitation_token=token, now=time.now).session.landlord_id == landlord.pk

    def test_is_not_mailed_to_nobody(self, waiting: Submission, time: FakeClock) -> None:
        with pytest.raises(NoEmail):
            approvals.invite(by=KEY, submission=waiting, by_mail=True, now=time.now)

    def test_is_for_what_waits(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        with pytest.raises(ApprovalNotAwaited):
            approvals.invite(by=KEY, submission=queue(landlord), by_mail=False, now=time.now)


def test_the_digest_is_of_exactly_what_is_sent(
    waiting: Submission, owner: Principal, door: FakeDoor, time: FakeClock
) -> None:
    door.will(answered(status=204))
    approved = approve(waiting, owner, time)

    filing.run(submission_id=waiting.pk)

    body = door.asked[0].body
    sent = figures.digest(
        body["ukProperty"],
        business_id=approved.business_id,
        tax_year=approved.tax_year,
        start=body["fromDate"],
        end=body["toDate"],
    )
    assert approved.approval is not None
    assert sent.hex() == approved.approval["digest"]
