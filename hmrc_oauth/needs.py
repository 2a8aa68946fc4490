"""Who still has to connect, and whose number HMRC has confirmed: what the room below is told."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from hmrc_oauth.models import Connection, ConnectionState


def settled(landlord_ids: Collection[UUID], since: datetime | None) -> set[UUID]:
    """Those of these who are connected; with `since`, those who have connected since then."""
    rows = Connection.objects.filter(landlord_id__in=landlord_ids, state=ConnectionState.ACTIVE)
    connected = rows if since is None else rows.filter(connected_at__gte=since)
    return set(connected.values_list("landlord_id", flat=True))


def confirmed(landlord_ids: Collection[UUID]) -> set[UUID]:
    """Those of these whose connection works by the number on file. Who is connecting just now is waited for, and nobody
    of them connects until the transaction ends.
    """
    rows = Connection.objects.filter(landlord_id__in=landlord_ids).order_by("pk").select_for_update(no_key=True)
    return {each.landlord_id for each in rows if each.state == ConnectionState.ACTIVE}
