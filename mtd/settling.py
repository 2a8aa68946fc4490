"""How submissions end, whoever ends them."""

from datetime import datetime
from typing import Any

from events import audit, outbox
from mtd.models import Submission, SubmissionStatus
from mtd.models.submission import NEVER_SENT
from people.models import Operation
from people.principal import SYSTEM
from tenants import due


def drop(submission: Submission, *, to: SubmissionStatus, now: datetime, reason: str = "") -> bool:
    """It will not be sent: a newer figure took its place, or it is not wanted or not valid any more. What is under way
    is left alone; False then.
    """
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
        if status in NEVER_SENT:
            operation.fail(now=now, code=more.get("reason_code", "hmrc.other"))
        else:
            operation.succeed(now=now, result={"submission": str(submission.pk), "status": status})
