"""Sealing anew, with the version that seals now, whatever an older version of the agency's keys sealed.

There is no list of what is done: a value tells its version. So whoever is killed is followed by whoever starts next,
and two may work beside each other. Rows are locked only while a batch is written, and a value is replaced only if it
is still the one that was read: what others write meanwhile stands, and is looked at again.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from tenants.context import current_agency
from tenants.errors import SealBroken
from tenants.failpoints import failpoint
from tenants.vault import keyring
from tenants.vault.columns import Column, columns
from tenants.vault.fields import Blob, Place, Sealed
from tenants.vault.providers import ring_of, rings_here
from tenants.vault.values import seal_value

AT_ONCE = 500
_BYTES_AT_ONCE = 8_000_000  # parts of exports are large
_PASSES = 20
_WAIT_S = 0.5

# The bounds in _WRITE say nothing more, but lead PostgreSQL along the key: for the join alone it reads the whole table.
_READ = """
SELECT key, place, bound_to, value FROM (
  SELECT *, sum(octet_length(value)) OVER (ORDER BY key) - octet_length(value) AS before FROM (
    SELECT t.{key} AS key, {place} AS place, {bound_to} AS bound_to, {value} AS value
    FROM {table} t WHERE substring({value} from 2 for 2) < %s AND (%s OR t.{key} > %s) ORDER BY t.{key} LIMIT %s
  ) AS batch
) AS measured WHERE before < %s ORDER BY key
"""
_WRITE = """
WITH fresh AS (
  SELECT t.{key} AS key, given.value FROM {table} t
  JOIN unnest(%s::{key_type}[], %s::bytea[], %s::bytea[]) AS given (key, was, value) ON t.{key} = given.key
  WHERE t.{key} BETWEEN %s AND %s AND {value} = given.was FOR UPDATE OF t SKIP LOCKED
)
UPDATE {table} t SET {put} FROM fresh WHERE t.{key} = fresh.key
"""


class Row(NamedTuple):
    key: Any
    place: UUID
    bound_to: int | None
    value: bytes


@dataclass
class Resealed:
    """Of one column: `left` was held by others all the while, `broken` does not open and was left as it is."""

    column: Column
    done: int = 0
    broken: int = 0
    left: int = 0


def reseal() -> list[Resealed]:
    """Do it for the current agency, with the rings that this process is given. What has no key is passed over: nothing
    was sealed, or it can't be opened any more.
    """
    agency_id = current_agency().pk
    keyring.forget(agency_id)  # what is sealed with here must not be older than what is asked of the database
    found = []
    for column in columns():
        to = keyring.sealing_version(agency_id, column.purpose) if ring_of(column.purpose) in rings_here() else None
        if to is not None and to > 1:
            found.append(_reseal(column, to))
    return found


def _reseal(column: Column, to: int) -> Resealed:
    told = Resealed(column)
    for again in range(_PASSES):
        if again:
            time.sleep(_WAIT_S)
        _pass(told, to)
        if not told.left:
            break
    return told


def _pass(told: Resealed, to: int) -> None:
    """Once through the table. Afterwards `broken` and `left` are of this pass."""
    told.broken = told.left = 0
    rows = _read(told.column, to, None)
    while rows:
        fresh = [_sealed_anew(told.column, row) for row in rows]
        given = [(row.key, row.value, value) for row, value in zip(rows, fresh, strict=True) if value is not None]
        written = _write(told.column, given) if given else 0
        told.done += written
        told.broken += len(rows) - len(given)
        told.left += len(given) - written
        failpoint("reseal.between_batches")
        rows = _read(told.column, to, rows[-1].key)


def _read(column: Column, to: int, past: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(_worded(_READ, column), [to.to_bytes(2, "big"), past is None, past, AT_ONCE, _BYTES_AT_ONCE])
        return [Row(key, place, bound_to, bytes(value)) for key, place, bound_to, value in cursor.fetchall()]


def _sealed_anew(column: Column, row: Row) -> bytes | None:
    place = Place(column.purpose, column.label, row.place, row.bound_to)
    try:
        with Sealed(Blob(row.value), place).open(reason="reseal") as text:
            return seal_value(text, **place._asdict())
    except SealBroken:
        return None  # it was logged where it did not open


def _write(column: Column, given: Sequence[tuple[Any, bytes, bytes]]) -> int:
    with connection.cursor() as cursor:
        arrays = [list(each) for each in zip(*given, strict=True)]
        cursor.execute(_worded(_WRITE, column), [*arrays, given[0][0], given[-1][0]])
        return int(cursor.rowcount)


def _worded(statement: str, column: Column) -> str:
    names = ("table", "key", "key_type", "value", "place", "put", "bound_to")
    return statement.format(**{name: getattr(column, name) for name in names})
