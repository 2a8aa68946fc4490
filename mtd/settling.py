"""How submissions end, or go back to wait, whoever brings that about."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction

from events import audit, outbox
from hmrc_door.outcomes import Refused
from hmrc_oauth import refusals
from mtd import held
from mtd.models import Submission, SubmissionStatus
from mtd.models.submission import FAILED
from people.models import Operation
from people.principal import SYSTEM
from tenants import due

log = structlog.get_logger()

# A lost answer that can't be read back for so long is left to a person: newer figures must not wait for ever.
DOUBT_LASTS = timedelta(days=7)


def accept(submission: Submission, now: datetime, *, outcome: str, **more: Any) -> None:
    """HMRC holds it: `confirmed` by its answer, or `reconciled` by what was read back."""
    with transaction.atomic():
        if _settle(submission, SubmissionStatus.ACCEPTED, now, outcome=outcome, **more):
            held.note(submission, held.sent(submission), now=now)


def reject(submission: Submission, refused: Refused, now: datetime) -> None:
    """HMRC does not take it, and says why."""
    code = refusals.code_of(refused)
    _settle(submission, SubmissionStatus.REJECTED, now, outcome="refused", reason_code=code, **_hmrc_says(refused))


def stop(submission: Submission, now: datetime, *, reason: str, refused: Refused | None = None) -> None:
    """It can't be brought to its end without a person."""
    said = _hmrc_says(refused) if refused else {}
    _settle(submission, SubmissionStatus.STOPPED, now, reason_code=reason, **said)


def back(submission: Submission, *, until: datetime, **more: Any) -> bool:
    """Nothing of it is at HMRC: it is looked at again at `until`. False if another took over."""
    with transaction.atomic():
        if not submission.move(to=SubmissionStatus.QUEUED, sent_at=None, **more):
            return False
        due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=until)
    return True


def doubt(submission: Submission, now: datetime, *, until: datetime) -> None:
    """HMRC has seen it, or not: it is read back at `until`."""
    with transaction.atomic():
        if not submission.move(to=SubmissionStatus.UNKNOWN):
            return  # another took over
        if submission.status != SubmissionStatus.UNKNOWN:
            say_doubt(submission, now)
        due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=until)


def say_doubt(submission: Submission, now: datetime) -> None:
    """Once for each time that it was sent."""
    outbox.publish(type="submission.unknown", subject_type="submission", subject_id=submission.pk, now=now)


def doubted_until(submission: Submission) -> datetime:
    """When a doubt that was not settled is given up."""
    return (submission.sent_at or submission.created_at) + DOUBT_LASTS


def drop(submission: Submission, *, to: SubmissionStatus, now: datetime, reason: str = "") -> bool:
    """It will not be sent: a newer figure took its place, or it is not wanted or not valid any more. What is under way
    is left alone; False then.
    """
    with transaction.atomic():
        if not submission.drop(to=to, now=now, reason=reason):
            return False
        due.done(kind=due.Kind.SUBMIT, subject_id=submission.pk)
        tell(submission, to, now, reason_code=reason)
    return True


def tell(submission: Submission, status: SubmissionStatus, now: datetime, **more: Any) -> None:
    """Say what became of it: to the agency's feed, to its audit trail, and to whoever follows the operation."""
    ids = {"landlord_id": str(submission.landlord_id), "reason_code": more.get("reason_code", "")}
    subject: dict[str, Any] = {"subject_type": "submission", "subject_id": submission.pk, "now": now}
    outbox.publish(type=f"submission.{status}", **subject, **ids)
    audit.record(by=SYSTEM, action=f"submission.{status}", **subject, correlation_id=more.get("correlation_id", ""))
    for operation in Operation.objects.filter(pk=submission.pk):
        if status in FAILED:
            operation.fail(now=now, code=more.get("reason_code", "hmrc.other"))
        else:
            operation.succeed(now=now, result={"submission": str(submission.pk), "status": status})


def _settle(submission: Submission, status: SubmissionStatus, now: datetime, **more: Any) -> bool:
    with transaction.atomic():
        if not submission.move(to=status, settled_at=now, **more):
            return False  # another took over, and the place on the list is theirs
        due.done(kind=due.Kind.SUBMIT, subject_id=submission.pk)
        tell(submission, status, now, **more)
    log.info("submission.settled", submission=str(submission.pk), status=status, hmrc_code=more.get("hmrc_code", ""))
    return True


def _hmrc_says(refused: Refused) -> dict[str, Any]:
    return {
        "hmrc_status": refused.status,
        "hmrc_code": refused.code[:100],
        "hmrc_errors": [{"code": code} for code in refused.error.codes],
        "correlation_id": refused.correlation_id,
    }
