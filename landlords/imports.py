"""Imports of landlords, as the API sees them: begin, look, correct, cancel. Taking rows in is landlords.importing's."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from events import audit
from landlords import import_columns
from landlords.errors import ImportBegun, ImportOver, ImportUnderWay
from landlords.models import ImportPart, ImportStatus, LandlordImport
from people.models import Operation
from people.principal import Principal
from tenants import due
from tenants.faults import FieldFault, Invalid, NotFound
from tenants.ids import new_id

MOST_ROWS = 100_000
MOST_COLUMNS = 100
PART = 1000
KEPT = timedelta(days=7)  # rows that nobody has asked to take in yet
KIND = "landlord_import"


class Row(NamedTuple):
    """One row as it was sent. `number`: as the file counts it; cells as text, or as JSON has them, in the columns'
    order, and fewer or more than there are columns.
    """

    number: int
    cells: Sequence[Any]


@dataclass(frozen=True)
class Asked:
    """An import as asked for. `rows` is read once. `mapping`: what the caller says of some columns, if anything."""

    format: str
    headers: Sequence[str]
    rows: Iterable[Row]
    dry_run: bool
    mapping: Mapping[str, str | None] | None = None
    reading: Mapping[str, str] = field(default_factory=dict)


def create(*, by: Principal, asked: Asked, now: datetime) -> LandlordImport:
    """Keep the rows sealed, for a worker to take in; or, if what the columns mean is not clear, until that is said.

    Raises Invalid: no rows, too many, too many columns, a mapping or a header that can't be used.
    """
    columns = import_columns.named(asked.headers)
    meanings = import_columns.guess(columns)
    is_ready = import_columns.is_sure(meanings)
    if asked.mapping:
        meanings, is_ready = _corrected(columns, meanings, asked.mapping, now), True
    made = LandlordImport(
        id=new_id(),
        status=ImportStatus.RUNNING if is_ready else ImportStatus.NEEDS_MAPPING,
        dry_run=asked.dry_run,
        format=asked.format,
        reading=dict(asked.reading),
        columns=columns,
        mapping=meanings,
        size=0,
        created_by_kind=by.kind,
        created_by_id=by.id,
        created_at=now,
        rows_kept_until=now + KEPT,
    )
    with transaction.atomic():
        _keep(made, asked.rows)
        _ask(made, now=now)
        _tell(made, "created", by=by, now=now, rows=made.size, dry_run=asked.dry_run)
    return made


def get(*, import_id: UUID) -> LandlordImport:
    """Raises NotFound."""
    found = LandlordImport.objects.filter(pk=import_id).first()
    if found is None:
        raise NotFound
    return found


def touching(*, landlord_id: UUID) -> QuerySet[LandlordImport]:
    """Imports one of whose rows is this landlord."""
    return LandlordImport.objects.filter(rows__landlord=landlord_id)


def correct(
    *, by: Principal, import_id: UUID, mapping: Mapping[str, str | None] | None, dry_run: bool | None, now: datetime
) -> LandlordImport:
    """Say what columns mean, or that it is for real now, and look at all rows anew. Saying nothing changes nothing.

    Raises NotFound, ImportOver if the rows are not kept any more, ImportBegun if they are being taken in, Invalid.
    """
    with transaction.atomic():
        held = _hold(import_id)
        if held.status == ImportStatus.RUNNING and not held.dry_run:
            raise ImportBegun
        if mapping or dry_run is not None:
            _begin_anew(held, mapping or {}, dry_run=dry_run, now=now)
            _tell(held, "corrected", by=by, now=now, dry_run=held.dry_run, columns=len(mapping or {}))
    return held


def cancel(*, by: Principal, import_id: UUID, now: datetime) -> LandlordImport:
    """Take in nothing more of it, and wipe what is left. What was taken in stays. Raises NotFound, ImportOver."""
    with transaction.atomic():
        held = _hold(import_id)
        _end(held, by=by, now=now)
    return held


def forget_files(*, by: Principal, now: datetime) -> None:
    """A landlord is to be erased: rows that are kept for later may hold them, and are wiped. In a transaction.

    Raises ImportUnderWay while rows are taken in: by one of them the landlord might come back.
    """
    if LandlordImport.objects.filter(status=ImportStatus.RUNNING).exists():
        raise ImportUnderWay
    for held in LandlordImport.objects.select_for_update().exclude(rows_kept_until=None).order_by("pk"):
        _end(held, by=by, now=now)


def unfinished() -> Iterator[tuple[UUID, datetime]]:
    """Imports for which a worker has to come, and when: for rebuilding the list of what is due."""
    for each in LandlordImport.objects.exclude(rows_kept_until=None):
        yield (
            each.pk,
            each.created_at if each.status == ImportStatus.RUNNING else each.rows_kept_until or each.created_at,
        )


def _end(held: LandlordImport, *, by: Principal, now: datetime) -> None:
    held.end(ImportStatus.CANCELLED, now=now)
    due.done(kind=due.Kind.IMPORT, subject_id=held.pk)
    for operation in Operation.objects.filter(pk=held.operation_id):
        operation.fail(now=now, code=ImportOver.code, detail="It was cancelled.")
    _tell(held, "cancelled", by=by, now=now, rows=held.taken)


def _hold(import_id: UUID) -> LandlordImport:
    held = LandlordImport.hold(import_id)
    if held is None:
        raise NotFound
    if held.rows_kept_until is None:
        raise ImportOver
    return held


def _begin_anew(
    held: LandlordImport, mapping: Mapping[str, str | None], *, dry_run: bool | None, now: datetime
) -> None:
    meanings = _corrected(held.columns, held.mapping, mapping, now) if mapping else held.mapping
    is_ready = bool(mapping) or held.status != ImportStatus.NEEDS_MAPPING
    operation = _operation(held, now=now)
    held.begin(
        mapping=meanings,
        dry_run=held.dry_run if dry_run is None else dry_run,
        is_ready=is_ready,
        operation_id=operation.pk,
    )
    _put(held, now=now)


def _corrected(
    columns: Sequence[str], meanings: import_columns.Meanings, said: Mapping[str, str | None], now: datetime
) -> list[str | None]:
    found = import_columns.correct(columns, meanings, said)
    import_columns.remember(said, now=now)
    return found


def _keep(made: LandlordImport, rows: Iterable[Row]) -> None:
    """Seal the rows away, a part at a time. Raises Invalid if there are none, or too many."""
    made.save(force_insert=True)
    source, number = iter(rows), 0
    while part := list(islice(source, PART)):
        made.size += len(part)
        if made.size > MOST_ROWS:
            break
        _store(made, number, part)
        number += 1
    if not 1 <= made.size <= MOST_ROWS:
        raise Invalid(errors=[FieldFault("", "row_count", f"An import has 1 to {MOST_ROWS} rows.")])


def _store(made: LandlordImport, number: int, rows: Sequence[Row]) -> None:
    part = ImportPart(landlord_import=made, number=number)
    part.rows = part.seal("rows", json.dumps(rows, ensure_ascii=False, default=float))
    part.save(force_insert=True)


def _ask(made: LandlordImport, *, now: datetime) -> None:
    made.operation_id = _operation(made, now=now).pk
    made.save(update_fields=["size", "operation_id"])
    _put(made, now=now)


def _operation(of: LandlordImport, *, now: datetime) -> Operation:
    return Operation.open(kind=KIND, subject_type=KIND, subject_id=of.pk, now=now)


def _put(of: LandlordImport, *, now: datetime) -> None:
    """A worker comes now; or, while nobody has said what the columns mean, to wipe the rows in the end."""
    at = now if of.status == ImportStatus.RUNNING else of.rows_kept_until
    due.put(kind=due.Kind.IMPORT, subject_id=of.pk, lane=due.Lane.BULK, at=at)


def _tell(of: LandlordImport, what: str, *, by: Principal, now: datetime, **detail: Any) -> None:
    audit.record(by=by, action=f"{KIND}.{what}", subject_type=KIND, subject_id=of.pk, now=now, **detail)
