"""Events about connections."""

from collections.abc import Iterable
from datetime import datetime

from events import outbox
from hmrc_oauth.models import Connection


def tell(connections: Iterable[Connection], event: str, *, now: datetime, **more: str | int) -> None:
    """Publish what happened to these connections."""
    for connection in connections:
        outbox.publish(
            type=event,
            subject_type="connection",
            subject_id=connection.pk,
            now=now,
            landlord_id=str(connection.landlord_id),
            **more,
        )
