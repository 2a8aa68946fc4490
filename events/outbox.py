"""Saying that something happened."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from events import metrics
from events.models import Event, WebhookEndpoint
from tenants import relays
from tenants.copying import copy_like
from tenants.ids import new_id

_STATES = (metrics.UNCERTAIN, *metrics.SETTLED)


def publish(*, type: str, subject_type: str, subject_id: UUID, now: datetime, **data: Any) -> Event:
    """Write the event into the current transaction. `data` holds ids, times and codes: never a token or a NINO."""
    doubted = _doubted(subject_id, now) if type in metrics.SETTLED else None
    event = Event.objects.create(
        type=type, subject_type=subject_type, subject_id=subject_id, data=data, occurred_at=now
    )
    transaction.on_commit(lambda: metrics.count(event, doubted=doubted), robust=True)
    _ask_for_relay(now)
    return event


def publish_all(*, type: str, subject_type: str, data: Mapping[UUID, dict[str, Any]], now: datetime) -> None:
    """The same for many subjects, each with its data; not for what ends a doubt."""
    pattern = Event(type=type, subject_type=subject_type, occurred_at=now)
    copy_like(pattern, ({"id": new_id(), "subject_id": subject, "data": said} for subject, said in data.items()))
    reasons = [said.get("reason_code", "") for said in data.values()]
    transaction.on_commit(lambda: metrics.count_all(type, reasons), robust=True)
    _ask_for_relay(now)


def _ask_for_relay(now: datetime) -> None:
    """Whoever listens is to hear of it."""
    if WebhookEndpoint.objects.listening().exists():
        relays.ask(now=now)


def publish_test(*, type: str, subject_type: str, subject_id: UUID, now: datetime, **data: Any) -> Event:
    """One that happened to nobody: told like any other, with `test: true` in its data, and counted by nothing."""
    return Event.objects.create(
        type=type, subject_type=subject_type, subject_id=subject_id, data={**data, "test": True}, occurred_at=now
    )


def _doubted(connection_id: UUID, now: datetime) -> timedelta | None:
    """How long this connection has been in doubt; None if it is not."""
    told = Event.objects.filter(subject_id=connection_id, type__in=_STATES).exclude(data__has_key="test")
    last = told.order_by("-transaction", "-position").only("type", "occurred_at").first()
    return now - last.occurred_at if last is not None and last.type == metrics.UNCERTAIN else None
