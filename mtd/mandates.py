"""Landlords' mandates: the leave without which an agency files nothing for them. docs/filing.md has the rules."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from events import audit, outbox
from landlords import records
from landlords.models import Landlord
from mtd import wording, writes
from mtd.errors import MandateMissing, MandateRevoked
from mtd.models import Channel, Mandate, MandateEnd, MandateKind, Submission, SubmissionStatus
from mtd.models.submission import UNSENT
from mtd.settling import drop
from people.principal import Principal, PrincipalKind
from tenants import clock
from tenants.faults import Fault, FieldFault, Invalid, NotFound

_CHANNELS = {PrincipalKind.LANDLORD: Channel.LINK, PrincipalKind.STAFF: Channel.PORTAL}


class Standing(NamedTuple):
    """Where a landlord stands: the mandate on record, and when one was last taken back."""

    mandate: Mandate | None = None
    revoked_at: datetime | None = None


def of(*, landlord_id: UUID) -> list[Mandate]:
    """All there ever were, newest first. Raises NotFound."""
    records.get(landlord_id=landlord_id)
    return list(Mandate.objects.filter(landlord_id=landlord_id).order_by("-recorded_at", "-id"))


def standing(landlord_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """By landlord, in one query; without those of whom nothing was ever recorded."""
    found: dict[UUID, Standing] = {}
    for each in Mandate.objects.filter(landlord_id__in=landlord_ids).exclude(ended_how=MandateEnd.REPLACED):
        before = found.get(each.landlord_id, Standing())
        revoked = [moment for moment in (before.revoked_at, each.ended_at) if moment]
        alive = each if each.ended_at is None else before.mandate
        found[each.landlord_id] = Standing(alive, max(revoked, default=None))
    return found


def holds(*, landlord_id: UUID) -> bool:
    """Whether anything may be sent for the landlord."""
    return Mandate.objects.filter(landlord_id=landlord_id, ended_at=None).exists()


def refusal(known: Standing | None, given: Mapping[str, Any] | None) -> type[Fault] | None:
    """Why there is no mandate to file by; None if there is one, or the one that comes with a submission will do.

    After a revocation, one that does not say when it was given may be as old as the one that was taken back.
    """
    known = known or Standing()
    if known.mandate is not None:
        return None
    if known.revoked_at is not None and not _is_newer(given, than=known.revoked_at):
        return MandateRevoked
    return MandateMissing if given is None else None


def record(
    *, by: Principal, landlord_id: UUID, given: Mapping[str, Any], now: datetime, replaces: bool = True
) -> Mandate:
    """Put a mandate on record; it takes the place of the one that stands, or, unless it `replaces`, leaves it so.

    By the landlord it is given now; by others it may have been given earlier. Raises NotFound, Invalid (given_at),
    MandateRevoked for one that was given before the last was taken back.
    """
    landlord = records.get(landlord_id=landlord_id)
    given_at = now if by.landlord_id else given.get("given_at") or now
    if clock.is_to_come(given_at, now=now):
        raise Invalid(errors=[FieldFault("/given_at", "in_future", "This moment is still to come.")])
    with transaction.atomic():
        Landlord.objects.select_for_update(no_key=True).get(pk=landlord_id)  # one at a time
        known = standing([landlord_id]).get(landlord_id, Standing())
        if known.revoked_at is not None and given_at <= known.revoked_at:
            raise MandateRevoked
        if known.mandate is not None:
            if not replaces:
                return known.mandate
            known.mandate.end(how=MandateEnd.REPLACED, by=by, now=now)
        mandate = Mandate.objects.create(
            landlord=landlord,
            kind=MandateKind(given["kind"]),
            text_version=given.get("text_version") or wording.mandate(given["kind"]).version,
            channel=channel_of(by) if by.landlord_id else given.get("channel") or channel_of(by),
            evidence=given.get("evidence", ""),
            given_at=given_at,
            recorded_by_kind=by.kind,
            recorded_by_id=by.id,
            recorded_at=now,
        )
        _tell(mandate, "recorded", by, now)
    return mandate


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
        _tell(mandate, "revoked", by, now)
        for submission in Submission.objects.filter(landlord_id=landlord_id, status__in=UNSENT):
            drop(submission, to=SubmissionStatus.CANCELLED, reason=MandateRevoked.code, now=now)
        writes.cancel(landlord_id=landlord_id, reason=MandateRevoked.code, now=now)


def channel_of(by: Principal) -> Channel:
    """How somebody's word came, where that is not said."""
    return _CHANNELS.get(by.kind, Channel.API)


def _is_newer(given: Mapping[str, Any] | None, *, than: datetime) -> bool:
    given_at = (given or {}).get("given_at")
    return given_at is not None and given_at > than


def _tell(mandate: Mandate, what: str, by: Principal, now: datetime) -> None:
    subject: dict[str, Any] = {"subject_type": "mandate", "subject_id": mandate.pk, "now": now}
    said: dict[str, Any] = {"landlord_id": str(mandate.landlord_id), "kind": mandate.kind}
    audit.record(by=by, action=f"mandate.{what}", **subject, **said)
    outbox.publish(type=f"mandate.{what}", **subject, **said)
