"""A new version of an agency's data key, and the end of an old one.

A version seals only after a key's life in memory: by then whoever reads has had time to learn of it, and whoever could
not open it has been seen to.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from tenants.context import current_agency
from tenants.models import TenantKey
from tenants.vault import inventory, keyring
from tenants.vault.keyring import LIFE_S
from tenants.vault.purposes import Purpose

# Not the blind index's: it would have to be worked out anew for each landlord while they are looked for by it.
ROTATING = (Purpose.FLOW, Purpose.TOKEN, Purpose.PII)
_RUNNING = """
SELECT EXISTS (
  SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND xact_start < %s
)
"""
_LIFE = timedelta(seconds=LIFE_S)


class Added(NamedTuple):
    purpose: Purpose
    version: int
    previous_version: int
    seals_from: datetime


@transaction.atomic
def add(agency_id: UUID, purpose: Purpose) -> Added | None:
    """A version more, that seals from five minutes hence. None if there is none yet to follow, or one waits already.

    Raises KeyDenied if this process is not given the purpose.
    """
    rows = TenantKey.objects.filter(agency_id=agency_id, purpose=purpose)
    newest = rows.select_for_update().order_by("-version").first()
    if newest is None or rows.filter(seals_from__gt=Now()).exists():
        return None
    row = keyring.new_row(agency_id, purpose, version=newest.version + 1)
    row.seals_from = Now() + _LIFE
    row.save()
    row.refresh_from_db(fields=["seals_from"])
    return Added(purpose, row.version, newest.version, row.seals_from)


def waiting_until() -> datetime | None:
    """When the last of all agencies' new versions begins to seal; None if none waits."""
    waiting = TenantKey.objects.filter(seals_from__gt=Now()).order_by("-seals_from").first()
    return None if waiting is None else waiting.seals_from


class Kept(NamedTuple):
    """An old version that stays, since values are still sealed with it, or since it is too young or somebody may still
    hold a value of it (then there are none).
    """

    purpose: Purpose
    version: int
    values: int


class Unused(NamedTuple):
    """Old versions that nothing was sealed with, at a moment of PostgreSQL's clock."""

    versions: frozenset[tuple[Purpose, int]]
    at: datetime


class Retired(NamedTuple):
    versions: list[tuple[Purpose, int]]
    kept: list[Kept]


def unused(older_than: timedelta) -> Unused:
    """The current agency's versions that seal nothing any more, and have not been sealed with for so long, nor for a
    key's life in memory before that.
    """
    at, used = _clock(), _used()
    found = [row for row, next_one in _old() if not used[_name(row)] and _is_past(next_one, older_than)]
    return Unused(frozenset(_name(row) for row in found), at)


@transaction.atomic
def retire(before: Unused) -> Retired:
    """Delete the versions of which nothing was found at two counts. To be called a key's life in memory after the first
    of them: whoever had read a value by then has used it, or put it back.
    """
    agency_id, done = current_agency().pk, Retired([], [])
    # Asked first: what such a transaction sealed is counted only if it had ended by then.
    going = before.versions if not _has_work_since_before(before.at) else frozenset()
    used = _used()
    for row, _ in list(_old()):
        if used[_name(row)] or _name(row) not in going:
            done.kept.append(Kept(*_name(row), used[_name(row)]))
        elif row.delete()[0]:  # else somebody else has, at the same moment
            done.versions.append(_name(row))
    transaction.on_commit(lambda: keyring.forget(agency_id))
    return done


def _old() -> Iterator[tuple[TenantKey, TenantKey]]:
    """Every version of the current agency that another follows, and which."""
    for purpose in ROTATING:
        rows = TenantKey.objects.filter(agency_id=current_agency().pk, purpose=purpose).order_by("version")
        yield from pairwise(rows)


def _name(row: TenantKey) -> tuple[Purpose, int]:
    return Purpose(row.purpose), row.version


def _clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def _has_work_since_before(at: datetime) -> bool:
    """Whether a transaction that began before then still runs: what it sealed or read may be written yet."""
    with connection.cursor() as cursor:
        cursor.execute(_RUNNING, [at])
        return bool(cursor.fetchone()[0])


def _used() -> Counter[tuple[Purpose, int | None]]:
    used = Counter[tuple[Purpose, int | None]]()
    for each in inventory.count():
        used[each.column.purpose, each.version] += each.values
    return used


def _is_past(next_one: TenantKey, older_than: timedelta) -> bool:
    """Whether whoever sealed with the version before has forgotten it, and then so long has passed."""
    past = TenantKey.objects.filter(seals_from__lte=Now() - (_LIFE + older_than))
    return past.filter(pk=next_one.pk).exists()
