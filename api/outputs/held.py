"""What HMRC holds."""

from rest_framework import serializers

from mtd.evidence import Holds


class HeldOut(serializers.Serializer[Holds]):
    """HMRC's figures for the business and tax year, as last seen."""

    digest = serializers.CharField(allow_null=True, help_text="What replaces must say to erase it; null for nothing.")
    submission_id = serializers.UUIDField(allow_null=True, help_text="Ours, if we sent it.")
    read_at = serializers.DateTimeField()
    period_start = serializers.CharField(allow_null=True)
    period_end = serializers.CharField(allow_null=True)
    figures = serializers.JSONField(allow_null=True)
