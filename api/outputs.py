"""What is said: one shape a resource."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from hmrc_oauth import reasons
from hmrc_oauth.models import Connection, ConnectionState, ConnectSession, SessionStatus
from landlords.models import Invitation, InvitationStatus, Landlord
from mtd.models import Submission, SubmissionStatus
from people.models import ApiKey, Operation, OperationStatus, Role, User
from tenants import clock


class LandlordOut(serializers.ModelSerializer[Landlord]):
    nino = serializers.SerializerMethodField(
        help_text="Masked: first two and last three characters; null if none is on file."
    )
    connection_state = serializers.SerializerMethodField()
    external_ids = serializers.DictField(child=serializers.CharField())
    tags = serializers.ListField(child=serializers.CharField())

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
        fields = ("id", "landlord_id", "status", "created_at", "expires_at", "sent_at", "opened_at", "revoked_at")

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


class ConnectionOut(serializers.ModelSerializer[Connection]):
    landlord_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=ConnectionState.choices, source="shown_state")
    user_action = serializers.SerializerMethodField()
    connect_url = serializers.SerializerMethodField(help_text="Where a human begins to connect: the path to POST to.")
    access_expires_at = serializers.DateTimeField(source="grant.access_expires_at", default=None)
    grant_expires_at = serializers.DateTimeField(source="grant.ends_at", default=None)
    possible_causes = serializers.ListField(child=serializers.CharField())

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
        )

    def get_user_action(self, connection: Connection) -> str:
        return reasons.user_action(reason=connection.reason_code, state=connection.shown_state)

    def get_connect_url(self, connection: Connection) -> str | None:
        human = connection.shown_state not in {
            ConnectionState.ACTIVE,
            ConnectionState.REFRESHING,
            ConnectionState.UNCERTAIN,
        }
        return f"/api/v1/landlords/{connection.landlord_id}/connection/authorize" if human else None


class BegunOut(serializers.Serializer[Any]):
    connect_session = serializers.UUIDField()
    authorization_url = serializers.CharField()
    expires_at = serializers.DateTimeField()


class HmrcHealthOut(serializers.Serializer[Any]):
    status = serializers.CharField()
    availability_page = serializers.CharField()


class ConnectSessionOut(serializers.ModelSerializer[ConnectSession]):
    landlord_id = serializers.UUIDField(source="connection.landlord_id")
    status = serializers.ChoiceField(choices=SessionStatus.choices)
    possible_causes = serializers.SerializerMethodField()
    user_action = serializers.SerializerMethodField()
    hmrc = serializers.SerializerMethodField()

    class Meta:
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
            "hmrc",
        )

    def get_possible_causes(self, session: ConnectSession) -> list[str]:
        return list(session.connection.possible_causes) if session.status == SessionStatus.FAILED else []

    def get_user_action(self, session: ConnectSession) -> str:
        away = session.status in {SessionStatus.CREATED, SessionStatus.WAITING_AT_HMRC}
        return reasons.user_action(reason=session.reason_code, state="connecting" if away else "")

    def get_hmrc(self, session: ConnectSession) -> dict[str, str] | None:
        from api.hmrc_health import health

        return health() if session.status == SessionStatus.WAITING_AT_HMRC else None


class OperationOut(serializers.ModelSerializer[Operation]):
    status = serializers.ChoiceField(choices=OperationStatus.choices)
    queue_position = serializers.SerializerMethodField()
    estimated_start_at = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    result = serializers.JSONField(allow_null=True)

    class Meta:
        model = Operation
        fields = (
            "id",
            "kind",
            "status",
            "subject_type",
            "subject_id",
            "progress",
            "queue_position",
            "estimated_start_at",
            "result",
            "error",
            "created_at",
            "finished_at",
        )

    def get_queue_position(self, operation: Operation) -> int | None:
        from api.queue import position

        return position(operation)

    def get_estimated_start_at(self, operation: Operation) -> datetime | None:
        from api.queue import estimated_start

        return estimated_start(operation)

    def get_error(self, operation: Operation) -> dict[str, str] | None:
        return {"code": operation.error_code, "detail": operation.error_detail} if operation.error_code else None


class BusinessOut(serializers.Serializer[Any]):
    business_id = serializers.CharField()
    type_of_business = serializers.CharField()
    trading_name = serializers.CharField()


class ObligationOut(serializers.Serializer[Any]):
    business_id = serializers.CharField()
    type_of_business = serializers.CharField()
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    due_date = serializers.DateField()
    status = serializers.CharField()
    received_date = serializers.DateField(allow_null=True)


class SubmissionOut(serializers.ModelSerializer[Submission]):
    landlord_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=SubmissionStatus.choices)
    figures = serializers.SerializerMethodField()
    digest = serializers.SerializerMethodField()
    hmrc = serializers.SerializerMethodField()
    user_action = serializers.SerializerMethodField()
    operation = serializers.UUIDField(source="id")

    class Meta:
        model = Submission
        fields = (
            "id",
            "landlord_id",
            "business_id",
            "tax_year",
            "period_start",
            "period_end",
            "figures",
            "digest",
            "status",
            "outcome",
            "reason_code",
            "user_action",
            "hmrc",
            "operation",
            "created_at",
            "sent_at",
            "settled_at",
        )

    def get_figures(self, submission: Submission) -> dict[str, Any]:
        import json

        with submission.figures.open(reason="shown to the caller") as figures:
            return dict(json.loads(figures))

    def get_digest(self, submission: Submission) -> str:
        return bytes(submission.digest).hex()

    def get_hmrc(self, submission: Submission) -> dict[str, Any] | None:
        if submission.hmrc_status is None:
            return None
        return {
            "status": submission.hmrc_status,
            "code": submission.hmrc_code,
            "errors": submission.hmrc_errors,
            "correlation_id": submission.correlation_id,
        }

    def get_user_action(self, submission: Submission) -> str:
        from api.catalogue import user_action

        return user_action(submission.reason_code)


class EventOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    type = serializers.CharField()
    subject_type = serializers.CharField()
    subject_id = serializers.UUIDField()
    data = serializers.DictField()  # type: ignore[assignment] # the name is the contract's
    occurred_at = serializers.DateTimeField()


class AuditEventOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    actor_kind = serializers.CharField()
    actor_id = serializers.UUIDField()
    action = serializers.CharField()
    subject_type = serializers.CharField()
    subject_id = serializers.UUIDField()
    detail = serializers.DictField()
    request_id = serializers.CharField()
    sequence = serializers.IntegerField(allow_null=True)


class ApiKeyOut(serializers.ModelSerializer[ApiKey]):
    scopes = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = ApiKey
        fields = ("id", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")


class MadeKeyOut(ApiKeyOut):
    key = serializers.CharField(help_text="The key itself. Shown once.")

    class Meta(ApiKeyOut.Meta):
        fields = (*ApiKeyOut.Meta.fields, "key")  # type: ignore[assignment]


class StaffOut(serializers.ModelSerializer[User]):
    role = serializers.ChoiceField(choices=Role.choices)

    class Meta:
        model = User
        fields = ("id", "email", "full_name", "role", "is_active", "created_at", "last_login")


class AgencyOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    status = serializers.CharField()
    hosts = serializers.SerializerMethodField()
    allowed_origins = serializers.ListField(child=serializers.CharField())
    return_urls = serializers.ListField(child=serializers.CharField())
    front_end_url = serializers.CharField()
    created_at = serializers.DateTimeField()

    def get_hosts(self, agency: Any) -> list[str]:
        return [domain.domain for domain in agency.domains.order_by("-is_primary", "domain")]


class MeOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    id = serializers.UUIDField()
    agency_id = serializers.UUIDField(allow_null=True)
    agency_name = serializers.CharField()
    landlord_id = serializers.UUIDField(allow_null=True)
    scopes = serializers.ListField(child=serializers.CharField())


class ConfigOut(serializers.Serializer[Any]):
    environment = serializers.ChoiceField(choices=["local", "sandbox", "production"])
    api_version = serializers.CharField()
    public_url = serializers.CharField()
    now = serializers.DateTimeField()
    agency = serializers.DictField(allow_null=True)


class ErrorOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField(allow_null=True)
    who = serializers.CharField()
    user_action = serializers.CharField()
    retryable = serializers.BooleanField()


class QueueOut(serializers.Serializer[Any]):
    requests_per_second = serializers.IntegerField()
    budget_used = serializers.FloatField(allow_null=True)
    lanes = serializers.DictField(child=serializers.IntegerField())
    estimated_wait_s = serializers.FloatField()
    hmrc = HmrcHealthOut()
