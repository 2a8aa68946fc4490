"""What is read of the year and its end: shapes and bounds. HMRC's rules are the room's."""

from rest_framework import serializers

from api.fields import Form, HmrcObject, Id, Text, Year
from api.inputs import Agreement, WithContext
from mtd.annual_shape import ADJUSTMENTS, ALLOWANCES
from mtd.models import CalculationType
from mtd.quarters import QuarterlyType


class QuarterlyTypeIn(WithContext):
    tax_year = Year(max_length=20, help_text="The current one; HMRC takes no other.")
    type = serializers.ChoiceField(choices=[str(kind) for kind in QuarterlyType])


class AnnualSubmissionIn(WithContext):
    """The whole of it: what is left out is erased at HMRC."""

    adjustments = HmrcObject(ADJUSTMENTS, name="UkPropertyAdjustments", required=False)
    allowances = HmrcObject(ALLOWANCES, name="UkPropertyAllowances", required=False)


class CalculationIn(WithContext):
    landlord_id = Id()
    tax_year = Year(max_length=20)
    type = serializers.ChoiceField(choices=CalculationType.choices)


class FinalDeclarationIn(Form):
    """Empty for the wording; with digest and declaration, once a person has read it and agreed."""

    digest = Text(required=False, max_length=64)
    declaration = Agreement(required=False)
    fraud_context_id = Id(
        required=False, allow_null=True, help_text="From POST /fraud-contexts; required outside local."
    )
