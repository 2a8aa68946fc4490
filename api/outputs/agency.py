"""The agency, its people, and what happened."""

from typing import Any

from rest_framework import serializers

from people.models import ApiKey, Role, User
from tenants.models import ReconnectMail


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
    mail_name = serializers.CharField()
    mail_reply_to = serializers.CharField()
    reconnect_mail = serializers.ChoiceField(choices=ReconnectMail.choices)
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


class ImportLimitsOut(serializers.Serializer[Any]):
    """What a file of landlords may hold at most."""

    bytes = serializers.IntegerField(help_text="Of the body of the request; of a form, with everything in it.")
    rows = serializers.IntegerField()
    columns = serializers.IntegerField()
    cell_characters = serializers.IntegerField()
    characters = serializers.IntegerField(help_text="Of all cells together.")
    unpacked_bytes = serializers.IntegerField(help_text="Of an XLSX.")


class LimitsOut(serializers.Serializer[Any]):
    landlord_import = ImportLimitsOut()


class OperatorOut(serializers.Serializer[Any]):
    """Who runs this: to be shown before a National Insurance number is asked for. Never empty in production."""

    privacy_url = serializers.CharField()
    terms_url = serializers.CharField()
    security_contact = serializers.CharField(help_text="A mail address.")
    server_location = serializers.CharField(help_text="Where data are kept, in words.")


class ConfigOut(serializers.Serializer[Any]):
    environment = serializers.ChoiceField(choices=["local", "sandbox", "production"])
    api_version = serializers.CharField()
    public_url = serializers.CharField()
    now = serializers.DateTimeField()
    agency = serializers.DictField(allow_null=True)
    operator = OperatorOut()
    limits = LimitsOut()


class ErrorOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField(allow_null=True)
    who = serializers.CharField()
    user_action = serializers.CharField()
    retryable = serializers.BooleanField()
    hmrc_codes = serializers.ListField(child=serializers.CharField(), help_text="HMRC's own codes that it stands for.")
