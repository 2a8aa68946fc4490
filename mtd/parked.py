"""Submissions that wait for a connection: they go by themselves once it works again, if HMRC would still take them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.transaction import atomic

from hmrc_oauth import connections
from mtd import rules, writes
from mtd.models import Submission, SubmissionStatus
from mtd.models.submission import UNSENT
from mtd.settling import drop
from people.principal import Principal
from tenants import clock, due
from tenants.faults import Invalid


class Work(StrEnum):
    """What a disconnect does with submissions that were not sent yet."""

    PARK = "park"
    CANCEL = "cancel"


def resume(*, landlord_id: UUID, now: datetime) -> int:
    """The connection works again: what waited for it is queued, oldest first; what has become invalid is rejected.

    A newer figure's precedence is filing's, when it claims. Returns how many were queued.
    """
    waiting = _of(landlord_id, SubmissionStatus.WAITING_FOR_CONNECTION)
    woken = [submission for submission in waiting if _wake(submission, now)]
    for submission in woken:
        due.put(kind=due.Kind.SUBMIT, subject_id=submission.pk, lane=due.Lane.DEADLINE)
    return len(woken)


def disconnect(*, by: Principal, landlord_id: UUID, work: Work, now: datetime) -> None:
    """End the connection. Nothing is sent after that; parked work waits until the landlord connects again.

    What is on its way to HMRC can't be called back, under either. Raises NotFound.
    """
    with atomic():
        connections.disconnect(by=by, landlord_id=landlord_id, now=now)
        if work is Work.CANCEL:
            for submission in _of(landlord_id, *UNSENT):
                drop(submission, to=SubmissionStatus.CANCELLED, reason="hmrc.not_connected", now=now)
            writes.cancel(landlord_id=landlord_id, reason="hmrc.not_connected", now=now)


def _wake(submission: Submission, now: datetime) -> bool:
    reason = _invalid(submission)
    if reason:
        drop(submission, to=SubmissionStatus.REJECTED, reason=reason, now=now)
        return False
    return submission.resume()


def _invalid(submission: Submission) -> str:
    """The code of what HMRC would refuse it for by now; empty if nothing."""
    if rules.is_too_late(tax_year=submission.tax_year, today=clock.today()):
        return "hmrc.amendment_window_closed"
    faults = rules.faults(
        business_id=submission.business_id,
        tax_year=submission.tax_year,
        start=submission.period_start,
        end=submission.period_end,
    )
    return Invalid.code if faults else ""


def _of(landlord_id: UUID, *statuses: SubmissionStatus) -> list[Submission]:
    rows = Submission.objects.filter(landlord_id=landlord_id, status__in=statuses)
    return list(rows.select_related("landlord").order_by("created_at", "id"))
