from events.models.audit import AuditEvent
from events.models.outbox import Event

__all__ = ["AuditEvent", "Event"]
