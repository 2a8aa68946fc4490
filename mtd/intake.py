"""Taking the rows of a batch in, a part at a time: each part is one transaction, so that whoever is killed leaves whole
parts behind, and whoever comes next goes on with the next one.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from events import outbox
from mtd import checks, mandates, submissions
from mtd.book import Book
from mtd.errors import BatchCancelled
from mtd.models import Batch, BatchRow, Submission, SubmissionStatus
from mtd.models.submission import UNSENT
from mtd.settling import drop
from people.models import Operation
from tenants import clock, due, lanes
from tenants.copying import any_of, copy_in, copy_like
from tenants.faults import Fault, FieldFault, Invalid, NotFound
from tenants.ids import new_id

_DROPS = 200
_Place = tuple[UUID, str, str]  # landlord, business, tax year
_TYPES: Mapping[str, Callable[[str], Any]] = {
    "landlord_id": UUID,
    **dict.fromkeys(("period_start", "period_end"), date.fromisoformat),
    **dict.fromkeys(("at", "given_at"), datetime.fromisoformat),
}


def run(*, batch_id: UUID) -> None:
    """Take in what nobody looked at yet; or, of a cancelled batch, cancel what waits.

    Safe to run twice, late, or never: two at once wait for each other at every part.
    """
    while _step(batch_id, clock.now()):
        pass


def holds(submission: Submission, *, now: datetime) -> bool:
    """Whether its batch keeps it from being sent: it is put off without end, or dropped with the batch."""
    row = getattr(submission, "batch_row", None)
    if row is None or not row.batch.is_held or submission.status not in UNSENT:
        return False
    with transaction.atomic():
        batch = Batch.hold(row.batch_id)  # whoever resumes puts it back after this, or has done so before
        if batch is None or not batch.is_held:
            return False
        if batch.cancelled_at:
            drop(submission, to=SubmissionStatus.CANCELLED, reason=BatchCancelled.code, now=now)
        else:
            due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=due.NEVER)
    return True


def _step(batch_id: UUID, now: datetime) -> bool:
    """Whether there may be more to do."""
    with transaction.atomic():
        batch = Batch.hold(batch_id)
        if batch is None:
            due.done(kind=due.Kind.BATCH, subject_id=batch_id)
            return False
        more = _cancel_some(batch, now) if batch.cancelled_at else _take_part(batch, now)
        if not more:
            due.done(kind=due.Kind.BATCH, subject_id=batch_id)
        return more


def _cancel_some(batch: Batch, now: datetime) -> bool:
    waiting = Submission.objects.filter(batch_row__batch=batch, status__in=UNSENT)[:_DROPS]
    return sum(drop(each, to=SubmissionStatus.CANCELLED, reason=BatchCancelled.code, now=now) for each in waiting) > 0


def _take_part(batch: Batch, now: datetime) -> bool:
    part = batch.parts.order_by("number").first()
    if part is None:
        return False
    with part.rows.open(reason="take in") as rows:
        read = json.loads(rows)
    brings = any(row["given"].get("mandate") for row in read)
    landlords, references = _named(read, "landlord_id", UUID), _named(read, "reference", str)
    book = Book.of(landlords, references=references, is_held=brings)
    prepared, refused = _sort(batch, book, read)
    mandates.record_all(book.drawn_up, by=batch.by, now=batch.created_at)
    _queue(batch, list(prepared.values()), now)
    rows = ({"id": new_id(), "number": number, "submission_id": each.pk} for number, each in prepared.items())
    copy_like(BatchRow(batch=batch), rows)
    copy_in([_refusal(batch, number, faults) for number, faults in refused.items()])
    batch.take(part, rows=len(read))
    _report(batch, now)
    return True


def _sort(
    batch: Batch, book: Book, read: Sequence[dict[str, Any]]
) -> tuple[dict[int, Submission], dict[int, list[FieldFault]]]:
    """Each row's submission or its faults, by the row's number."""
    known = _known(batch, book)
    prepared: dict[int, Submission] = {}
    refused: dict[int, list[FieldFault]] = {}
    for row in read:
        number, given = row["number"], row["given"]
        try:
            submission = _prepare(batch, book, row, known)
        except Fault as fault:
            refused[number] = list(fault.errors) or [_whole(fault, given)]
        else:
            prepared[number] = submission
            known[submission.landlord_id, submission.business_id, submission.tax_year] = number
    return prepared, refused


def _prepare(batch: Batch, book: Book, row: Mapping[str, Any], known: Mapping[_Place, int]) -> Submission:
    """Raises Fault."""
    given = _said(batch, book, _typed(row["given"]))
    if row["faults"]:
        shape = [FieldFault(**fault) for fault in row["faults"]]
        is_read = bool(row["given"])
        raise Invalid(errors=checks.faults(book, given, shape, now=batch.created_at) if is_read else shape)
    if given["landlord_id"] is None:
        raise NotFound
    wanted = submissions.Wanted(**given)
    first = known.get((wanted.landlord_id, wanted.business_id, wanted.tax_year))
    if first is not None:  # which of the two was meant, nobody can tell
        said = f"Row {first} is for the same landlord, business and tax year."
        raise Invalid(errors=[FieldFault("", "duplicate_row", said)])
    # Asked for when the batch was: what is asked for later, and comes sooner, is newer.
    return submissions.prepare(book, by=batch.by, wanted=wanted, now=batch.created_at)


def _said(batch: Batch, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """The row with what the batch says of all. `landlord_id` is None for one that is not known."""
    reference = given.pop("reference", None)
    landlord_id = given.get("landlord_id") if reference is None else book.references.get(reference)
    shared = {"declaration": _typed(batch.declaration), "fraud_context_id": batch.fraud_context_id, "mandate": None}
    return {**shared, **given, "landlord_id": landlord_id}


def _typed(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was put away as text, of the type that it had."""
    typed = {name: _TYPES[name](value) if name in _TYPES and value else value for name, value in said.items()}
    if typed.get("mandate"):
        typed["mandate"] = _typed(typed["mandate"])
    return typed


def _known(batch: Batch, book: Book) -> dict[_Place, int]:
    """What the parts before have queued for these landlords, and by which row."""
    theirs = Submission.objects.filter(any_of(Submission, "landlord_id", list(book.landlords)))
    earlier = BatchRow.objects.filter(batch=batch, submission__in=theirs)
    names = ("submission__landlord_id", "submission__business_id", "submission__tax_year", "number")
    return {(landlord, business, year): number for landlord, business, year, number in earlier.values_list(*names)}


def _whole(fault: Fault, given: Mapping[str, Any]) -> FieldFault:
    """A fault that names no field."""
    pointer = "/reference" if "reference" in given else "/landlord_id"
    return FieldFault(pointer if isinstance(fault, NotFound) else "", fault.code, fault.detail or fault.title)


def _queue(batch: Batch, prepared: Sequence[Submission], now: datetime) -> None:
    submissions.store(prepared, by=batch.by, now=batch.created_at, batch=str(batch.pk))
    at = due.NEVER if batch.is_held else now
    by_lane: dict[due.Lane, dict[UUID, datetime]] = {due.Lane.DEADLINE: {}, due.Lane.BULK: {}}
    for each in prepared:
        if each.status == SubmissionStatus.QUEUED:
            by_lane[lanes.by_deadline(each.due_date, today=clock.today())][each.pk] = at
    deadlines = {each.pk: each.due_date for each in prepared if each.due_date is not None}
    for lane, subjects in by_lane.items():
        due.add_all(kind=due.Kind.SUBMIT, lane=lane, at=subjects, deadlines=deadlines)


def _refusal(batch: Batch, number: int, faults: Iterable[FieldFault]) -> BatchRow:
    row = BatchRow(batch=batch, number=number)
    row.faults = row.seal("faults", json.dumps([vars(fault) for fault in faults]))
    return row


def _report(batch: Batch, now: datetime) -> None:
    for operation in Operation.objects.filter(pk=batch.pk):
        operation.advance(progress=batch.taken / batch.size)
        if batch.taken == batch.size:
            operation.succeed(now=now, result={"submission_batch": str(batch.pk)})
    if batch.taken == batch.size:
        outbox.publish(type="submission_batch.taken_in", subject_type="submission_batch", subject_id=batch.pk, now=now)


def _named(read: Iterable[Mapping[str, Any]], name: str, kind: Any) -> set[Any]:
    return {kind(row["given"][name]) for row in read if name in row["given"]}
