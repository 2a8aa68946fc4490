"""Whom we do not mail: who asked for that, and whose address takes none. Whoever mails asks here first."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from events import audit, outbox
from landlords import mails, records
from landlords.models import Landlord, Mail, MailStop, StopReason
from people.principal import Principal
from tenants.context import tenant
from tenants.models import Agency

HARD, COMPLAINT, SOFT = "hard", "complaint", "soft"
BOUNCES = (HARD, SOFT, COMPLAINT)
_REASONS = {HARD: StopReason.BOUNCED, COMPLAINT: StopReason.COMPLAINT}


def why_not(landlord: Landlord) -> str:
    """Why the landlord is not mailed by us; empty if nothing is in the way."""
    return stopped([landlord.pk]).get(landlord.pk, "")


def stopped(landlord_ids: Collection[UUID]) -> dict[UUID, str]:
    """Those of these who are not mailed by us, and why."""
    rows = MailStop.objects.filter(_holds(), landlord_id__in=landlord_ids)
    return dict(rows.values_list("landlord_id", "reason"))


def stands(reason: StopReason) -> Exists:
    """Whether a landlord of the outer query is not mailed for this reason."""
    return Exists(MailStop.objects.filter(_holds(), landlord=OuterRef("pk"), reason=reason))


def put(*, by: Principal, landlord_id: UUID, now: datetime, reason: StopReason = StopReason.OPTED_OUT) -> None:
    """Mail the landlord no more. A bounce does not replace what the landlord said. Raises NotFound."""
    landlord = records.get(landlord_id=landlord_id)
    known = MailStop.objects.filter(landlord=landlord).first()
    if known is not None and (known.reason == StopReason.OPTED_OUT or _is_known(known, reason, landlord)):
        return
    stop = {"reason": reason, "address": landlord.email, "at": now}
    MailStop.objects.update_or_create(landlord=landlord, defaults=stop)
    _tell(by, landlord_id, f"landlord.{reason}", now)


def lift(*, by: Principal, landlord_id: UUID, now: datetime) -> None:
    """Mail the landlord again: they said so, or the address was put in order. Raises NotFound."""
    landlord = records.get(landlord_id=landlord_id)
    if MailStop.objects.filter(landlord=landlord).delete()[0]:
        _tell(by, landlord_id, "landlord.mail_allowed", now)


def report(*, by: Principal, address: str, kind: str, now: datetime) -> int:
    """A mail to this address did not arrive (`hard`, `soft`), or was called spam (`complaint`). How many landlords have
    it. A soft one is noted with the mail and stops nothing.
    """
    found = Landlord.objects.kept().filter(email__iexact=address)
    for landlord in found:
        _note(landlord, landlord.mails.filter(sent_at__isnull=False).order_by("-queued_at").first(), by, kind, now)
    return len(found)


def report_message(*, by: Principal, message_id: str, kind: str, now: datetime) -> bool:
    """The same of one mail, by its Message-ID, which leads to its agency too. False if it is none of ours."""
    named = mails.read_message_id(message_id)
    agency = None if named is None else Agency.objects.filter(pk=named[1]).first()
    if named is None or agency is None:
        return False
    with tenant(agency):
        mail = Mail.objects.select_related("landlord").filter(pk=named[0], landlord__archived_at=None).first()
        if mail is not None:
            _note(mail.landlord, mail, by, kind, now)
    return mail is not None


def _note(landlord: Landlord, mail: Mail | None, by: Principal, kind: str, now: datetime) -> None:
    if mail is not None:
        mail.bounce(kind)
    if kind in _REASONS:
        put(by=by, landlord_id=landlord.pk, reason=_REASONS[kind], now=now)


def _holds() -> Q:
    """A bounce holds for the address that bounced; what a person said, for the person."""
    return ~Q(reason=StopReason.BOUNCED) | Q(address__iexact=F("landlord__email"))


def _is_known(stop: MailStop, reason: StopReason, landlord: Landlord) -> bool:
    return stop.reason == reason and stop.address.lower() == landlord.email.lower()


def _tell(by: Principal, landlord_id: UUID, what: str, now: datetime) -> None:
    audit.record(by=by, action=what, subject_type="landlord", subject_id=landlord_id, now=now)
    outbox.publish(type=what, subject_type="landlord", subject_id=landlord_id, now=now)
