from typing import Any

from rest_framework import serializers


class NoteOut(serializers.Serializer[Any]):
    """A header that HMRC is not sent, and why."""

    header = serializers.CharField()
    code = serializers.ChoiceField(choices=["missing", "invalid", "agreed_missing", "not_sent"])
    how_to_mend = serializers.CharField()


class FraudContextOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="context.id")
    connection_method = serializers.CharField(source="context.connection_method")
    expires_at = serializers.DateTimeField()
    missing = NoteOut(many=True)
    warnings = NoteOut(many=True)
