"""A new version of an agency's data key, and the end of an old one.

A version seals only after a key's life in memory: by then whoever reads has had time to learn of it, and whoever could
not open it has been seen to.
"""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from tenants.models import TenantKey
from tenants.vault import keyring
from tenants.vault.keyring import LIFE_S
from tenants.vault.purposes import Purpose

# Not the blind index's: it would have to be worked out anew for each landlord while they are looked for by it.
ROTATING = (Purpose.FLOW, Purpose.TOKEN, Purpose.PII)
_LIFE = timedelta(seconds=LIFE_S)


class Added(NamedTuple):
    purpose: Purpose
    version: int
    previous_version: int


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
    return Added(purpose, row.version, newest.version)
