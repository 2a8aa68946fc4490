"""An agency leaves: its work stops, tokens are destroyed, landlords told, then keys, schema and rows. Keys before data:
from then on what is left, wherever a copy lies, is noise to whoever has not an older copy of the keys.

Each step is noted when it is done. Whoever is killed is followed by another, who goes on with the first that is not.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet

from events import audit, webhooks
from events.models import AuditEvent
from hmrc_oauth import connections, letters
from hmrc_oauth.models import Connection, Grant, GrantStatus
from leaving.errors import AlreadyLeaving, NotConfirmed, TooLateToStay
from people.principal import SYSTEM, Principal
from tenants import clock, due, shredding
from tenants.context import current_agency, get_agency, tenant
from tenants.errors import UnknownHost
from tenants.failpoints import failpoint
from tenants.faults import NotFound
from tenants.models import Agency, Due, OffBoarding
from tenants.models.agency import AgencyStatus
from tenants.vault.keyring import LIFE_S

log = structlog.get_logger()

_AT_ONCE = 100
_AGAIN = timedelta(seconds=30)
_BACKUPS = (
    "Backups of the database hold the wrapped keys and the data until they are deleted; the keys that wrap them still "
    "live. This certificate says nothing of them."
)


def plan(*, by: Principal, agency_id: UUID, confirm: str, wait_days: int, now: datetime) -> OffBoarding:
    """The agency leaves so many days from now. Raises NotFound, NotConfirmed unless `confirm` is its name,
    AlreadyLeaving.
    """
    agency = _agency(agency_id)
    if confirm != agency.name:
        raise NotConfirmed
    begins_at = now + timedelta(days=wait_days)
    asked = {"asked_by_kind": by.kind, "asked_by_id": by.id, "asked_at": now, "begins_at": begins_at}
    named = {"name": agency.name, "hosts": list(agency.domains.order_by("domain").values_list("domain", flat=True))}
    with transaction.atomic(), tenant(agency):
        if OffBoarding.objects.filter(agency_id=agency_id, called_off_at=None).exists():
            raise AlreadyLeaving
        planned, _ = OffBoarding.objects.update_or_create(
            agency_id=agency_id, defaults={**asked, **named, "called_off_at": None}
        )
        due.put(kind=due.Kind.OFF_BOARD, subject_id=agency_id, lane=due.Lane.BACKGROUND, at=begins_at)
        _audit(by, agency_id, "planned", now, begins_at=begins_at.isoformat())
    return planned


def call_off(*, by: Principal, agency_id: UUID, now: datetime) -> OffBoarding:
    """The agency stays after all. Raises NotFound, TooLateToStay."""
    with transaction.atomic():
        planned = OffBoarding.hold(agency_id)
        if planned is None:
            raise NotFound
        if planned.steps:
            raise TooLateToStay
        planned.called_off_at = now
        planned.save(update_fields=["called_off_at"])
        with tenant(agency_id):
            due.done(kind=due.Kind.OFF_BOARD, subject_id=agency_id)
            _audit(by, agency_id, "called_off", now)
    return planned


def get(*, agency_id: UUID) -> OffBoarding:
    """Raises NotFound."""
    found = OffBoarding.objects.filter(agency_id=agency_id).first()
    if found is None:
        raise NotFound
    return found


def run(*, agency_id: UUID) -> None:
    """Do what is next, until all is done. Safe to run twice, late, or never."""
    while _step(agency_id, clock.now()):
        failpoint("off_boarding.between_steps")


class _Step(NamedTuple):
    """`act`: what it counted, once it is done; None if it must be gone on with. `rests`: not at once. `before` is done
    outside the transaction, every time.
    """

    act: Callable[[Agency, datetime], dict[str, Any] | None]
    before: Callable[[Agency, datetime], None] = lambda *_: None
    rests: bool = False


def _step(agency_id: UUID, now: datetime) -> bool:
    """Whether there is more to do now."""
    agency, found = current_agency(), OffBoarding.objects.filter(agency_id=agency_id).first()
    name = _next(found) if found else None
    if found and name and now >= found.begins_at:
        _STEPS[name].before(agency, now)
    with transaction.atomic():
        leaving = OffBoarding.hold(agency_id)
        if leaving is None:
            due.done(kind=due.Kind.OFF_BOARD, subject_id=agency_id)
            return False
        if now < leaving.begins_at:
            due.put_off(kind=due.Kind.OFF_BOARD, subject_id=agency_id, until=leaving.begins_at)
            return False
        return _act(leaving, agency, now)


def _next(leaving: OffBoarding) -> str | None:
    return next((each for each in _STEPS if each not in leaving.done), None)


def _act(leaving: OffBoarding, agency: Agency, now: datetime) -> bool:
    name = _next(leaving)
    if name is None:
        _finish(leaving, now)
        return False
    counted = _STEPS[name].act(agency, now)
    failpoint(f"off_boarding.in_{name}")
    if counted is not None:
        leaving.note(name, now=now, **counted)
    elif _STEPS[name].rests:
        due.put_off(kind=due.Kind.OFF_BOARD, subject_id=agency.pk, until=now + _AGAIN)
        return False
    return True


def _stop(agency: Agency, now: datetime) -> dict[str, Any]:
    """The API closes, workers do nothing for it but this, and nobody hears of anything any more."""
    Agency.objects.filter(pk=agency.pk).update(status=AgencyStatus.LEAVING)
    return {"webhook_endpoints": webhooks.wipe_all(now=now)}


def _destroy_tokens(_: Agency, now: datetime) -> dict[str, Any] | None:
    """A hundred landlords at a time are disconnected; each is owed a letter."""
    alive = Grant.objects.exclude(status=GrantStatus.WIPED).order_by("pk")[:_AT_ONCE]
    for grant in alive:
        for connection in Connection.objects.filter(landlord_id=grant.landlord_id, landlord__archived_at=None):
            connections.disconnect(by=SYSTEM, landlord_id=connection.landlord_id, now=now)
        grant.wipe()
    return None if alive else {"grants_without_tokens": Grant.objects.count()}


def _owed(agency: Agency) -> QuerySet[Due]:
    return Due.objects.filter(agency_id=agency.pk, kind=due.Kind.TELL_LANDLORD)


def _send_letters(agency: Agency, now: datetime) -> None:
    """One that can't be sent is tried for a day."""
    for row in _owed(agency).filter(due_at__lte=now).order_by("due_at").iterator():
        letters.run(connection_id=row.subject_id)


def _tell(agency: Agency, now: datetime) -> dict[str, Any] | None:
    if _owed(agency).exists():
        return None
    while audit.seal_chain(now=now):
        pass
    last = AuditEvent.objects.exclude(sequence=None).order_by("-sequence").first()
    head = {"sequence": last.sequence, "chain": bytes(last.chain or b"").hex()} if last else None
    return {"landlords_told": Connection.objects.exclude(told_at=None).count(), "audit_trail": head}


def _destroy_keys(agency: Agency, now: datetime) -> dict[str, Any]:
    gone_by = now + timedelta(seconds=LIFE_S)
    return {"keys": shredding.destroy_keys(agency), "copies_in_memory_gone_by": gone_by.isoformat()}


def _drop_schema(agency: Agency, _: datetime) -> dict[str, Any]:
    return {"rows": shredding.drop_schema(agency)}


_STEPS: Mapping[str, _Step] = {
    "stopped": _Step(_stop),
    "tokens_destroyed": _Step(_destroy_tokens),
    "landlords_told": _Step(_tell, before=_send_letters, rests=True),
    "keys_destroyed": _Step(_destroy_keys),
    "schema_dropped": _Step(_drop_schema),
}


def _finish(leaving: OffBoarding, now: datetime) -> None:
    """The last rows go, the agency's own among them; what stays is what proves it."""
    leaving.note("rows_deleted", now=now, rows=shredding.forget(current_agency()))
    failpoint("off_boarding.in_rows_deleted")
    leaving.finished_at = now
    leaving.certificate = _certificate(leaving)
    leaving.save(update_fields=["finished_at", "certificate"])
    log.info("agency.off_boarded")


def _certificate(leaving: OffBoarding) -> dict[str, Any]:
    said: dict[str, Any] = {
        "agency": {"id": str(leaving.agency_id), "name": leaving.name, "hosts": leaving.hosts},
        "asked": {"by": leaving.asked_by_kind, "id": str(leaving.asked_by_id), "at": leaving.asked_at.isoformat()},
        "destroyed": leaving.steps,
        "finished_at": leaving.finished_at.isoformat() if leaving.finished_at else None,
        "not_covered": _BACKUPS,
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return {**said, "sha256": hashlib.sha256(text.encode()).hexdigest()}


def _audit(by: Principal, agency_id: UUID, what: str, now: datetime, **detail: Any) -> None:
    subject: dict[str, Any] = {"subject_type": "agency", "subject_id": agency_id, "now": now}
    audit.record(by=by, action=f"agency.off_boarding_{what}", **subject, **detail)


def _agency(agency_id: UUID) -> Agency:
    try:
        return get_agency(agency_id)
    except UnknownHost:
        raise NotFound from None
