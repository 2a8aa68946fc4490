"""What a landlord has allowed, and in which words."""

from typing import Any

from rest_framework import serializers

from mtd.models import Channel, Mandate, MandateEnd, MandateKind


class MandateOut(serializers.ModelSerializer[Mandate]):
    kind = serializers.ChoiceField(choices=MandateKind.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    ended_how = serializers.ChoiceField(choices=MandateEnd.choices, allow_blank=True)

    class Meta:
        model = Mandate
        fields = (
            "id",
            "kind",
            "text_version",
            "channel",
            "evidence",
            "given_at",
            "recorded_at",
            "recorded_by_kind",
            "recorded_by_id",
            "ended_at",
            "ended_how",
            "ended_by_kind",
            "ended_by_id",
        )


class MandatesOut(serializers.Serializer[Any]):
    results = MandateOut(many=True)


class PromptOut(serializers.Serializer[Any]):
    subject = serializers.CharField(help_text="update, mandate_standing or mandate_per_quarter.")
    version = serializers.CharField()
    text = serializers.CharField()


class WordingsOut(serializers.Serializer[Any]):
    results = PromptOut(many=True)
