"""Submissions, as the API sees them: accept, list, resume. Sending is mtd.filing's, in workers."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from events import audit, outbox
from hmrc_oauth import connections, fraud_contexts
from hmrc_oauth.errors import NotConnected
from hmrc_oauth.models import ConnectionState
from landlords import records
from landlords.errors import NinoMissing
from mtd import figures, rules, writes
from mtd.errors import BusinessUnknown, DeclarationMissing, Unsettled
from mtd.models import Business, Reading, Submission
from mtd.models.submission import SETTLED
from people.models import Operation
from people.principal import Principal
from tenants import due
from tenants.faults import Invalid, NotFound
from tenants.ids import new_id


class Wanted(NamedTuple):
    """A submission as asked for. `figures` as they came; everything else already of its type."""

    landlord_id: UUID
    business_id: str
    tax_year: str
    period_start: date
    period_end: date
    figures: Any
    declaration: Mapping[str, Any]
    mandate: Mapping[str, Any] | None
    fraud_context_id: UUID | None
    replaces: str | None = None  # digest, in hex, of what somebody else sent and this may erase


def accept(*, by: Principal, wanted: Wanted, now: datetime) -> Submission:
    """Check it, keep it sealed and queue it. What it replaces and is still queued is superseded.

    Raises NotFound, Invalid (every fault at once), DeclarationMissing, NinoMissing, BusinessUnknown, NotConnected,
    and what fraud_contexts.attach raises.
    """
    landlord = records.get(landlord_id=wanted.landlord_id)
    amounts, faults = figures.read(wanted.figures)
    faults += rules.faults(
        business_id=wanted.business_id, tax_year=wanted.tax_year, start=wanted.period_start, end=wanted.period_end
    )
    if faults:
        raise Invalid(errors=faults)
    if not wanted.declaration.get("accepted"):
        raise DeclarationMissing
    _refuse_if_hopeless(landlord.pk, wanted.business_id, has_nino=landlord.nino is not None, now=now)
    fraud_contexts.attach(by=by, context_id=wanted.fraud_context_id, landlord_id=landlord.pk, now=now)
    return _queue(_new(by, wanted, amounts, now), by=by, now=now)


def get(*, submission_id: UUID) -> Submission:
    """Raises NotFound."""
    found = Submission.objects.select_related("landlord").filter(pk=submission_id).first()
    if found is None:
        raise NotFound
    return found


def archive_landlord(*, by: Principal, landlord_id: UUID, now: datetime, expected: int | None) -> None:
    """Take the landlord off the lists, with an end to the connection. Raises NotFound, Unsettled, Stale."""
    is_filed = Submission.objects.filter(landlord_id=landlord_id).exclude(status__in=SETTLED).exists()
    if is_filed or writes.are_under_way(landlord_id=landlord_id):
        raise Unsettled
    connections.archive_landlord(by=by, landlord_id=landlord_id, now=now, expected=expected)


def _refuse_if_hopeless(landlord_id: UUID, business_id: str, *, has_nino: bool, now: datetime) -> None:
    if not has_nino:
        raise NinoMissing
    connection = connections.get(landlord_id=landlord_id, now=now)
    # A dead grant is not hopeless: the submission waits for the reconnect. One that never was is.
    if connection.state not in {ConnectionState.ACTIVE, ConnectionState.RECONNECT_REQUIRED}:
        raise NotConnected
    read = Reading.objects.filter(landlord_id=landlord_id, what="businesses").exists()
    if read and not Business.objects.filter(landlord_id=landlord_id, business_id=business_id).exists():
        raise BusinessUnknown


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
        declaration=dict(wanted.declaration),
        mandate=None if wanted.mandate is None else dict(wanted.mandate),
        fraud_context_id=wanted.fraud_context_id,
        created_by_kind=by.kind,
        created_by_id=by.id,
        created_at=now,
    )
    submission.figures = submission.seal("figures", json.dumps(figures.plain(amounts)))
    return submission


def _queue(submission: Submission, *, by: Principal, now: datetime) -> Submission:
    submission.save(force_insert=True)
    Operation.open(
        kind="submission",
        subject_type="submission",
        subject_id=submission.pk,
        landlord_id=submission.landlord_id,
        now=now,
        id=submission.pk,
    )
    due.put(kind=due.Kind.SUBMIT, subject_id=submission.pk, lane=due.Lane.DEADLINE)
    audit.record(
        by=by,
        action="submission.queued",
        subject_type="submission",
        subject_id=submission.pk,
        now=now,
        digest=submission.digest.hex(),
    )
    outbox.publish(
        type="submission.queued",
        subject_type="submission",
        subject_id=submission.pk,
        now=now,
        landlord_id=str(submission.landlord_id),
    )
    return submission
