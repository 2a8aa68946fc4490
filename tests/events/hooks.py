"""What the tests of webhooks share: endpoints, events, and workers that come at once."""

from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from events import outbox, webhooks
from events.delivery import relay, sending
from events.models import Delivery, WebhookEndpoint
from people.principal import SYSTEM
from tenants import clock, relays
from tenants.context import current_agency
from tenants.ids import new_id
from tenants.models import Due


def made(url: str, **given: Any) -> webhooks.Shown:
    """A new endpoint and its secret."""
    return webhooks.create(by=SYSTEM, given={"url": url, **given}, now=clock.now())


def happen(*types: str, subject: UUID | None = None) -> UUID:
    """Publish these of one subject, each in a transaction of its own. Returns the subject."""
    subject = subject or new_id()
    for each in types:
        outbox.publish(type=each, subject_type="connection", subject_id=subject, now=clock.now())
    return subject


def relayed() -> None:
    """All that has happened is handed on. PostgreSQL's own housekeeping holds that up now and then, as in production:
    there the row on the list brings the next worker.
    """
    until = monotonic() + 10
    relay.run(agency_id=current_agency().pk)
    while relays.waits() and monotonic() < until:
        relay.run(agency_id=current_agency().pk)


def sent(endpoint: WebhookEndpoint) -> None:
    sending.run(endpoint_id=endpoint.pk)


def fresh(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    return WebhookEndpoint.objects.get(pk=endpoint.pk)


def log(endpoint: WebhookEndpoint) -> list[Delivery]:
    return list(Delivery.objects.filter(endpoint=endpoint).select_related("event").order_by("position"))


def statuses(endpoint: WebhookEndpoint) -> list[str]:
    return [each.status for each in log(endpoint)]


def at(now: datetime, **later: float) -> datetime:
    return now + timedelta(**later)


def due(kind: str, subject: UUID) -> datetime | None:
    found = Due.objects.filter(kind=kind, subject_id=subject).first()
    return None if found is None else found.due_at
