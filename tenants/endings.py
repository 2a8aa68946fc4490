"""When grants in use end, over all agencies. Written with the grant's own row, in the same transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from tenants.context import current_agency
from tenants.models import Ending


def note(*, grant_id: UUID, ends_at: datetime) -> None:
    """The grant is in use until then."""
    where = {"agency_id": current_agency().pk, "ends_at": ends_at}
    Ending.objects.update_or_create(grant_id=grant_id, defaults=where)


def forget(*, grant_id: UUID) -> None:
    """The grant is not in use any more."""
    Ending.objects.filter(grant_id=grant_id).delete()


def within(days: Sequence[int], *, now: datetime) -> dict[int, int]:
    """How many end within each of so many days from now. One read, of the last days' part of the list only."""
    coming = Ending.objects.filter(ends_at__gt=now, ends_at__lte=now + timedelta(days=max(days)))
    counts = {f"in_{day}": Count("pk", filter=Q(ends_at__lte=now + timedelta(days=day))) for day in days}
    found = coming.aggregate(**counts)
    return {day: found[f"in_{day}"] for day in days}
