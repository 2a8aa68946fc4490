"""An endpoint to which nothing more is sent, and what waited for it."""

from datetime import datetime
from typing import Any

import structlog
from django.db.models import Q

from events import audit, outbox
from events.models import Delivery, DeliveryStatus, DisabledReason, EndpointStatus, WebhookEndpoint
from events.types import DISABLED
from people.principal import Principal
from tenants import due

log = structlog.get_logger()


def disable(endpoint: WebhookEndpoint, *, by: Principal, reason: DisabledReason, now: datetime) -> None:
    """Send nothing to it any more; what waits for it is cancelled. The caller holds the row. Who did it knows of it;
    of what we do ourselves, staff are told.
    """
    endpoint.change(status=EndpointStatus.DISABLED, disabled_reason=reason, disabled_at=now, now=now)
    cancel_all(endpoint, now=now)
    subject: dict[str, Any] = {"subject_type": "webhook_endpoint", "subject_id": endpoint.pk, "now": now}
    audit.record(by=by, action=DISABLED, reason=reason, **subject)
    outbox.publish(type=DISABLED, reason=reason, **subject)
    if reason != DisabledReason.ASKED:
        due.put(kind=due.Kind.TELL_STAFF, subject_id=endpoint.pk, lane=due.Lane.BACKGROUND, at=now)
    log.info("webhook.disabled", endpoint=str(endpoint.pk), reason=reason)


def cancel_all(endpoint: WebhookEndpoint, *, now: datetime, only: Q | None = None) -> None:
    """What waits for this endpoint is not sent."""
    waiting = Delivery.objects.filter(only or Q(), endpoint=endpoint, status=DeliveryStatus.PENDING)
    waiting.update(status=DeliveryStatus.CANCELLED, settled_at=now)
