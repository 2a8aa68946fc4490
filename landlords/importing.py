"""Taking the rows of an import in, a part at a time: each part is one transaction, so that whoever is killed leaves
whole parts behind, and whoever comes next goes on with the next one.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from events import audit, outbox
from landlords.errors import ImportOver
from landlords.import_rows import Reader
from landlords.import_verdicts import Confirmed, Judge, Verdict
from landlords.imports import KIND
from landlords.models import ImportClaim, ImportPart, ImportRow, ImportStatus, Landlord, LandlordImport, RowStatus
from people.models import Operation
from tenants import clock, due
from tenants.context import current_agency
from tenants.copying import copy_in, copy_values
from tenants.failpoints import failpoint
from tenants.faults import Stale

POINTS = ("import.judged", "import.in_store", "import.stored", "import.after_part", "import.in_finish")
# So many, then others in the queue have their turn.
_PARTS_A_TURN = 20
# Somebody else changed a landlord of this part meanwhile: it is looked at anew.
_TRIES = 5
_STORED = {RowStatus.CREATED, RowStatus.UPDATED}


def run(*, import_id: UUID, confirmed: Confirmed) -> None:
    """Take in what nobody looked at yet; or wipe what nobody asked for in time.

    Safe to run twice, late, or never: two at once in one agency wait for each other at every part.
    """
    for _ in range(_PARTS_A_TURN):
        if not _persistently(import_id, confirmed):
            return
    due.put(kind=due.Kind.IMPORT, subject_id=import_id, lane=due.Lane.BULK)


def find_break(*, import_id: UUID) -> int | None:
    """The number of the first part whose rows are not what the audit trail says of them; None if all are. Rows that
    changed no landlord are not in the trail.
    """
    told = audit.told(action=_TAKEN, subject_id=import_id)
    for number, said in enumerate(told):
        rows = ImportRow.objects.filter(landlord_import=import_id, status__in=_STORED, number__range=said["rows"])
        if _digest(rows.order_by("number").values_list("number", "status", "landlord_id", "changed")) != said["digest"]:
            return number
    return None


_TAKEN = f"{KIND}.rows_taken"


def _persistently(import_id: UUID, confirmed: Confirmed) -> bool:
    """Whether there may be more to do."""
    for _ in range(_TRIES - 1):
        try:
            return _step(import_id, confirmed, clock.now())
        except (IntegrityError, Stale):
            continue
    return _step(import_id, confirmed, clock.now())


def _step(import_id: UUID, confirmed: Confirmed, now: datetime) -> bool:
    with transaction.atomic():
        _wait_for_other_imports()
        held = LandlordImport.hold(import_id)
        if held is None or held.rows_kept_until is None:
            due.done(kind=due.Kind.IMPORT, subject_id=import_id)
            return False
        more = _take_part(held, confirmed, now) if held.status == ImportStatus.RUNNING else _expire(held, now)
    failpoint("import.after_part")
    return more


def _take_part(held: LandlordImport, confirmed: Confirmed, now: datetime) -> bool:
    part = held.parts.filter(number=held.next_part).first()
    if part is None:
        _finish(held, now)
        return False
    verdicts = _judge(held, part, confirmed)
    failpoint("import.judged")
    if not held.dry_run:
        _store(held, verdicts, now)
    _note(held, verdicts)
    counts = Counter(str(verdict.status) for verdict in verdicts)
    reasons = Counter(verdict.faults[0]["code"] for verdict in verdicts if verdict.faults)
    held.take(part, counts=counts, reasons=reasons, now=now)
    for operation in Operation.objects.filter(pk=held.operation_id):
        operation.advance(progress=held.taken / held.size)
    return True


def _judge(held: LandlordImport, part: ImportPart, confirmed: Confirmed) -> list[Verdict]:
    reader = Reader(held)
    with part.rows.open(reason="import") as rows:
        drafts = [reader.read(number, cells) for number, cells in json.loads(rows)]
    return Judge(held, reader, drafts, confirmed).verdicts()


def _store(held: LandlordImport, verdicts: Sequence[Verdict], now: datetime) -> None:
    """The landlords, and one line in the audit trail that holds for all of them. Raises Stale, IntegrityError."""
    # Changes first: a number that one landlord gives up here may be a new one's.
    _write([verdict for verdict in verdicts if verdict.status == RowStatus.UPDATED])
    failpoint("import.in_store")
    copy_in([verdict.landlord for verdict in verdicts if verdict.status == RowStatus.CREATED and verdict.landlord])
    stored = [verdict for verdict in verdicts if verdict.status in _STORED]
    if stored:
        counts = Counter(str(verdict.status) for verdict in stored)
        digest = _digest((each.number, each.status, each.landlord_id(held), each.changed) for each in stored)
        said = {"rows": [stored[0].number, stored[-1].number], **counts, "digest": digest}
        audit.record(by=held.by, action=_TAKEN, subject_type=KIND, subject_id=held.pk, now=now, **said)
    failpoint("import.stored")


def _write(verdicts: Sequence[Verdict]) -> None:
    fields = {name for verdict in verdicts for name in verdict.changed}
    landlords = [verdict.landlord for verdict in verdicts if verdict.landlord]
    if landlords and not Landlord.write_all(landlords, fields=fields):
        raise Stale


def _note(held: LandlordImport, verdicts: Sequence[Verdict]) -> None:
    """What became of each row, and what it stands for. As values: instances would cost more than all the rest."""
    names = ("landlord_import_id", "number", "status", "landlord_id", "changed", "faults")
    rows = (
        (held.pk, each.number, each.status, each.landlord_id(held), json.dumps(each.changed), json.dumps(each.faults))
        for each in verdicts
    )
    copy_values(ImportRow, names, rows)
    claims = ((held.pk, key, verdict.number) for verdict in verdicts for key in verdict.claims)
    copy_values(ImportClaim, ("landlord_import_id", "key", "number"), claims)


def _digest(rows: Iterable[Sequence[Any]]) -> str:
    """Of which rows became which landlords, and what they changed of them: the audit trail's link to the rows."""
    said = [[number, status, str(landlord_id), changed] for number, status, landlord_id, changed in rows]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def _finish(held: LandlordImport, now: datetime) -> None:
    held.finish(now=now)
    failpoint("import.in_finish")
    said = {"dry_run": held.dry_run, **{str(status): held.counts.get(status, 0) for status in RowStatus}}
    for operation in Operation.objects.filter(pk=held.operation_id):
        operation.succeed(now=now, result={KIND: str(held.pk), **said})
    subject: dict[str, Any] = {"subject_type": KIND, "subject_id": held.pk, "now": now}
    outbox.publish(type="import.finished", **subject, **said)
    audit.record(by=held.by, action=f"{KIND}.finished", **subject, **said)
    _come_back(held)


def _expire(held: LandlordImport, now: datetime) -> bool:
    """Wipe rows that were kept long enough. A dry run stays done."""
    if held.rows_kept_until is not None and held.rows_kept_until <= now:
        was_waiting = held.status == ImportStatus.NEEDS_MAPPING
        held.end(ImportStatus.EXPIRED if was_waiting else ImportStatus.DONE, now=now)
        for operation in Operation.objects.filter(pk=held.operation_id):
            operation.fail(now=now, code=ImportOver.code, detail="Nobody said what its columns mean.")
    _come_back(held)
    return False


def _come_back(held: LandlordImport) -> None:
    if held.rows_kept_until is None:
        due.done(kind=due.Kind.IMPORT, subject_id=held.pk)
    else:
        due.put_off(kind=due.Kind.IMPORT, subject_id=held.pk, until=held.rows_kept_until)


def _wait_for_other_imports() -> None:
    # Two files of one agency may name the same landlords: part by part, one after the other.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"imports:{current_agency().pk}"])
