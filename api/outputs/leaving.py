"""What is taken out, and what was destroyed."""

from rest_framework import serializers

from landlords.models import Landlord
from leaving.models import Export
from tenants.models import OffBoarding


class ExportOut(serializers.ModelSerializer[Export]):
    landlord_id = serializers.UUIDField(allow_null=True, help_text="Null: everything of the agency.")
    sha256 = serializers.CharField(help_text="Of the file; empty until it is ready.")

    class Meta:
        model = Export
        fields = ("id", "landlord_id", "created_at", "ready_at", "expires_at", "wiped_at", "size", "sha256")


class ErasedOut(serializers.ModelSerializer[Landlord]):
    """All that is left."""

    class Meta:
        model = Landlord
        fields = ("id", "created_at", "archived_at", "erased_at")


class OffBoardingOut(serializers.ModelSerializer[OffBoarding]):
    status = serializers.ChoiceField(choices=["planned", "called_off", "under_way", "done"])
    steps = serializers.ListField(
        child=serializers.DictField(), help_text="What was destroyed so far, when, and how much."
    )
    certificate = serializers.DictField(allow_null=True, help_text="Once all is destroyed.")

    class Meta:
        model = OffBoarding
        fields = ("agency_id", "name", "status", "asked_at", "begins_at", "steps", "finished_at", "certificate")
