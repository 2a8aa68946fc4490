"""Data keys: made on first use, wrapped in the public schema, kept unwrapped in memory for five minutes."""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.functions import TransactionNow
from django.db import connection, models, transaction
from django.db.models.functions import Now

from tenants.errors import SealBroken
from tenants.models import TenantKey
from tenants.vault.check import vouch
from tenants.vault.providers import Wrapped, provider, ring_of
from tenants.vault.purposes import Purpose

LIFE_S = 300.0
_MOST = 512
_KEY = 32


class DataKey(NamedTuple):
    version: int
    key: bytes

    def __repr__(self) -> str:
        return f"<DataKey v{self.version}>"


class _Cache:
    """Least recently used, bounded in number and in time."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[UUID, Purpose, int], tuple[float, DataKey]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: tuple[UUID, Purpose, int]) -> DataKey | None:
        with self._lock:
            found = self._held.get(name)
            if found is None or found[0] < time.monotonic():
                self._held.pop(name, None)
                return None
            self._held.move_to_end(name)
            return found[1]

    def put(self, name: tuple[UUID, Purpose, int], key: DataKey) -> None:
        with self._lock:
            self._held[name] = (time.monotonic() + LIFE_S, key)
            while len(self._held) > _MOST:
                self._held.popitem(last=False)

    def forget(self, agency_id: UUID | None) -> None:
        with self._lock:
            for name in [name for name in self._held if agency_id in (None, name[0])]:
                del self._held[name]


_cache = _Cache()
_NEWEST = 0  # the cache's name for "the version to seal with"


def primary(agency_id: UUID, purpose: Purpose) -> DataKey:
    """The key to seal with. Made if there is none yet.

    Raises KeyDenied if this process is not given the purpose, or its file lacks the line that the key is wrapped with.
    """
    provider(ring_of(purpose))
    held = _cache.get((agency_id, purpose, _NEWEST))
    return look_up(agency_id, purpose) if held is None else held


def look_up(agency_id: UUID, purpose: Purpose) -> DataKey:
    """The same, asked of the database, and held for all of a key's life from now."""
    row = _newest(agency_id, purpose) or _make(agency_id, purpose)
    held = _unwrap(row)
    _remember((agency_id, purpose, _NEWEST), held, row)
    return held


def begin(agency_id: UUID, purposes: Sequence[Purpose]) -> None:
    """Make the first keys of an agency that is new: as primary() would one by one, in a third of the questions."""
    rows = [new_row(agency_id, purpose, version=1) for purpose in purposes]
    TenantKey.objects.bulk_create(rows)
    for row in rows:
        _remember((agency_id, Purpose(row.purpose), _NEWEST), _unwrap(row), row)


def of_version(agency_id: UUID, purpose: Purpose, version: int) -> DataKey:
    """The key a value was sealed with. Raises SealBroken if it does not exist (any more), KeyDenied as above."""
    provider(ring_of(purpose))
    held = _cache.get((agency_id, purpose, version))
    if held is None:
        row = _rows(agency_id, purpose).filter(version=version).first()
        if row is None:
            raise SealBroken
        held = _unwrap(row)
        _remember((agency_id, purpose, version), held, row)
    return held


def forget(agency_id: UUID | None = None) -> None:
    """Drop what is held in memory of one agency, or of all."""
    _cache.forget(agency_id)


def shred(agency_id: UUID) -> list[dict[str, Any]]:
    """Destroy every data key of an agency, so that nothing sealed with them opens again; which they were.

    Unwrapped copies in other processes' memory end within LIFE_S; backups are another matter (docs/keys.md).
    """
    rows = TenantKey.objects.filter(agency_id=agency_id).order_by("purpose", "version")
    destroyed = [{"purpose": row.purpose, "version": row.version, "wrapped_by": row.kek_ref} for row in rows]
    rows.delete()
    transaction.on_commit(lambda: forget(agency_id))
    return destroyed


def new_row(agency_id: UUID, purpose: Purpose, *, version: int) -> TenantKey:
    """A new data key, wrapped and not stored yet. Raises KeyDenied, ImproperlyConfigured if the line that would wrap it
    is not the other hosts'.
    """
    row, ring = TenantKey(agency_id=agency_id, purpose=purpose, version=version), ring_of(purpose)
    keys = provider(ring)
    vouch(ring)
    row.kek_ref, row.wrapped = keys.wrap(os.urandom(_KEY), context_of(row))
    return row


def context_of(row: TenantKey) -> dict[str, str]:
    """What a wrapped data key is bound to."""
    named = {"agency": str(row.agency_id), "purpose": str(row.purpose), "version": str(row.version)}
    return {"app": "quarterday", **named}


def sealing_version(agency_id: UUID, purpose: Purpose) -> int | None:
    """The version that is sealed with from now on; None if there is no key, and none is made. Asks the database."""
    found = _newest(agency_id, purpose)
    return None if found is None else found.version


def _newest(agency_id: UUID, purpose: Purpose) -> TenantKey | None:
    """The newest whose time has come; where clocks went back and it is nobody's, the oldest."""
    rows = _rows(agency_id, purpose)
    return rows.filter(seals_from__lte=Now()).order_by("-version").first() or rows.order_by("version").first()


def _rows(agency_id: UUID, purpose: Purpose) -> models.QuerySet[TenantKey]:
    """With whether each is there whatever becomes of this transaction: it was made before this one began."""
    rows = TenantKey.objects.filter(agency_id=agency_id, purpose=purpose)
    return rows.annotate(stays=models.Q(created_at__lt=TransactionNow()))


def _make(agency_id: UUID, purpose: Purpose) -> TenantKey:
    # Another process may make the first key at the same moment: whichever row is there is the key.
    TenantKey.objects.bulk_create([new_row(agency_id, purpose, version=1)], ignore_conflicts=True)
    return TenantKey.objects.get(agency_id=agency_id, purpose=purpose, version=1)


def _unwrap(row: TenantKey) -> DataKey:
    wrapped = Wrapped(row.kek_ref, bytes(row.wrapped))
    return DataKey(row.version, provider(ring_of(Purpose(row.purpose))).unwrap(wrapped, context_of(row)))


def _remember(name: tuple[UUID, Purpose, int], key: DataKey, row: TenantKey) -> None:
    # A key made in a transaction that rolls back never existed: it must not be held, or what it seals is lost. One that
    # stays is held at once: else a part of an import whose key's life ends meanwhile would ask for it at every row.
    if connection.in_atomic_block and not getattr(row, "stays", False):
        transaction.on_commit(lambda: _cache.put(name, key))
    else:
        _cache.put(name, key)
