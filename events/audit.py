"""The audit trail: what is revealed to a person, and every change of a connection, key, role or submission."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from structlog.contextvars import get_contextvars

from events.models import AuditEvent
from people.principal import Principal
from tenants import due
from tenants.context import current_agency
from tenants.copying import copy_like
from tenants.ids import new_id

_FIRST = b"\0" * 32
_BATCH = 500
_AGAIN = timedelta(seconds=2)
CHAIN = UUID(int=0)  # the one chain of an agency


def record(*, by: Principal, action: str, subject_type: str, subject_id: UUID, now: datetime, **detail: Any) -> None:
    """Write the row into the current transaction. `detail` holds ids and codes: never a secret or a NINO."""
    record_all(by=by, action=action, subject_type=subject_type, details={subject_id: detail}, now=now)


def record_all(
    *, by: Principal, action: str, subject_type: str, details: Mapping[UUID, dict[str, Any]], now: datetime
) -> None:
    """The same for many subjects, each with its detail."""
    pattern = AuditEvent(
        at=now,
        actor_kind=by.kind,
        actor_id=by.id,
        action=action,
        subject_type=subject_type,
        request_id=str(get_contextvars().get("request_id", ""))[:64],
    )
    copy_like(pattern, ({"id": new_id(), "subject_id": subject, "detail": said} for subject, said in details.items()))
    # Kept, not put: an agency's transactions must not queue behind one another for the row that says "seal".
    due.keep(kind=due.Kind.SEAL_AUDIT, subject_id=CHAIN, lane=due.Lane.BACKGROUND, at=now)


def told(*, action: str, subject_id: UUID) -> list[dict[str, Any]]:
    """What the trail says of these acts on this subject, in order."""
    rows = AuditEvent.objects.filter(action=action, subject_id=subject_id).order_by("id")
    return list(rows.values_list("detail", flat=True))


def seal_chain(*, now: datetime) -> int:
    """Give the unchained rows their place and link in the agency's chain. One sealer at a time. Returns how many.

    Comes back until it finds none. A row committed just after that waits for the next one, or for the daily tidying.
    """
    with transaction.atomic():
        _wait_for_other_sealers()
        last = AuditEvent.objects.exclude(sequence=None).order_by("-sequence").first()
        rows = list(AuditEvent.objects.filter(sequence=None).order_by("id").select_for_update()[:_BATCH])
        number, link = (last.sequence or 0, bytes(last.chain or _FIRST)) if last else (0, _FIRST)
        for row in rows:
            number, link = number + 1, _link(link, row)
            AuditEvent.objects.filter(pk=row.pk).update(sequence=number, chain=link)
        if rows:
            due.put_off(kind=due.Kind.SEAL_AUDIT, subject_id=CHAIN, until=now + _AGAIN)
        else:
            due.done(kind=due.Kind.SEAL_AUDIT, subject_id=CHAIN)
    return len(rows)


def find_break() -> int | None:
    """The sequence number of the first row whose link does not hold, None if the chain is whole."""
    link = _FIRST
    for expected, row in enumerate(AuditEvent.objects.exclude(sequence=None).order_by("sequence").iterator(), start=1):
        link = _link(link, row)
        if row.sequence != expected or bytes(row.chain or b"") != link:
            return expected
    return None


def _wait_for_other_sealers() -> None:
    # Locking the last row is not enough: by the time one has it, it may not be the last any more.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"audit:{current_agency().pk}"])


def _link(before: bytes, row: AuditEvent) -> bytes:
    said = [
        str(row.id),
        row.at.isoformat(),
        row.actor_kind,
        str(row.actor_id),
        row.action,
        row.subject_type,
        str(row.subject_id),
        row.detail,
    ]
    return hashlib.sha256(before + json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).digest()
