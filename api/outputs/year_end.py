"""The year and its end: status, quarterly type, annual submission, calculations, declarations."""

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api import catalogue
from mtd import calculations, wording
from mtd.models import Calculation, CalculationStatus, CalculationType, Write, WriteKind, WriteStatus


class ItsaStatusOut(serializers.Serializer[Any]):
    tax_year = serializers.CharField()
    status = serializers.CharField(help_text="In HMRC's words, such as MTD Mandated or Annual.")
    reason = serializers.CharField()
    submitted_on = serializers.DateTimeField()


class WriteOut(serializers.ModelSerializer[Write]):
    """Something that HMRC is to hold, and what became of it: the evidence."""

    landlord_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=WriteKind.choices)
    status = serializers.ChoiceField(choices=WriteStatus.choices)
    digest = serializers.SerializerMethodField()
    declaration = serializers.JSONField(allow_null=True)
    user_action = serializers.SerializerMethodField()
    operation = serializers.UUIDField(source="id")

    class Meta:
        model = Write
        fields = (
            "id",
            "landlord_id",
            "kind",
            "business_id",
            "tax_year",
            "status",
            "outcome",
            "reason_code",
            "user_action",
            "digest",
            "declaration",
            "fraud_context_id",
            "hmrc_status",
            "hmrc_code",
            "correlation_id",
            "created_by_kind",
            "created_by_id",
            "operation",
            "created_at",
            "sent_at",
            "settled_at",
        )

    def get_digest(self, write: Write) -> str:
        return bytes(write.digest).hex()

    def get_user_action(self, write: Write) -> str:
        return catalogue.user_action(write.reason_code)


class QuarterOut(serializers.Serializer[Any]):
    period_start = serializers.DateField(source="start")
    period_end = serializers.DateField(source="end")
    due_date = serializers.DateField(source="due")


class _Aged(serializers.Serializer[Any]):
    fetched_at = serializers.DateTimeField()
    stale = serializers.BooleanField()
    change = WriteOut(allow_null=True, help_text="The last thing that was asked for here, and what became of it.")


class QuarterlyTypeOut(_Aged):
    type = serializers.CharField(help_text="standard or calendar; empty where HMRC knows of no choice: standard.")
    chosen_in = serializers.CharField(help_text="The tax year from which it was chosen.")
    tax_year = serializers.CharField(help_text="The current one, whose quarters these are.")
    quarters = QuarterOut(many=True, help_text="HMRC's own due dates are those of the obligations.")


class AnnualSubmissionOut(_Aged):
    held = serializers.JSONField(allow_null=True, help_text="What HMRC holds: submitted_on, adjustments, allowances.")


class HmrcWordingOut(serializers.Serializer[Any]):
    text_version = serializers.CharField(source="version")
    text = serializers.CharField()


class CalculationOut(serializers.ModelSerializer[Calculation]):
    landlord_id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=CalculationType.choices)
    status = serializers.ChoiceField(choices=CalculationStatus.choices)
    estimate = serializers.SerializerMethodField(help_text="True until HMRC took the declaration that quotes it.")
    user_action = serializers.SerializerMethodField()
    operation = serializers.UUIDField(source="id")

    class Meta:
        model = Calculation
        fields: tuple[str, ...] = (
            "id",
            "landlord_id",
            "tax_year",
            "type",
            "status",
            "estimate",
            "has_errors",
            "calculation_id",
            "reason_code",
            "user_action",
            "correlation_id",
            "operation",
            "created_at",
            "triggered_at",
            "settled_at",
            "declared_at",
        )

    def get_estimate(self, calculation: Calculation) -> bool:
        return calculation.declared_at is None

    def get_user_action(self, calculation: Calculation) -> str:
        return catalogue.user_action(calculation.reason_code)


class CalculationInFullOut(CalculationOut):
    """With what HMRC said. While `messages.errors` is not empty, HMRC works out no figures."""

    digest = serializers.SerializerMethodField()
    disclaimer = serializers.SerializerMethodField(help_text="HMRC wants it shown beside an estimate.")
    summary = serializers.SerializerMethodField(help_text="The figures that one looks for first, in pounds.")
    messages = serializers.SerializerMethodField(help_text="info, warnings, errors: lists of id and text.")
    calculation = serializers.SerializerMethodField(help_text="All of HMRC's figures, by HMRC's own names.")

    class Meta(CalculationOut.Meta):
        fields = (*CalculationOut.Meta.fields, "digest", "disclaimer", "summary", "messages", "calculation")

    def to_representation(self, instance: Calculation) -> dict[str, Any]:
        self._content = calculations.content_of(instance)
        return super().to_representation(instance)

    def get_digest(self, calculation: Calculation) -> str:
        return bytes(calculation.digest or b"").hex()

    @extend_schema_field(HmrcWordingOut(allow_null=True))
    def get_disclaimer(self, calculation: Calculation) -> Any:
        until = self._content.get("metadata", {}).get("periodTo")
        if calculation.declared_at is not None or until is None:
            return None
        return HmrcWordingOut(wording.disclaimer(until=date.fromisoformat(until))).data

    def get_summary(self, _: Calculation) -> dict[str, str]:
        return calculations.summary(self._content)

    def get_messages(self, _: Calculation) -> dict[str, Any]:
        return dict(self._content.get("messages") or {})

    def get_calculation(self, _: Calculation) -> dict[str, Any]:
        return dict(self._content.get("calculation") or {})


class TermsOut(serializers.Serializer[Any]):
    """What is to be shown beside the calculation and agreed to; `digest` locks both."""

    calculation_id = serializers.UUIDField(source="calculation.pk")
    declared_as = serializers.CharField()
    digest = serializers.CharField()
    text_version = serializers.CharField(source="wording.version")
    text = serializers.CharField(source="wording.text")
