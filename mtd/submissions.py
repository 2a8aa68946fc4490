"""Submissions, as the API sees them: accept, find. Sending is mtd.filing's, in workers."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from events import audit, outbox
from hmrc_oauth import connections
from mtd import checks, figures, leave, mandates, wording, writes
from mtd.book import Book
from mtd.checks import Wanted
from mtd.errors import CalculationUnderWay, Unsettled
from mtd.models import Calculation, Mandate, MandateKind, Submission, SubmissionStatus
from mtd.models.calculation import OPEN
from mtd.models.submission import NEVER_SENT, SETTLED
from mtd.settling import drop
from mtd.shapes import plain
from people.models import Operation
from people.principal import Principal
from tenants import clock, due, lanes
from tenants.copying import copy_in
from tenants.faults import FieldFault, Invalid, NotFound
from tenants.ids import new_id

__all__ = ["Wanted", "accept", "archive_landlord", "get", "prepare", "queue", "refuse", "store"]


def accept(*, by: Principal, wanted: Wanted, now: datetime) -> Submission:
    """Check it, keep it sealed, and queue it or let it wait for the landlord's approval.

    Raises what `prepare` raises.
    """
    with transaction.atomic():
        book = Book.of([wanted.landlord_id], is_held=wanted.mandate is not None)
        submission = prepare(book, by=by, wanted=wanted, now=now)
        mandates.record_all(book.drawn_up, by=by, now=now)
        store([submission], by=by, now=now)
        if submission.status == SubmissionStatus.QUEUED:
            queue(submission)
    return submission


def refuse(given: Mapping[str, Any], shape: Sequence[FieldFault], *, now: datetime) -> NoReturn:
    """A submission of which only `given` could be read. Raises Invalid with `shape`, what is wrong with the rest, and
    whatever else stands in its way.
    """
    landlord_id = given.get("landlord_id")
    book = Book.of([] if landlord_id is None else [landlord_id])
    raise Invalid(errors=checks.faults(book, given, shape, now=now))


def prepare(book: Book, *, by: Principal, wanted: Wanted, now: datetime) -> Submission:
    """The submission, checked and sealed, and not kept yet; a mandate that came with it is drawn up in the book, if
    there was none. `now`: when it was asked for.

    Raises what `checks.read` raises; FraudContextRequired, FraudContextUnknown, FraudContextExpired,
    FraudContextIncomplete.
    """
    amounts = checks.read(book, wanted, now=now)
    book.click(by=by, context_id=wanted.fraud_context_id, now=now).go_with(wanted.landlord_id)
    mandate = _mandate(book, by, wanted, now)
    submission = _new(by, wanted, amounts, now)
    submission.declaration = _declaration(by, wanted.declaration, now)
    submission.mandate = mandate.shown()
    submission.due_date = book.due_date(wanted.landlord_id, wanted.business_id, wanted.period_end)
    if mandate.kind == MandateKind.PER_QUARTER:
        submission.status = SubmissionStatus.WAITING_FOR_APPROVAL
    return submission


def store(prepared: Sequence[Submission], *, by: Principal, now: datetime, **detail: str) -> None:
    """Keep them, each with its operation, its line in the audit trail (`detail` besides) and its event. What waits for
    an approval that newer figures make needless is superseded, be it one of them or not.
    """
    copy_in(prepared)
    landlords = {submission.pk: submission.landlord_id for submission in prepared}
    Operation.open_all(kind="submission", landlords=landlords, now=now)
    for status in {submission.status for submission in prepared}:
        _tell([each for each in prepared if each.status == status], status, by=by, now=now, **detail)
    for needless in _needless(prepared):
        drop(needless, to=SubmissionStatus.SUPERSEDED, now=now)


def queue(submission: Submission) -> None:
    """Put it on the list by HMRC's day."""
    deadline = submission.due_date
    lane = lanes.by_deadline(deadline, today=clock.today())
    due.put(kind=due.Kind.SUBMIT, subject_id=submission.pk, lane=lane, deadline=deadline)


def get(*, submission_id: UUID) -> Submission:
    """Raises NotFound."""
    found = Submission.objects.select_related("landlord").filter(pk=submission_id).first()
    if found is None:
        raise NotFound
    return found


def archive_landlord(*, by: Principal, landlord_id: UUID, now: datetime, expected: int | None) -> None:
    """Take the landlord off the lists, with an end to the connection. Raises NotFound, Unsettled, Stale."""
    refuse_unsettled(landlord_id=landlord_id)
    connections.archive_landlord(by=by, landlord_id=landlord_id, now=now, expected=expected)


def refuse_unsettled(*, landlord_id: UUID) -> None:
    """Raises Unsettled while anything that HMRC is to hold is under way for the landlord."""
    is_filed = Submission.objects.filter(landlord_id=landlord_id).exclude(status__in=SETTLED).exists()
    if is_filed or writes.are_under_way(landlord_id=landlord_id):
        raise Unsettled


def refuse_under_way(*, landlord_id: UUID) -> None:
    """Raises Unsettled; CalculationUnderWay while HMRC calculates for the landlord."""
    refuse_unsettled(landlord_id=landlord_id)
    if Calculation.objects.filter(landlord_id=landlord_id, status__in=OPEN).exists():
        raise CalculationUnderWay


def _new(by: Principal, wanted: Wanted, amounts: Mapping[str, Any], now: datetime) -> Submission:
    start, end = wanted.period_start, wanted.period_end
    submission = Submission(
        id=new_id(),
        landlord_id=wanted.landlord_id,
        business_id=wanted.business_id,
        tax_year=wanted.tax_year,
        period_start=start,
        period_end=end,
        digest=figures.digest(
            amounts,
            business_id=wanted.business_id,
            tax_year=wanted.tax_year,
            start=start.isoformat(),
            end=end.isoformat(),
        ),
        replaces=None if wanted.replaces is None else bytes.fromhex(wanted.replaces),
        fraud_context_id=wanted.fraud_context_id,
        created_by_kind=by.kind,
        created_by_id=by.id,
        created_at=now,
    )
    submission.figures = submission.seal("figures", json.dumps(plain(amounts)))
    return submission


def _mandate(book: Book, by: Principal, wanted: Wanted, now: datetime) -> Mandate:
    known = book.mandates.get(wanted.landlord_id, leave.Standing())
    if known.mandate is not None:
        return known.mandate
    given = wanted.mandate or {}  # checked: without one, it would have been refused
    mandate = mandates.drawn_up(by=by, landlord_id=wanted.landlord_id, given=given, now=now)
    book.draw_up(mandate)
    return mandate


def _declaration(by: Principal, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Who agreed to which words, when and by which way. Without a version, the current wording was shown."""
    return {
        "accepted": True,
        "covers_whole_business": True,
        "text_version": given.get("text_version") or wording.UPDATE.version,
        "name": given.get("name", ""),
        "channel": given.get("channel") or mandates.channel_of(by),
        "at": (given.get("at") or now).isoformat(),
    }


def _needless(kept: Sequence[Submission]) -> Iterable[Submission]:
    """Of the landlords of these, what waits for an approval although newer figures were asked for in its place."""
    place = {name: OuterRef(name) for name in ("landlord_id", "business_id", "tax_year")}
    later = Q(created_at__gt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__gt=OuterRef("pk"))
    newer = Submission.objects.filter(later, **place).exclude(status__in=NEVER_SENT)
    landlords = {each.landlord_id for each in kept}
    waiting = Submission.objects.filter(landlord_id__in=landlords, status=SubmissionStatus.WAITING_FOR_APPROVAL)
    return waiting.filter(Exists(newer))


def _tell(kept: Sequence[Submission], status: str, *, by: Principal, now: datetime, **detail: str) -> None:
    same: dict[str, Any] = {"subject_type": "submission", "now": now}
    digests = {each.pk: {"digest": each.digest.hex(), **detail} for each in kept}
    told = {each.pk: {"landlord_id": str(each.landlord_id)} for each in kept}
    audit.record_all(by=by, action=f"submission.{status}", details=digests, **same)
    outbox.publish_all(type=f"submission.{status}", data=told, **same)
