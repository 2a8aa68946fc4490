"""Who may do what next for a submission: of one business and tax year one at a time, never an older after a newer."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from hmrc_oauth import halting
from hmrc_oauth.failpoints import failpoint
from hmrc_oauth.models.grant import ClockTimestamp
from mtd import held, leave
from mtd.asking import OPERATIONS
from mtd.errors import MandateRevoked, WouldOverwrite
from mtd.models import Attempt, AttemptOutcome, Step, Submission, SubmissionStatus
from mtd.models.submission import LEASE, NEVER_SENT, UNSENT
from mtd.settling import accept, drop, say_doubt
from people.models import Operation
from tenants import due
from tenants.db import connection as database

_SOON = timedelta(seconds=2)
_CLAIMED = ("status", "fence", "attempts", "lease_ends_at", "sent_at")


def claim(submission: Submission, now: datetime) -> Attempt | None:
    """The one call that is to be made for it now, committed before it is made. None if there is nothing to ask.

    A fresh look at what HMRC holds comes first; a lost answer is read back before anything is sent again.
    """
    with transaction.atomic():
        _lock_figure(submission)
        submission.refresh_from_db(fields=_CLAIMED)
        attempt = _unsent(submission, now) if submission.status in UNSENT else _doubtful(submission, now)
        failpoint("filing.in_claim")
    return attempt


def _unsent(submission: Submission, now: datetime) -> Attempt | None:
    if _newer(submission).exists():
        drop(submission, to=SubmissionStatus.SUPERSEDED, now=now)
    elif _is_other_under_way(submission):
        due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=now + _SOON)
    elif answered := _answered(submission):
        if submission.claim_to_read():
            submission.refresh_from_db(fields=_CLAIMED)
            was = {"hmrc_status": answered.hmrc_status, "correlation_id": answered.correlation_id}
            accept(submission, now, outcome="confirmed", sent_at=answered.begun_at, **was)
    else:
        return _next_step(submission, now)
    return None


def _next_step(submission: Submission, now: datetime) -> Attempt | None:
    if not leave.holds(landlord_id=submission.landlord_id):
        drop(submission, to=SubmissionStatus.CANCELLED, reason=MandateRevoked.code, now=now)
        return None
    seen = held.last_seen(submission)
    if seen is None or not held.is_fresh(seen, now=now):
        may = not _stands_still(submission, Step.READ) and submission.claim_to_read()
        return _begin(submission, Step.READ, now) if may else None
    if held.would_overwrite(submission, seen):
        drop(submission, to=SubmissionStatus.STOPPED, reason=WouldOverwrite.code, now=now)
        return None
    may = not _stands_still(submission, Step.PUT) and submission.claim_to_put(now=now)
    return _begin(submission, Step.PUT, now) if may else None


def _doubtful(submission: Submission, now: datetime) -> Attempt | None:
    was = submission.status
    if _stands_still(submission, Step.READ_BACK) or not submission.claim_to_read_back():
        return None
    if was == SubmissionStatus.SENDING:
        say_doubt(submission, now)  # its sender is gone
    return _begin(submission, Step.READ_BACK, now)


def _stands_still(submission: Submission, what: Step) -> bool:
    return halting.halts(OPERATIONS[what], kind=due.Kind.SUBMIT, subject_id=submission.pk)


def _begin(submission: Submission, what: Step, now: datetime) -> Attempt:
    due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=now + LEASE + _SOON)
    for operation in Operation.objects.filter(pk=submission.pk):
        operation.start()
    submission.refresh_from_db(fields=_CLAIMED)
    return Attempt.begin(submission, what=what, now=now)


def _answered(submission: Submission) -> Attempt | None:
    """HMRC's yes that came when its sender had been given up: it is not sent again."""
    puts = Attempt.objects.filter(submission=submission, what=Step.PUT, outcome=AttemptOutcome.ANSWERED)
    return puts.order_by("begun_at").last()


def _is_other_under_way(submission: Submission) -> bool:
    sending = Q(status__in=[SubmissionStatus.SENDING, SubmissionStatus.UNKNOWN])
    reading = Q(status=SubmissionStatus.QUEUED, lease_ends_at__gt=ClockTimestamp())
    return _others(submission).filter(sending | reading).exists()


def _others(submission: Submission) -> QuerySet[Submission]:
    return Submission.objects.filter(**submission.place).exclude(pk=submission.pk)


def _newer(submission: Submission) -> QuerySet[Submission]:
    later = Q(created_at__gt=submission.created_at) | Q(created_at=submission.created_at, pk__gt=submission.pk)
    return _others(submission).filter(later).exclude(status__in=(*NEVER_SENT, SubmissionStatus.WAITING_FOR_APPROVAL))


def _lock_figure(submission: Submission) -> None:
    name = ":".join(map(str, submission.place.values()))
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
