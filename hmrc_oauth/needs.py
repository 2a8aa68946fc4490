"""Who still has to connect."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from hmrc_oauth.models import Connection, ConnectionState


def settled(landlord_ids: Collection[UUID], since: datetime | None) -> set[UUID]:
    """Those of these who are connected; with `since`, those who have connected since then."""
    rows = Connection.objects.filter(landlord_id__in=landlord_ids, state=ConnectionState.ACTIVE)
    connected = rows if since is None else rows.filter(connected_at__gte=since)
    return set(connected.values_list("landlord_id", flat=True))
