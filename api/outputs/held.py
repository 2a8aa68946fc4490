"""What HMRC holds, and what it said."""

from typing import Any

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


class HmrcCodeOut(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="HMRC's own; GET /errors names it in hmrc_codes.")


class HmrcSaidOut(serializers.Serializer[Any]):
    """HMRC's answer to what was sent."""

    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Empty, if HMRC took it.")
    errors = HmrcCodeOut(many=True)  # type: ignore[assignment]  # the name is HMRC's, and a property of serializers
    correlation_id = serializers.CharField()
