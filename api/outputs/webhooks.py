"""Endpoints, and what became of each event that was sent there."""

from typing import Any

from rest_framework import serializers

from events.delivery.answers import OUTCOMES
from events.models import DeliveryStatus, DisabledReason, EndpointStatus, WebhookEndpoint


class EndpointOut(serializers.ModelSerializer[WebhookEndpoint]):
    event_types = serializers.ListField(child=serializers.CharField(), help_text="Empty: everything.")
    status = serializers.ChoiceField(choices=EndpointStatus.choices)
    disabled_reason = serializers.ChoiceField(choices=DisabledReason.choices, allow_blank=True)
    old_secret_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then the secret before this one signs as well."
    )
    failing_since = serializers.DateTimeField(
        allow_null=True, help_text="Since when nothing has arrived; three days of that disable it."
    )
    delivered_at = serializers.DateTimeField(allow_null=True, help_text="When the last event arrived.")

    class Meta:
        model = WebhookEndpoint
        fields = (
            *("id", "url", "description", "event_types", "status", "disabled_reason", "disabled_at"),
            *("old_secret_until", "failing_since", "delivered_at", "created_at", "updated_at"),
        )


class EndpointWithSecretOut(EndpointOut):
    secret = serializers.CharField(help_text="whsec_…, by which you verify. Shown once.")

    class Meta(EndpointOut.Meta):
        fields = (*EndpointOut.Meta.fields, "secret")  # type: ignore[assignment]


class AttemptOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    response_code = serializers.IntegerField(allow_null=True, help_text="Null, if there was no answer.")
    latency_ms = serializers.IntegerField()


class DeliveryOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    endpoint_id = serializers.UUIDField()
    event_id = serializers.UUIDField(source="event.id", help_text="What the header webhook-id says.")
    type = serializers.CharField()
    subject_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=DeliveryStatus.choices)
    attempts = AttemptOut(many=True)
    next_attempt_at = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)

    def get_next_attempt_at(self, delivery: Any) -> str | None:
        """When it is tried next, at the earliest; null, if it is not."""
        waits = delivery.status == DeliveryStatus.PENDING
        said: str | None = serializers.DateTimeField().to_representation(delivery.next_attempt_at) if waits else None
        return said
