"""Saying that something happened."""

from datetime import datetime
from typing import Any
from uuid import UUID

from events.models import Event


def publish(*, type: str, subject_type: str, subject_id: UUID, now: datetime, **data: Any) -> Event:
    """Write the event into the current transaction. `data` holds ids, times and codes: never a token or a NINO."""
    return Event.objects.create(type=type, subject_type=subject_type, subject_id=subject_id, data=data, occurred_at=now)
