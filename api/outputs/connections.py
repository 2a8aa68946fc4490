"""HMRC's permission."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.hmrc_health import health
from api.outputs.placed import PLACE, Placed
from hmrc_oauth import reasons
from hmrc_oauth.models import Connection, ConnectionState, ConnectSession, SessionStatus
from mtd.deadlines import WaitingOn
from mtd.models import Readiness, ReadinessStatus
from mtd.readiness import CAUSES
from tenants.context import current_agency

_NOBODY_ACTS = {ConnectionState.ACTIVE, ConnectionState.REFRESHING, ConnectionState.UNCERTAIN}


class ReadinessOut(serializers.ModelSerializer[Readiness]):
    """What HMRC has told of a landlord who is connected, and whether that is enough to file."""

    status = serializers.ChoiceField(choices=ReadinessStatus.choices)
    waiting_on = serializers.SerializerMethodField()
    action = serializers.SerializerMethodField()

    class Meta:
        model = Readiness
        fields = (
            "status",
            "waiting_on",
            "action",
            "tax_year",
            "itsa_status",
            "businesses",
            "quarterly_type",
            "next_due_date",
            "next_period_start",
            "next_period_end",
            "assessed_at",
        )

    @extend_schema_field(serializers.ChoiceField(choices=list(WaitingOn)))
    def get_waiting_on(self, readiness: Readiness) -> str:
        return CAUSES[readiness.status].waiting_on

    def get_action(self, readiness: Readiness) -> str:
        return CAUSES[readiness.status].action


class ConnectionOut(serializers.ModelSerializer[Connection]):
    landlord_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=ConnectionState.choices, source="shown_state")
    user_action = serializers.SerializerMethodField()
    connect_url = serializers.SerializerMethodField(
        help_text="Where a human begins to connect, if one must: at the agency's front end; the path to POST to, if "
        "the agency has none."
    )
    access_expires_at = serializers.DateTimeField(source="grant.access_expires_at", default=None, allow_null=True)
    grant_expires_at = serializers.DateTimeField(source="grant.ends_at", default=None, allow_null=True)
    possible_causes = serializers.SerializerMethodField(help_text="Where HMRC doesn't tell them apart.")
    readiness = serializers.SerializerMethodField(help_text="What HMRC has told since; null if it was not asked.")

    class Meta:
        model = Connection
        fields = (
            "id",
            "landlord_id",
            "state",
            "reason_code",
            "possible_causes",
            "user_action",
            "connect_url",
            "connected_at",
            "access_expires_at",
            "grant_expires_at",
            "last_used_at",
            "generation",
            "readiness",
        )

    def get_user_action(self, connection: Connection) -> str:
        return reasons.user_action(reason=connection.reason_code, state=connection.shown_state)

    def get_connect_url(self, connection: Connection) -> str | None:
        if connection.shown_state in _NOBODY_ACTS:
            return None
        front_end = current_agency().front_end_url.rstrip("/")
        if front_end:
            return f"{front_end}/connect?landlord={connection.landlord_id}"
        return f"/api/v1/landlords/{connection.landlord_id}/connection/authorize"

    def get_possible_causes(self, connection: Connection) -> list[str]:
        return list(connection.possible_causes or reasons.possible_causes(connection.reason_code))

    @extend_schema_field(ReadinessOut(allow_null=True))
    def get_readiness(self, connection: Connection) -> dict[str, Any] | None:
        readiness = getattr(connection.landlord, "readiness", None)
        return ReadinessOut(readiness).data if readiness else None


class BegunOut(serializers.Serializer[Any]):
    connect_session = serializers.UUIDField()
    authorization_url = serializers.CharField()
    expires_at = serializers.DateTimeField()


class HmrcHealthOut(serializers.Serializer[Any]):
    status = serializers.CharField()
    availability_page = serializers.CharField()


class ConnectSessionOut(Placed):
    landlord_id = serializers.UUIDField(source="connection.landlord_id")
    status = serializers.ChoiceField(choices=SessionStatus.choices)
    possible_causes = serializers.SerializerMethodField()
    user_action = serializers.SerializerMethodField()
    hmrc = serializers.SerializerMethodField()

    class Meta(Placed.Meta):
        model = ConnectSession
        fields = (
            "id",
            "landlord_id",
            "status",
            "reason_code",
            "possible_causes",
            "user_action",
            "created_at",
            "expires_at",
            "settled_at",
            *PLACE,
            "hmrc",
        )

    def get_possible_causes(self, session: ConnectSession) -> list[str]:
        return list(session.connection.possible_causes) if session.status == SessionStatus.FAILED else []

    def get_user_action(self, session: ConnectSession) -> str:
        away = session.status in {SessionStatus.CREATED, SessionStatus.WAITING_AT_HMRC}
        return reasons.user_action(reason=session.reason_code, state="connecting" if away else "")

    @extend_schema_field(HmrcHealthOut(allow_null=True))
    def get_hmrc(self, session: ConnectSession) -> dict[str, str] | None:
        return health() if session.status == SessionStatus.WAITING_AT_HMRC else None
