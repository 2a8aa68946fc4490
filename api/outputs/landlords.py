"""Landlords, their invitations and sessions."""

from typing import Any

from rest_framework import serializers

from hmrc_oauth.models import ConnectionState
from landlords.models import Invitation, InvitationStatus, Landlord, MtdHandling
from tenants import clock


class LandlordOut(serializers.ModelSerializer[Landlord]):
    nino = serializers.SerializerMethodField(
        help_text="Masked: first two and last three characters; null if none is on file."
    )
    connection_state = serializers.SerializerMethodField()
    external_ids = serializers.DictField(child=serializers.CharField())
    tags = serializers.ListField(child=serializers.CharField())
    mtd_handling = serializers.ChoiceField(choices=MtdHandling.choices)

    class Meta:
        model = Landlord
        fields = (
            "id",
            "reference",
            "full_name",
            "email",
            "nino",
            "external_ids",
            "tags",
            "mtd_handling",
            "connection_state",
            "created_at",
            "updated_at",
        )

    def get_nino(self, landlord: Landlord) -> str | None:
        return landlord.nino_mask or None

    def get_connection_state(self, landlord: Landlord) -> str:
        connection = getattr(landlord, "connection", None)
        return connection.shown_state if connection else ConnectionState.NOT_CONNECTED


class RevealedOut(serializers.Serializer[Any]):
    nino = serializers.CharField()


class InvitationOut(serializers.ModelSerializer[Invitation]):
    landlord_id = serializers.UUIDField()
    status = serializers.SerializerMethodField()

    class Meta:
        model = Invitation
        fields = (
            "id",
            "landlord_id",
            "purpose",
            "status",
            "created_at",
            "expires_at",
            "sent_at",
            "opened_at",
            "revoked_at",
        )

    def get_status(self, invitation: Invitation) -> str:
        over = invitation.expires_at <= clock.now() and invitation.status != InvitationStatus.REVOKED
        return "expired" if over else invitation.status


class InvitedOut(InvitationOut):
    invitation_token = serializers.CharField(help_text="Shown once.")
    url = serializers.CharField(
        help_text="The agency's front end with the token in the fragment; empty if it has no front_end_url."
    )

    class Meta(InvitationOut.Meta):
        fields = (*InvitationOut.Meta.fields, "invitation_token", "url")  # type: ignore[assignment]


class LandlordSessionOut(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Send as Authorization: Bearer. Shown once.")
    landlord_id = serializers.UUIDField()
    expires_at = serializers.DateTimeField()
