from events.models.audit import AuditEvent
from events.models.outbox import Event
from events.models.webhooks import Delivery, DeliveryStatus, DisabledReason, EndpointStatus, WebhookEndpoint

__all__ = [
    "AuditEvent",
    "Delivery",
    "DeliveryStatus",
    "DisabledReason",
    "EndpointStatus",
    "Event",
    "WebhookEndpoint",
]
