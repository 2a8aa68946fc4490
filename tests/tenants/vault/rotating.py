"""A rotation whose five minutes have passed."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from tenants.models import TenantKey
from tenants.vault import Purpose, inventory, keyring, versions


def rotate(agency_id: UUID, purposes: Iterable[Purpose] = versions.ROTATING) -> None:
    """A version more for each of these, that seals already."""
    for purpose in purposes:
        keyring.primary(agency_id, purpose)
        assert versions.add(agency_id, purpose)
        let_time_pass(agency_id)


def let_time_pass(agency_id: UUID, by: timedelta = timedelta(seconds=keyring.LIFE_S)) -> None:
    """Every key is older by so much, and none is in memory any more."""
    for row in TenantKey.objects.filter(agency_id=agency_id):
        TenantKey.objects.filter(pk=row.pk).update(seals_from=row.seals_from - by)
    keyring.forget()


def sealed_by() -> dict[str, set[int | None]]:
    """Of the current agency, the versions in each column that holds something."""
    found: dict[str, set[int | None]] = {}
    for each in inventory.count():
        found.setdefault(f"{each.column.model}.{each.column.name}", set()).add(each.version)
    return found
