"""What is let, and by whom."""

from typing import Any

from rest_framework import serializers

from hmrc_oauth.models import ConnectionState
from landlords.models import Property, Share


class OwnerOut(serializers.ModelSerializer[Share]):
    landlord_id = serializers.UUIDField()
    full_name = serializers.CharField(source="landlord.full_name")
    share = serializers.DecimalField(max_digits=7, decimal_places=4, source="percent")
    connection_state = serializers.SerializerMethodField(help_text="Each owner connects for themselves.")

    class Meta:
        model = Share
        fields = ("landlord_id", "full_name", "share", "connection_state")

    def get_connection_state(self, share: Share) -> str:
        connection: Any = getattr(share.landlord, "connection", None)
        return connection.shown_state if connection else ConnectionState.NOT_CONNECTED


class PropertyOut(serializers.ModelSerializer[Property]):
    owners = OwnerOut(many=True, source="shares")
    external_ids = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = Property
        fields = ("id", "reference", "address", "postcode", "external_ids", "owners", "created_at", "updated_at")
