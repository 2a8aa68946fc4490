"""Rebuilding the due list of one agency from its rows: after a loss of the public list, or for one's peace of mind."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from events import audit
from events.models import AuditEvent
from hmrc_oauth import recovery
from hmrc_oauth.models import ConnectionState
from hmrc_oauth.recovery import Wanted
from landlords import bulk, imports, reminders
from landlords.models import LinkRequest, Mail, MailStatus
from mtd import readiness
from mtd.models import Batch, Calculation, Submission, SubmissionStatus, Write, WriteStatus
from mtd.models.calculation import OPEN
from mtd.models.submission import UNSENT
from mtd.models.write import UNDER_WAY
from people.models import Operation
from tenants import clock, due, lanes
from tenants.context import current_agency

_UNDER_WAY = [SubmissionStatus.QUEUED, SubmissionStatus.SENDING, SubmissionStatus.UNKNOWN]


def rebuild(*, now: datetime) -> int:
    """Put back whatever is missing from the list for the current agency. Returns how much was."""
    with transaction.atomic():
        recovery.note_grants()
        every = [*recovery.wanted(now=now), *_wanted(now)]
        return sum(due.keep(**row._asdict()) for row in every)


def _resumable() -> Iterator[UUID]:
    """Landlords who are connected, and for whom something waits for that."""
    waiting = (
        Submission.objects.filter(status=SubmissionStatus.WAITING_FOR_CONNECTION),
        Write.objects.filter(status=WriteStatus.WAITING_FOR_CONNECTION),
    )
    connected = (rows.filter(landlord__connection__state=ConnectionState.ACTIVE) for rows in waiting)
    yield from {landlord_id for rows in connected for landlord_id in rows.values_list("landlord_id", flat=True)}


def _unfinished() -> Iterator[UUID]:
    """Batches of which rows are still to be taken in, or to be cancelled."""
    waiting = Q(parts__isnull=False) | Q(cancelled_at__isnull=False, rows__submission__status__in=UNSENT)
    yield from Batch.objects.filter(waiting).values_list("pk", flat=True).distinct()


def _of_landlords(now: datetime) -> Iterator[Wanted]:
    """Invitations to be made, mails to be sent, and who is to be looked at again."""
    for batch_id in bulk.unfinished():
        yield Wanted(due.Kind.INVITE, batch_id, due.Lane.BULK, now)
    for mail in Mail.objects.filter(status__in=[MailStatus.QUEUED, MailStatus.SENDING]):
        yield Wanted(due.Kind.MAIL, mail.pk, due.Lane.BULK, now)
    for invitation_id, at in reminders.wanted(now=now):
        yield Wanted(due.Kind.REMIND, invitation_id, due.Lane.BACKGROUND, at)
    for request in LinkRequest.objects.all():
        yield Wanted(due.Kind.SIGN_IN, request.pk, due.Lane.INTERACTIVE, now)
    for landlord_id in readiness.looked_at():
        yield Wanted(due.Kind.READINESS, landlord_id, due.Lane.BACKGROUND, now + readiness.SOONEST)


def _wanted(now: datetime) -> Iterator[Wanted]:
    for submission in Submission.objects.filter(status__in=_UNDER_WAY):
        deadline = submission.due_date
        lane = lanes.by_deadline(deadline, today=clock.today())
        yield Wanted(due.Kind.SUBMIT, submission.pk, lane, now, deadline)
    for write in Write.objects.filter(status__in=UNDER_WAY):
        yield Wanted(due.Kind.WRITE, write.pk, due.Lane.DEADLINE, now)
    for calculation in Calculation.objects.filter(status__in=OPEN):
        yield Wanted(due.Kind.CALCULATE, calculation.pk, due.Lane.BULK, now)
    for batch_id in _unfinished():
        yield Wanted(due.Kind.BATCH, batch_id, due.Lane.BULK, now)
    for import_id, at in imports.unfinished():
        yield Wanted(due.Kind.IMPORT, import_id, due.Lane.BULK, at)
    for operation in Operation.objects.filter(kind__startswith="fetch.", finished_at=None):
        yield Wanted(due.Kind.FETCH, operation.pk, due.Lane.BULK, now)
    for landlord_id in _resumable():
        yield Wanted(due.Kind.AFTER_CONNECT, landlord_id, due.Lane.BULK, now)
    yield from _of_landlords(now)
    if AuditEvent.objects.filter(sequence=None).exists():
        yield Wanted(due.Kind.SEAL_AUDIT, audit.CHAIN, due.Lane.BACKGROUND, now)
    yield Wanted(due.Kind.TIDY, current_agency().pk, due.Lane.BACKGROUND, now)
