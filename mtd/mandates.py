"""Landlords' mandates, put on record and taken back: what they allow is mtd.leave's. docs/filing.md has the rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from events import audit, outbox
from landlords import records
from landlords.models import Landlord
from mtd import wording, writes
from mtd.errors import MandateRevoked
from mtd.leave import Standing, standing
from mtd.models import Channel, Mandate, MandateEnd, MandateKind, Submission, SubmissionStatus
from mtd.models.submission import UNSENT
from mtd.settling import drop
from people.principal import Principal, PrincipalKind
from tenants import clock
from tenants.copying import copy_in
from tenants.faults import FieldFault, Invalid, NotFound

_CHANNELS = {PrincipalKind.LANDLORD: Channel.LINK, PrincipalKind.STAFF: Channel.PORTAL}


def of(*, landlord_id: UUID) -> list[Mandate]:
    """All there ever were, newest first. Raises NotFound."""
    records.get(landlord_id=landlord_id)
    return list(Mandate.objects.filter(landlord_id=landlord_id).order_by("-recorded_at", "-id"))


def record(*, by: Principal, landlord_id: UUID, given: Mapping[str, Any], now: datetime) -> Mandate:
    """Put a mandate on record; it takes the place of the one that stands.

    By the landlord it is given now; by others it may have been given earlier. Raises NotFound, Invalid (given_at),
    MandateRevoked for one that was given before the last was taken back.
    """
    records.get(landlord_id=landlord_id)
    mandate = drawn_up(by=by, landlord_id=landlord_id, given=given, now=now)
    if clock.is_to_come(mandate.given_at, now=now):
        raise Invalid(errors=[FieldFault("/given_at", "in_future", "This moment is still to come.")])
    with transaction.atomic():
        Landlord.objects.select_for_update(no_key=True).get(pk=landlord_id)  # one at a time
        known = standing([landlord_id]).get(landlord_id, Standing())
        if known.revoked_at is not None and mandate.given_at <= known.revoked_at:
            raise MandateRevoked
        if known.mandate is not None:
            known.mandate.end(how=MandateEnd.REPLACED, by=by, now=now)
        record_all([mandate], by=by, now=now)
    return mandate


def drawn_up(*, by: Principal, landlord_id: UUID, given: Mapping[str, Any], now: datetime) -> Mandate:
    """A mandate that is not on record yet."""
    return Mandate(
        landlord_id=landlord_id,
        kind=MandateKind(given["kind"]),
        text_version=given.get("text_version") or wording.mandate(given["kind"]).version,
        channel=channel_of(by) if by.landlord_id else given.get("channel") or channel_of(by),
        evidence=given.get("evidence", ""),
        given_at=now if by.landlord_id else given.get("given_at") or now,
        recorded_by_kind=by.kind,
        recorded_by_id=by.id,
        recorded_at=now,
    )


def record_all(drawn: Sequence[Mandate], *, by: Principal, now: datetime) -> None:
    """Put these on record. Their landlords are locked, and none of them has one that stands."""
    if drawn:
        copy_in(drawn)
        _tell(drawn, "recorded", by, now)


def revoke(*, by: Principal, landlord_id: UUID, mandate_id: UUID, now: datetime) -> None:
    """Take a mandate back; revoking one that has ended changes nothing. What was not sent yet is cancelled, and what is
    on its way can't be called back. Raises NotFound.
    """
    mandate = Mandate.objects.filter(pk=mandate_id, landlord_id=landlord_id).first()
    if mandate is None:
        raise NotFound
    with transaction.atomic():
        if not mandate.end(how=MandateEnd.REVOKED, by=by, now=now):
            return
        _tell([mandate], "revoked", by, now)
        for submission in Submission.objects.filter(landlord_id=landlord_id, status__in=UNSENT):
            drop(submission, to=SubmissionStatus.CANCELLED, reason=MandateRevoked.code, now=now)
        writes.cancel(landlord_id=landlord_id, reason=MandateRevoked.code, now=now)


def channel_of(by: Principal) -> Channel:
    """How somebody's word came, where that is not said."""
    return _CHANNELS.get(by.kind, Channel.API)


def _tell(mandates: Sequence[Mandate], what: str, by: Principal, now: datetime) -> None:
    same: dict[str, Any] = {"subject_type": "mandate", "now": now}
    said = {each.pk: {"landlord_id": str(each.landlord_id), "kind": each.kind} for each in mandates}
    audit.record_all(by=by, action=f"mandate.{what}", details=said, **same)
    outbox.publish_all(type=f"mandate.{what}", data=said, **same)
