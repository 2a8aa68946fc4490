"""Submissions that wait for a connection: once it works again they go on, if HMRC would still take them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.transaction import atomic

from events import outbox
from hmrc_oauth import connections
from mtd import rules, submissions, writes
from mtd.errors import OutcomeUnreadable
from mtd.models import Submission, SubmissionStatus
from mtd.models.submission import LEASE, UNSENT
from mtd.settling import doubt, doubted_until, drop, stop
from people.principal import Principal
from tenants import clock, due
from tenants.faults import Invalid


class Work(StrEnum):
    """What a disconnect does with submissions that were not sent yet."""

    PARK = "park"
    CANCEL = "cancel"


def park(submission: Submission, now: datetime) -> None:
    """Nothing can be asked of HMRC for it until the landlord connects again."""
    with atomic():
        works = connections.lock(landlord_id=submission.landlord_id).can_file
        if works and submission.landlord.archived_at is None:
            # Reconnected since we looked: whoever resumes what waits has been and gone.
            due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=now)
        elif submission.park():
            outbox.publish(
                type="submission.waiting_for_connection",
                subject_type="submission",
                subject_id=submission.pk,
                now=now,
                landlord_id=str(submission.landlord_id),
            )
            due.done(kind=due.Kind.SUBMIT, subject_id=submission.pk)
        else:
            _park_doubt(submission, now)


def _park_doubt(submission: Submission, now: datetime) -> None:
    """One whose answer was lost can't be read back either: it stays in doubt, but not for ever."""
    until = doubted_until(submission)
    if not submission.claim_to_read_back():  # its sender lives, and will tell
        due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=now + LEASE)
        return
    submission.refresh_from_db(fields=["fence"])
    if now < until:
        doubt(submission, now, until=until)
    else:
        stop(submission, now, reason=OutcomeUnreadable.code)


def resume(*, landlord_id: UUID, now: datetime) -> int:
    """The connection works again: what waited for it is queued, oldest first; what has become invalid is rejected, and
    what is in doubt is read back.

    A newer figure's precedence is mtd.claiming's. Returns how many go on.
    """
    waiting = _of(landlord_id, SubmissionStatus.WAITING_FOR_CONNECTION, SubmissionStatus.UNKNOWN)
    woken = [submission for submission in waiting if _wake(submission, now)]
    for submission in woken:
        submissions.queue(submission)
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
    if submission.status == SubmissionStatus.UNKNOWN:
        return True
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
