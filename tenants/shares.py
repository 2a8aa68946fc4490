"""How much of HMRC's rate an agency gets: its weight among others, and a cap."""

from datetime import datetime
from uuid import UUID

from tenants.models import Share


def grant(*, agency_id: UUID, weight: float, cap: float | None, now: datetime) -> None:
    """From the next turn on. `weight` is above 0, 1 for everybody; `cap` is above 0 and at most 1, None for none."""
    Share.objects.update_or_create(
        agency_id=agency_id, defaults={"weight": weight, "cap": cap, "allowance": 1, "counted_at": now}
    )
