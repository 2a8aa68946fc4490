"""What is read of those who try things out."""

from rest_framework import serializers

from api.fields import Form
from hmrc_oauth.rehearsing import EVENT_TYPES, Action


class SandboxActionIn(Form):
    action = serializers.ChoiceField(choices=[str(action) for action in Action])
    event_type = serializers.ChoiceField(
        choices=EVENT_TYPES, default="connection.reconnect_required", help_text="What fire_webhook tells."
    )
