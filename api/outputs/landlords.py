"""Landlords, their invitations and sessions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hmrc_oauth.models import ConnectionState
from hmrc_oauth.models.connection import shown_state
from landlords.models import Invitation, InvitationStatus, Landlord, MtdHandling
from mtd.models import ReadinessStatus
from tenants import clock

# What is read of a landlord to be shown. Of what is joined no row is made: a page has twenty of each.
LANDLORD_COLUMNS = (
    *("id", "reference", "full_name", "email", "nino_mask", "external_ids", "tags", "mtd_handling"),
    *("connection__state", "connection__grant__status", "readiness__status", "created_at", "updated_at"),
)


class LandlordOut(serializers.ModelSerializer[Landlord]):
    # Of a named tuple of LANDLORD_COLUMNS. The fields say what is answered, and `to_representation` makes the same
    # without them: they take a tenth of a millisecond each landlord.

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

    def to_representation(self, row: Any) -> dict[str, Any]:
        return {
            "id": str(row.id),
            "reference": row.reference,
            "full_name": row.full_name,
            "email": row.email,
            "nino": self.get_nino(row),
            "external_ids": row.external_ids,
            "tags": row.tags,
            "mtd_handling": row.mtd_handling,
            "connection_state": self.get_connection_state(row),
            "readiness": self.get_readiness(row),
            "created_at": _as_text(row.created_at),
            "updated_at": _as_text(row.updated_at),
        }

    def get_nino(self, row: Any) -> str | None:
        return row.nino_mask or None

    @extend_schema_field(serializers.ChoiceField(choices=ConnectionState.choices))
    def get_connection_state(self, row: Any) -> str:
        state = row.connection__state
        return shown_state(state, row.connection__grant__status) if state else ConnectionState.NOT_CONNECTED

    @extend_schema_field(serializers.ChoiceField(choices=ReadinessStatus.choices, allow_null=True))
    def get_readiness(self, row: Any) -> str | None:
        status: str | None = row.readiness__status
        return status


def shown(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """What `LandlordOut(rows, many=True).data` is."""
    return [_OUT.to_representation(row) for row in rows]


_OUT = LandlordOut()


def _as_text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


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
