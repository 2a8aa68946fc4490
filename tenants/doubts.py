"""Grants in doubt, over all agencies. Written with the grant's own row, in the same transaction."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from tenants import clock
from tenants.context import current_agency
from tenants.models import Agency, Doubt
from tenants.models.agency import AgencyStatus


def note(grant_ids: Collection[UUID]) -> None:
    """These are in doubt. Those that were before have been for as long as they have."""
    where = {"agency_id": current_agency().pk, "since": clock.now()}
    rows = [Doubt(grant_id=grant_id, **where) for grant_id in grant_ids]
    Doubt.objects.bulk_create(rows, ignore_conflicts=True)


def forget(grant_id: UUID) -> None:
    """It is known what became of it."""
    Doubt.objects.filter(grant_id=grant_id).delete()


def oldest() -> datetime | None:
    """Since when the oldest of any active agency lasts; None if there is none."""
    active = Agency.objects.filter(status=AgencyStatus.ACTIVE)
    return (
        Doubt.objects.filter(agency_id__in=active.values("pk"))
        .order_by("since")
        .values_list("since", flat=True)
        .first()
    )
