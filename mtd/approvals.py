"""A landlord's word on one update, where the mandate is per quarter: it lets exactly the figures go that were seen."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from events import audit, outbox
from hmrc_oauth import fraud_contexts
from landlords import invitations
from landlords.invitations import Invited
from mtd import submissions
from mtd.errors import ApprovalNotAwaited, ApprovalOfOthers, Declined, LandlordsOnly
from mtd.models import Submission, SubmissionStatus
from mtd.settling import drop
from people.principal import Principal

_WAITING = SubmissionStatus.WAITING_FOR_APPROVAL


def approve(
    *, by: Principal, submission: Submission, digest: str, fraud_context_id: UUID | None, now: datetime
) -> Submission:
    """Queue it. HMRC is told of the landlord's device: theirs is the click that sends it.

    Raises LandlordsOnly, ApprovalNotAwaited, ApprovalOfOthers if something else was seen, and what
    fraud_contexts.attach raises.
    """
    _refuse_unless_awaited(by, submission)
    context_id = fraud_contexts.attach(by=by, context_id=fraud_context_id, landlord_id=submission.landlord_id, now=now)
    seen = bytes.fromhex(digest)
    if seen != bytes(submission.digest):
        raise ApprovalOfOthers
    approval = {"landlord_id": str(by.id), "digest": digest, "at": now.isoformat()}
    with transaction.atomic():
        if not submission.approve(digest=seen, fraud_context_id=context_id, approval=approval):
            raise ApprovalNotAwaited  # somebody was quicker
        submissions.queue(submission)
        _tell(submission, "approved", by, now)
    return submissions.get(submission_id=submission.pk)


def decline(*, by: Principal, submission: Submission, reason: str, now: datetime) -> Submission:
    """Cancel it. Raises LandlordsOnly, ApprovalNotAwaited."""
    _refuse_unless_awaited(by, submission)
    with transaction.atomic():
        if not drop(submission, to=SubmissionStatus.CANCELLED, reason=Declined.code, now=now):
            raise ApprovalNotAwaited
        _tell(submission, "declined", by, now, reason=reason)
    return submissions.get(submission_id=submission.pk)


def invite(*, by: Principal, submission: Submission, by_mail: bool, now: datetime) -> Invited:
    """The link with which the landlord sees the figures and approves them. Raises ApprovalNotAwaited, NoFrontEnd,
    NoEmail.
    """
    if submission.status != _WAITING:
        raise ApprovalNotAwaited
    return invitations.invite_to_approve(
        by=by, landlord_id=submission.landlord_id, submission_id=submission.pk, by_mail=by_mail, now=now
    )


def _refuse_unless_awaited(by: Principal, submission: Submission) -> None:
    if by.landlord_id != submission.landlord_id:
        raise LandlordsOnly
    if submission.status != _WAITING:
        raise ApprovalNotAwaited


def _tell(submission: Submission, what: str, by: Principal, now: datetime, **detail: str) -> None:
    subject: dict[str, Any] = {"subject_type": "submission", "subject_id": submission.pk, "now": now}
    said: dict[str, Any] = {"digest": bytes(submission.digest).hex(), **detail}
    audit.record(by=by, action=f"submission.{what}", **subject, **said)
    outbox.publish(type=f"submission.{what}", **subject, landlord_id=str(submission.landlord_id))
