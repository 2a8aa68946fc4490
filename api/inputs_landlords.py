"""Properties, merging, and what is taken out or erased: shapes and bounds."""

from typing import Any

from rest_framework import serializers

from api.fields import Form, Id, Text, TextDict

_REQUIRED = serializers.ErrorDetail("This field is required.", "required")
_NO_SHARE = serializers.ErrorDetail("A share is above 0.", "min_value")


class OwnerIn(Form):
    landlord_id = Id()
    share = serializers.DecimalField(
        max_digits=7, decimal_places=4, min_value=0, help_text="Per cent, above 0 and up to 100: 33.3333."
    )

    def validate(self, attrs: Any) -> Any:
        """An owner is given whole, in a change too; and a share of nothing is none."""
        missing = {str(name): [_REQUIRED] for name in self.fields if name not in attrs}
        if missing:
            raise serializers.ValidationError(missing)
        if not attrs["share"]:
            raise serializers.ValidationError({"share": [_NO_SHARE]})
        return attrs


class PropertyIn(Form):
    reference = Text(required=False, max_length=100)
    address = Text(max_length=500)
    postcode = Text(required=False, allow_blank=True, max_length=16)
    external_ids = TextDict(child=Text(max_length=200), required=False)
    owners = OwnerIn(  # type: ignore[call-arg]
        many=True, required=False, max_length=50, help_text="All owners on file; each connects for themselves."
    )


class MergeIn(Form):
    duplicate_id = Id(help_text="Who is merged into this landlord, and leaves the lists.")


class EraseIn(Form):
    confirm = Text(max_length=100, help_text="The landlord's reference: there is no way back.")


class OffBoardIn(Form):
    confirm = Text(max_length=200, help_text="The agency's name: there is no way back once it has begun.")
    wait_days = serializers.IntegerField(
        required=False,
        default=30,
        min_value=0,
        max_value=365,
        help_text="Until it begins. It can be called off before.",
    )


class SuspendIn(Form):
    reason = Text(max_length=200, help_text="Why; kept in the audit trail.")
