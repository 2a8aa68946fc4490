"""A new version of an agency's data key, and the end of an old one.

A version seals only after a key's life in memory: by then whoever reads has had time to learn of it, and whoever could
not open it has been seen to.
"""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from tenants.context import current_agency
from tenants.models import TenantKey
from tenants.vault import inventory, keyring
from tenants.vault.keyring import LIFE_S
from tenants.vault.purposes import Purpose

# Not the blind index's: it would have to be worked out anew for each landlord while they are looked for by it.
ROTATING = (Purpose.FLOW, Purpose.TOKEN, Purpose.PII)
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
    """An old version that stays, since values are still sealed with it, or since it is too young (then there are
    none).
    """

    purpose: Purpose
    version: int
    values: int


class Retired(NamedTuple):
    versions: list[tuple[Purpose, int]]
    kept: list[Kept]


@transaction.atomic
def retire(older_than: timedelta) -> Retired:
    """Delete the current agency's versions that seal nothing any more, and have not been sealed with for so long, nor
    for a key's life in memory before that.
    """
    agency_id, used = current_agency().pk, _used()
    done = Retired([], [])
    for purpose in ROTATING:
        rows = list(TenantKey.objects.filter(agency_id=agency_id, purpose=purpose).order_by("version"))
        for row, next_one in pairwise(rows):
            values = used[purpose, row.version]
            if values or not _is_past(next_one, older_than):
                done.kept.append(Kept(purpose, row.version, values))
            else:
                row.delete()
                done.versions.append((purpose, row.version))
    transaction.on_commit(lambda: keyring.forget(agency_id))
    return done


def _used() -> Counter[tuple[Purpose, int | None]]:
    used = Counter[tuple[Purpose, int | None]]()
    for each in inventory.count():
        used[each.column.purpose, each.version] += each.values
    return used


def _is_past(next_one: TenantKey, older_than: timedelta) -> bool:
    """Whether whoever sealed with the version before has forgotten it, and then so long has passed."""
    past = TenantKey.objects.filter(seals_from__lte=Now() - (_LIFE + older_than))
    return past.filter(pk=next_one.pk).exists()
