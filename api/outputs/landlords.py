"""Landlords, their invitations and sessions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hmrc_oauth.models import ConnectionState
from landlords.models import Invitation, InvitationStatus, Landlord, MtdHandling
from mtd.models import ReadinessStatus
from tenants import clock


class LandlordOut(serializers.ModelSerializer[Landlord]):
    nino = serializers.SerializerMethodField(
        help_text="Masked: first two and last three characters; null if none is on file."
    )
    connection_state = serializers.SerializerMethodField()
    readiness = serializers.SerializerMethodField(
        help_text="Whether HMRC takes quarterly updates; null if never connected."
    )
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
            "readiness",
            "created_at",
            "updated_at",
        )

    def get_nino(self, landlord: Landlord) -> str | None:
        return landlord.nino_mask or None

    @extend_schema_field(serializers.ChoiceField(choices=ConnectionState.choices))
    def get_connection_state(self, landlord: Landlord) -> str:
        connection = getattr(landlord, "connection", None)
        return connection.shown_state if connection else ConnectionState.NOT_CONNECTED

    @extend_schema_field(serializers.ChoiceField(choices=ReadinessStatus.choices, allow_null=True))
    def get_readiness(self, landlord: Landlord) -> str | None:
        readiness = getattr(landlord, "readiness", None)
        return readiness.status if readiness else None


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
    qr_svg = serializers.CharField(help_text="For branch: the url as a QR code, an svg element; else empty.")
    letter_html = serializers.CharField(help_text="For letter: a page to print, with a QR code; else empty.")

    class Meta(InvitationOut.Meta):
        fields = (*InvitationOut.Meta.fields, "invitation_token", "url", "qr_svg", "letter_html")  # type: ignore[assignment]


class LandlordSessionOut(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Send as Authorization: Bearer. Shown once.")
    landlord_id = serializers.UUIDField()
    expires_at = serializers.DateTimeField()
    nino_on_file = serializers.BooleanField(help_text="If not, authorize must be sent the one that the landlord types.")
