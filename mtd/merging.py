"""Two records of one person become one. What was filed, agreed and connected goes over; nothing that was is lost."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Model

from events import audit, outbox
from hmrc_oauth import merging as authority
from landlords import merging, records
from landlords.merging import of
from landlords.models import Landlord
from mtd import readiness, submissions
from mtd.models import (
    AnnualSubmission,
    Business,
    Calculation,
    Held,
    ItsaStatus,
    Mandate,
    MandateEnd,
    Obligation,
    Readiness,
    Reading,
    Submission,
    Write,
)
from people.models import FraudContext, Operation
from people.principal import SYSTEM, Principal
from tenants import due
from tenants.context import current_agency
from tenants.faults import FieldFault, Invalid

_HISTORY: tuple[type[Model], ...] = (Submission, Write, Calculation, Mandate)
# What HMRC holds, as it was last read: there is a copy of each record of one person, and one is enough.
_COPIES: tuple[type[Model], ...] = (Reading, Business, ItsaStatus, Obligation, AnnualSubmission, Held)
_OTHERS: tuple[type[Model], ...] = (Operation, FraudContext)
# What was asked for the duplicate just when it was merged has been committed by then.
_LATE = timedelta(minutes=1)


@transaction.atomic
def merge(*, by: Principal, landlord_id: UUID, duplicate_id: UUID, expected: int | None, now: datetime) -> Landlord:
    """Give the landlord everything that the duplicate has, and take the duplicate off the lists.

    Raises NotFound, Invalid, Stale, OtherPerson, ExternalIdsDiffer, BothConnected, ConnectUnderWay; and Unsettled or
    CalculationUnderWay for the duplicate.
    """
    if duplicate_id == landlord_id:
        raise Invalid(errors=[FieldFault("/duplicate_id", "same", "Nobody is a duplicate of themselves.")])
    records.get(landlord_id=landlord_id)
    kept, duplicate = merging.hold(landlord_id=landlord_id, duplicate_id=duplicate_id)
    records.refuse_stale(kept, expected)
    merging.refuse_two_people(kept, duplicate)
    authority.refuse(landlord_id=landlord_id, duplicate_id=duplicate_id)
    submissions.refuse_under_way(landlord_id=duplicate_id)
    _end_one_mandate(by, landlord_id, duplicate_id, now)
    _keep_newer_copies(landlord_id, duplicate_id)
    merging.take_over(kept, duplicate, now=now)
    _move(landlord_id, duplicate_id, now)
    due.put(kind=due.Kind.MERGE, subject_id=duplicate_id, lane=due.Lane.BACKGROUND, at=now + _LATE)
    said: dict[str, Any] = {"subject_type": "landlord", "subject_id": landlord_id, "now": now}
    audit.record(by=by, action="landlord.merged", **said, duplicate=str(duplicate_id))
    outbox.publish(type="landlord.merged", **said, duplicate_id=str(duplicate_id))
    return records.get(landlord_id=landlord_id)


@transaction.atomic
def run(*, duplicate_id: UUID, now: datetime) -> None:
    """Move what came in while the two were merged. Safe to run twice, late, or never."""
    duplicate = Landlord.objects.filter(pk=duplicate_id, merged_into__isnull=False).first()
    if duplicate is not None and duplicate.merged_into_id is not None:
        _end_one_mandate(SYSTEM, duplicate.merged_into_id, duplicate_id, now)
        for model in _COPIES:
            of(model, duplicate_id).delete()
        _move(duplicate.merged_into_id, duplicate_id, now)
    due.done(kind=due.Kind.MERGE, subject_id=duplicate_id)


def _move(landlord_id: UUID, duplicate_id: UUID, now: datetime) -> None:
    _keep_readiness(landlord_id, duplicate_id)
    readiness.plan(landlord_id=landlord_id, now=now)  # who looked at the duplicate again finds nobody
    merging.move_own(landlord_id=landlord_id, duplicate_id=duplicate_id, agency_id=current_agency().pk)
    authority.move(landlord_id=landlord_id, duplicate_id=duplicate_id, now=now)
    for model in (*_HISTORY, *_COPIES, *_OTHERS):
        of(model, duplicate_id).update(landlord_id=landlord_id)


def _keep_readiness(landlord_id: UUID, duplicate_id: UUID) -> None:
    """That of whoever has an authority; it is made anew as soon as HMRC has answered."""
    of(Readiness, landlord_id if authority.has_grant(landlord_id=duplicate_id) else duplicate_id).delete()
    of(Readiness, duplicate_id).update(landlord_id=landlord_id)


def _end_one_mandate(by: Principal, landlord_id: UUID, duplicate_id: UUID, now: datetime) -> None:
    if of(Mandate, landlord_id).filter(ended_at=None).exists():
        for mandate in of(Mandate, duplicate_id).filter(ended_at=None):
            mandate.end(how=MandateEnd.REPLACED, by=by, now=now)


def _keep_newer_copies(landlord_id: UUID, duplicate_id: UUID) -> None:
    """Those of the record that HMRC was asked about last; the next reading replaces them all."""
    read = {each: of(Reading, each).aggregate(last=Max("fetched_at"))["last"] for each in (landlord_id, duplicate_id)}
    kept_is_newer = read[duplicate_id] is None or (
        read[landlord_id] is not None and read[landlord_id] >= read[duplicate_id]
    )
    for model in _COPIES:
        of(model, duplicate_id if kept_is_newer else landlord_id).delete()
