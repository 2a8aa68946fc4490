"""Batches of submissions, as the API sees them: open, look, pause, resume, cancel. Taking rows in is mtd.intake's."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Count, Q, QuerySet, TextChoices

from events import audit, outbox
from hmrc_oauth import fraud_contexts
from mtd import checks
from mtd.errors import BatchCancelled
from mtd.models import Batch, BatchPart, BatchRow, Submission, SubmissionStatus
from mtd.models.submission import SETTLED, UNSENT
from people.models import Operation
from people.principal import Principal
from tenants import due
from tenants.faults import FieldFault, NotFound

MOST_ROWS = 10_000
PART = 1000
REFUSED, PAUSED = "refused", "paused"
ROW_STATUSES = [REFUSED, PAUSED, *SubmissionStatus.values]
_UNDER_WAY = (SubmissionStatus.SENDING, SubmissionStatus.UNKNOWN)
_WIDEST = 40  # digits of a number that is kept as it was written


class BatchStatus(TextChoices):
    ACCEPTING = "accepting"  # rows are still to be looked at
    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


class Row(NamedTuple):
    """One row as it was sent: what it asks for, or why its shape is refused. `number`: from 1."""

    number: int
    given: Mapping[str, Any]
    faults: Sequence[FieldFault] = ()


class Asked(NamedTuple):
    """A batch as asked for. `columns`: for a file, a pointer into a row → the header of its column."""

    rows: Sequence[Row]
    declaration: Mapping[str, Any]
    fraud_context_id: UUID | None
    format: str = "json"
    columns: Mapping[str, str] = {}


def create(*, by: Principal, asked: Asked, now: datetime) -> Batch:
    """Keep the rows sealed, for a worker to take them in. Each is checked then as if it had come alone, now.

    Raises DeclarationMissing, WholeBusinessNotDeclared, and what fraud_contexts.click raises.
    """
    checks.refuse_undeclared(asked.declaration)
    fraud_contexts.click(by=by, context_id=asked.fraud_context_id, now=now)
    batch = Batch.objects.create(
        format=asked.format,
        columns=asked.columns,
        size=len(asked.rows),
        declaration=asked.declaration,
        fraud_context_id=asked.fraud_context_id,
        created_by_kind=by.kind,
        created_by_id=by.id,
        created_at=now,
    )
    BatchPart.objects.bulk_create(_part(batch, start, asked.rows) for start in range(0, batch.size, PART))
    subject: dict[str, Any] = {"subject_type": "submission_batch", "subject_id": batch.pk, "now": now}
    Operation.open(kind="submission_batch", **subject, id=batch.pk, fraud_context_id=asked.fraud_context_id)
    due.put(kind=due.Kind.BATCH, subject_id=batch.pk, lane=due.Lane.BULK)
    audit.record(by=by, action="submission_batch.created", **subject, rows=batch.size)
    return batch


def get(*, batch_id: UUID) -> Batch:
    """Raises NotFound."""
    found = Batch.objects.filter(pk=batch_id).first()
    if found is None:
        raise NotFound
    return found


def pause(*, by: Principal, batch_id: UUID, reason: str, now: datetime) -> Batch:
    """Send nothing of it that is not on its way, until it is resumed. Raises NotFound, BatchCancelled."""
    with transaction.atomic():
        batch = _hold(batch_id)
        batch.pause(reason=reason, now=now)
        _put_off(batch, until=due.NEVER)
        _tell(batch, "paused", by=by, now=now, reason=reason)
    return batch


def resume(*, by: Principal, batch_id: UUID, now: datetime) -> Batch:
    """Send it after all. Raises NotFound, BatchCancelled."""
    with transaction.atomic():
        batch = _hold(batch_id)
        if batch.is_held:
            batch.resume()
            _put_off(batch, until=now)
            _tell(batch, "resumed", by=by, now=now)
    return batch


def cancel(*, by: Principal, batch_id: UUID, now: datetime) -> Batch:
    """Send nothing of it from now on. What is on its way goes on; what waits is cancelled by a worker.

    Raises NotFound, BatchCancelled.
    """
    with transaction.atomic():
        batch = _hold(batch_id)
        batch.cancel(now=now)
        _put_off(batch, until=due.NEVER)
        due.put(kind=due.Kind.BATCH, subject_id=batch_id, lane=due.Lane.BULK)
        for operation in Operation.objects.filter(pk=batch_id):
            operation.fail(now=now, code=BatchCancelled.code)
        _tell(batch, "cancelled", by=by, now=now)
    return batch


@dataclass(frozen=True)
class Look:
    """A batch, and how many of its rows are in which state; those whose state is None are refused."""

    batch: Batch
    counts: Mapping[str, int]

    @property
    def status(self) -> BatchStatus:
        if self.batch.cancelled_at:
            return BatchStatus.CANCELLED
        if self.batch.paused_at:
            return BatchStatus.PAUSED
        if self.batch.taken < self.batch.size:
            return BatchStatus.ACCEPTING
        return BatchStatus.DONE if self.settled == self.batch.size else BatchStatus.SENDING

    @property
    def settled(self) -> int:
        """Rows of which nothing more is to come."""
        return sum(self.counts.get(status, 0) for status in (*SETTLED, REFUSED))

    @property
    def progress(self) -> float:
        """From 0 to 1. Of a cancelled batch, what nobody looked at is over as well."""
        left_out = self.batch.size - self.batch.taken if self.batch.cancelled_at else 0
        return (self.settled + left_out) / self.batch.size

    @property
    def refused(self) -> int:
        return self.counts.get(REFUSED, 0)

    @property
    def accepted(self) -> int:
        return self.batch.taken - self.refused

    @property
    def under_way(self) -> int:
        """What can't be called back."""
        return sum(self.counts.get(status, 0) for status in _UNDER_WAY)


def look(batches: Sequence[Batch]) -> list[Look]:
    """How far these batches are, in one query."""
    counts: dict[UUID, Counter[str]] = {batch.pk: Counter() for batch in batches}
    held = {batch.pk for batch in batches if batch.paused_at}
    rows = BatchRow.objects.filter(batch__in=counts).values_list("batch_id", "submission__status")
    for batch_id, status, many in rows.annotate(many=Count("pk")):
        counts[batch_id][shown(status, paused=batch_id in held)] += many
    return [Look(batch, counts[batch.pk]) for batch in batches]


def shown(status: str | None, *, paused: bool) -> str:
    """What the state of a row's submission is called; None is that it has none."""
    if status is None:
        return REFUSED
    return PAUSED if paused and status == SubmissionStatus.QUEUED else status


def in_state(rows: QuerySet[BatchRow], status: str) -> QuerySet[BatchRow]:
    """Those of one batch's rows that are shown in this state."""
    queued, paused = Q(submission__status=SubmissionStatus.QUEUED), Q(batch__paused_at__isnull=False)
    states = {REFUSED: Q(submission=None), PAUSED: queued & paused, SubmissionStatus.QUEUED: queued & ~paused}
    return rows.filter(states.get(status, Q(submission__status=status)))


def last_waiting(batch: Batch) -> UUID | None:
    """The submission of it that is likely to go last."""
    waiting = BatchRow.objects.filter(batch=batch, submission__status=SubmissionStatus.QUEUED)
    return waiting.order_by("-number").values_list("submission_id", flat=True).first()


def _hold(batch_id: UUID) -> Batch:
    batch = Batch.hold(batch_id)
    if batch is None:
        raise NotFound
    if batch.cancelled_at:
        raise BatchCancelled
    return batch


def _put_off(batch: Batch, *, until: datetime) -> None:
    # Locked: whoever is just claiming one to send it has its own say on when it is looked at again, after this.
    waiting = Submission.objects.filter(batch_row__batch=batch, status__in=UNSENT)
    ids = list(waiting.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    due.put_off_all(kind=due.Kind.SUBMIT, subject_ids=ids, until=until)


def _tell(batch: Batch, what: str, *, by: Principal, now: datetime, **detail: Any) -> None:
    subject: dict[str, Any] = {"subject_type": "submission_batch", "subject_id": batch.pk, "now": now}
    audit.record(by=by, action=f"submission_batch.{what}", **subject, **detail)
    outbox.publish(type=f"submission_batch.{what}", **subject)


def _part(batch: Batch, start: int, rows: Sequence[Row]) -> BatchPart:
    part = BatchPart(batch=batch, number=start // PART)
    told = [
        {"number": row.number, "given": row.given, "faults": [vars(fault) for fault in row.faults]}
        for row in rows[start : start + PART]
    ]
    part.rows = part.seal("rows", json.dumps(told, cls=_Exact))
    return part


class _Exact(DjangoJSONEncoder):
    """Amounts as they are written by hand; what is too wide for that is refused later, however it is written."""

    def default(self, o: Any) -> Any:
        if isinstance(o, Decimal) and o.is_finite() and abs(o.adjusted()) < _WIDEST:
            return f"{o:f}"
        return super().default(o)
