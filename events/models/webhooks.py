from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from events.models.outbox import Event, oldest_open
from tenants.ids import new_id
from tenants.vault import Purpose, SealedField, SealedModel

# A batch begins nothing after ten seconds, and no request lasts longer than fifteen.
LEASE = timedelta(seconds=40)
_LAST = 2**63 - 1


class EndpointStatus(models.TextChoices):
    ACTIVE = "active"
    DISABLED = "disabled"


class DisabledReason(models.TextChoices):
    """Why nothing is sent to an endpoint."""

    ASKED = "asked"  # somebody switched it off
    FAILING = "failing"  # three days without one delivery
    GONE = "gone"  # it answered 410


class EndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def kept(self) -> "EndpointQuerySet":
        return self.filter(archived_at=None)

    def listening(self) -> "EndpointQuerySet":
        """Those to which something is sent."""
        return self.kept().filter(status=EndpointStatus.ACTIVE)


class WebhookEndpoint(SealedModel):
    """An address at which an agency hears of its events, and how far it has heard of them."""

    id = models.UUIDField(primary_key=True, default=new_id)
    url = models.CharField(max_length=500)
    description = models.CharField(max_length=200, blank=True)
    event_types = models.JSONField(default=list)  # none: all of them
    status = models.CharField(max_length=16, choices=EndpointStatus.choices, default=EndpointStatus.ACTIVE)
    disabled_reason = models.CharField(max_length=16, choices=DisabledReason.choices, blank=True)
    disabled_at = models.DateTimeField(null=True)
    secret = SealedField(purpose=Purpose.FLOW, label="webhook.secret", null=True)
    old_secret = SealedField(purpose=Purpose.FLOW, label="webhook.old_secret", null=True)
    old_secret_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    # The last event of which deliveries were made, or passed over.
    seen_transaction = models.BigIntegerField()
    seen_position = models.BigIntegerField()
    # Whoever delivers holds it alone; the number tells them from whoever held it before.
    fence = models.BigIntegerField(default=0)
    lease_ends_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="Batches in a row of which nothing arrived.")
    failing_since = models.DateTimeField(null=True)
    rest_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    is_slow = models.BooleanField(default=False, help_text="Its last batch took long for one request.")

    objects = EndpointQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="endpoint_by_time"),
            models.Index(fields=["status"], condition=Q(archived_at=None), name="endpoint_listening"),
        ]

    # Queries

    @property
    def host(self) -> str:
        """Of its address, what may be shown anywhere: a path may hold a secret."""
        return urlsplit(self.url).hostname or ""

    # Mutators

    def listen_from_now(self) -> None:
        """Hear of what is committed from now on, by transactions that are under way too; nothing is stored."""
        self.seen_transaction, self.seen_position = oldest_open() - 1, _LAST

    def change(self, *, now: datetime, **changes: Any) -> None:
        """Store these settings as a new version. The caller holds the row."""
        more = {"version": F("version") + 1, "updated_at": now}
        WebhookEndpoint.objects.filter(pk=self.pk).update(**changes, **more)

    @classmethod
    def claim(cls, endpoint_id: UUID) -> "WebhookEndpoint | None":
        """Hold it alone, for as long as the lease; None if somebody else does, or nothing is sent to it."""
        free = Q(lease_ends_at=None) | Q(lease_ends_at__lt=Now())
        rows = cls.objects.listening().filter(free, pk=endpoint_id)
        if not rows.update(fence=F("fence") + 1, lease_ends_at=Now() + LEASE):
            return None
        return cls.objects.get(pk=endpoint_id)

    @classmethod
    def hold(cls, endpoint_id: UUID, *, fence: int | None = None) -> "WebhookEndpoint | None":
        """The row as it stands, locked until the transaction ends; with `fence`, only for whoever has that one."""
        mine = Q() if fence is None else Q(fence=fence)
        return cls.objects.kept().filter(mine, pk=endpoint_id).select_for_update(no_key=True).first()


class DeliveryStatus(models.TextChoices):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"  # given up
    CANCELLED = "cancelled"  # the endpoint was switched off or deleted, or a replay took its place


class Delivery(models.Model):
    """One event for one endpoint. In the order of `position` those of a subject are sent."""

    position = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=new_id)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    subject_id = models.UUIDField()
    type = models.CharField(max_length=64)
    status = models.CharField(max_length=16, choices=DeliveryStatus.choices, default=DeliveryStatus.PENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    attempts = models.JSONField(default=list)  # of each: at, outcome, response_code, latency_ms
    next_attempt_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["endpoint", "position"], condition=Q(status="pending"), name="delivery_in_order"),
            models.Index(fields=["endpoint", "next_attempt_at"], condition=Q(status="pending"), name="delivery_waits"),
            models.Index(fields=["endpoint", "-position"], name="delivery_by_endpoint"),
            models.Index(fields=["subject_id", "-position"], name="delivery_by_subject"),
            models.Index(fields=["settled_at"], name="delivery_settled"),
        ]
