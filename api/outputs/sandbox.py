"""What was made to happen."""

from typing import Any

from rest_framework import serializers

from hmrc_oauth.rehearsing import Action


class SandboxActionOut(serializers.Serializer[Any]):
    action = serializers.ChoiceField(choices=[str(action) for action in Action])
    grants = serializers.IntegerField(allow_null=True, help_text="How many of HMRC's grants ended by it.")
    event_id = serializers.UUIDField(allow_null=True, help_text="Of the event that was published.")
