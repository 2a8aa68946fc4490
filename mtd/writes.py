"""What HMRC is to hold besides a quarter's figures, as the API sees it: accept, find, resume, cancel.

Sending is mtd.writing's, in workers.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from events import audit, outbox
from hmrc_oauth import connections, fraud_contexts
from hmrc_oauth.errors import NotConnected
from hmrc_oauth.models import ConnectionState
from landlords.errors import NinoMissing
from landlords.models import Landlord
from mtd import leave
from mtd.models import Write, WriteKind, WriteStatus
from mtd.models.write import NEVER_SENT, SETTLED, UNSENT
from people.models import Operation
from people.principal import SYSTEM, Principal
from tenants import due
from tenants.db import connection as database
from tenants.ids import new_id

_HOPEFUL = {ConnectionState.ACTIVE, ConnectionState.RECONNECT_REQUIRED}


class Wanted(NamedTuple):
    """What is to be written, in the form in which it is sealed: JSON, amounts as strings of two places."""

    landlord: Landlord
    kind: WriteKind
    business_id: str
    tax_year: str
    content: Mapping[str, Any]
    fraud_context_id: UUID | None
    declaration: Mapping[str, Any] | None = None


def accept(*, by: Principal, wanted: Wanted, now: datetime) -> Write:
    """Keep it sealed and queue it. What it replaces and is still queued is superseded; the same twice is once.

    Raises NinoMissing, NotConnected, MandateMissing, MandateRevoked, and what fraud_contexts.attach raises.
    """
    if wanted.landlord.nino is None:
        raise NinoMissing
    # A dead grant is not hopeless: it waits for the reconnect. One that never was is.
    if connections.get(landlord_id=wanted.landlord.pk, now=now).state not in _HOPEFUL:
        raise NotConnected
    unasked = leave.refusal_of_click(landlord_id=wanted.landlord.pk, kind=by.kind, at=now)
    if unasked:
        raise unasked
    context_id = fraud_contexts.attach(
        by=by, context_id=wanted.fraud_context_id, landlord_id=wanted.landlord.pk, now=now
    )
    write = _new(by, wanted._replace(fraud_context_id=context_id), now)
    with transaction.atomic():
        lock(write)
        before = newest(write.place)
        if before is not None and before.status not in SETTLED and bytes(before.digest) == write.digest:
            return before
        for older in Write.objects.filter(**write.place, status__in=UNSENT):
            drop(older, to=WriteStatus.SUPERSEDED, now=now)
        _queue(write, by=by, now=now)
    return write


def newest(place: Mapping[str, Any]) -> Write | None:
    """The last thing that was asked for at this place."""
    return Write.objects.filter(**place).order_by("-created_at", "-id").first()


def newer(write: Write) -> QuerySet[Write]:
    """What was asked for later at its place, and may be at HMRC or come there."""
    later = Q(created_at__gt=write.created_at) | Q(created_at=write.created_at, pk__gt=write.pk)
    return Write.objects.filter(later, **write.place).exclude(status__in=NEVER_SENT)


def are_under_way(*, landlord_id: UUID) -> bool:
    """Whether anything for this landlord is not settled yet."""
    return Write.objects.filter(landlord_id=landlord_id).exclude(status__in=SETTLED).exists()


def resume(*, landlord_id: UUID) -> None:
    """The connection works again: what waited for it is queued."""
    for write in Write.objects.filter(landlord_id=landlord_id, status=WriteStatus.WAITING_FOR_CONNECTION):
        if write.resume():
            due.put(kind=due.Kind.WRITE, subject_id=write.pk, lane=due.Lane.DEADLINE)


def cancel(*, landlord_id: UUID, reason: str, now: datetime) -> None:
    """What was not sent yet is not wanted any more."""
    for write in Write.objects.filter(landlord_id=landlord_id, status__in=UNSENT):
        drop(write, to=WriteStatus.CANCELLED, now=now, reason=reason)


def drop(write: Write, *, to: WriteStatus, now: datetime, reason: str = "") -> None:
    """It will not be sent. What is under way is left alone."""
    if write.drop(to=to, now=now, reason=reason):
        due.done(kind=due.Kind.WRITE, subject_id=write.pk)
        tell(write, to, by=SYSTEM, now=now, reason_code=reason)


def tell(write: Write, status: WriteStatus, *, by: Principal, now: datetime, **more: Any) -> None:
    """Say what became of it: to the agency's feed, to its audit trail, and to whoever follows the operation."""
    ids = {"landlord_id": str(write.landlord_id), "reason_code": more.get("reason_code", "")}
    subject: dict[str, Any] = {"subject_type": "write", "subject_id": write.pk, "now": now}
    outbox.publish(type=f"{write.kind}.{status}", **subject, **ids)
    seen = {"correlation_id": more.get("correlation_id", ""), "digest": bytes(write.digest).hex()}
    audit.record(by=by, action=f"{write.kind}.{status}", **subject, **seen)
    if status not in SETTLED:
        return
    for operation in Operation.objects.filter(pk=write.pk):
        if status in {WriteStatus.ACCEPTED, WriteStatus.SUPERSEDED}:
            operation.succeed(now=now, result={"status": status})
        else:
            operation.fail(now=now, code=more["reason_code"])


def lock(write: Write) -> None:
    """Until the end of the transaction, nobody else decides about what is written at this place."""
    with database.cursor() as cursor:
        name = ":".join(map(str, write.place.values()))
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _new(by: Principal, wanted: Wanted, now: datetime) -> Write:
    text = json.dumps(wanted.content, sort_keys=True)
    named = json.dumps([wanted.kind, wanted.business_id, wanted.tax_year, text])
    write = Write(
        id=new_id(),
        landlord=wanted.landlord,
        kind=wanted.kind,
        business_id=wanted.business_id,
        tax_year=wanted.tax_year,
        digest=hashlib.sha256(named.encode()).digest(),
        declaration=None if wanted.declaration is None else dict(wanted.declaration),
        fraud_context_id=wanted.fraud_context_id,
        created_by_kind=by.kind,
        created_by_id=by.id,
        created_at=now,
    )
    write.content = write.seal("content", text)
    return write


def _queue(write: Write, *, by: Principal, now: datetime) -> None:
    write.save(force_insert=True)
    Operation.open(
        kind=write.kind,
        subject_type="write",
        subject_id=write.pk,
        landlord_id=write.landlord_id,
        now=now,
        id=write.pk,
    )
    due.put(kind=due.Kind.WRITE, subject_id=write.pk, lane=due.Lane.DEADLINE)
    tell(write, WriteStatus.QUEUED, by=by, now=now)
