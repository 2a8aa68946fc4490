"""What is read of webhooks: shapes and bounds."""

from typing import Any

from rest_framework import serializers

from api.fields import Form, Id, Text
from events.models import EndpointStatus
from events.types import CHOSEN

_LONGEST_OVERLAP = 7 * 24
_ONE_OF_THEM = serializers.ErrorDetail("Name one event by event_id, or a time by since: one of them.", "one_of")


class EndpointIn(Form):
    url = Text(max_length=500, help_text="https only; the host must be on the public internet.")
    description = Text(required=False, allow_blank=True, max_length=200)
    event_types = serializers.ListField(
        child=serializers.ChoiceField(choices=CHOSEN),
        required=False,
        max_length=len(CHOSEN),
        help_text="What it hears of; everything, if empty or left out.",
    )


class EndpointChange(EndpointIn):
    status = serializers.ChoiceField(choices=EndpointStatus.choices, required=False)


class RotateIn(Form):
    overlap_hours = serializers.IntegerField(
        default=24,
        min_value=0,
        max_value=_LONGEST_OVERLAP,
        help_text="For so long the secret that was in force signs beside the new one.",
    )


class ReplayIn(Form):
    """One event, or everything since a time."""

    event_id = Id(required=False)
    since = serializers.DateTimeField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("event_id" in attrs) is ("since" in attrs):
            raise serializers.ValidationError({"event_id": [_ONE_OF_THEM]})
        return attrs
