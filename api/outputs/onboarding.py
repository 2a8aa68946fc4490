"""Onboarding: invitations in bulk, campaigns and their funnel, readiness, mails."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.outputs.landlords import LandlordOut
from landlords.errors import AskedLately, MailStopped, NoEmail, NotChased, NothingToAsk, RowTwice
from landlords.mail_texts import TEXTS
from landlords.models import (
    Campaign,
    CampaignKind,
    Deliver,
    InvitationBatch,
    InvitationRow,
    InvitationRowStatus,
    MailSettings,
    MailStatus,
    StopReason,
)
from mtd import funnel
from mtd.deadlines import WaitingOn
from tenants.faults import NotFound

CLAIM_STATUSES = ["none", "checking", "waiting"]
ASKED = ["asked"]
MAIL_TEXTS = list(TEXTS)
ROW_CODES = [
    "",
    *(fault.code for fault in (NotFound, RowTwice, NotChased, NothingToAsk, NoEmail, MailStopped, AskedLately)),
]


class InvitationBatchOut(serializers.ModelSerializer[InvitationBatch]):
    campaign_id = serializers.UUIDField(allow_null=True)
    deliver = serializers.ChoiceField(choices=Deliver.choices)
    rows = serializers.IntegerField(source="size")
    counts = serializers.SerializerMethodField(help_text="Rows by status.")
    operation = serializers.UUIDField(source="id")

    class Meta:
        model = InvitationBatch
        fields = (
            "id",
            "campaign_id",
            "purpose",
            "deliver",
            "rows",
            "counts",
            "operation",
            "created_at",
            "cancelled_at",
        )

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_counts(self, batch: InvitationBatch) -> dict[str, int]:
        return dict(self.context["counts"][batch.pk])


class InvitationRowOut(serializers.ModelSerializer[InvitationRow]):
    row = serializers.IntegerField(source="number")
    landlord_id = serializers.UUIDField(allow_null=True)
    named_id = serializers.UUIDField(allow_null=True, help_text="As it was sent.")
    named_reference = serializers.CharField(help_text="As it was sent.")
    status = serializers.ChoiceField(choices=InvitationRowStatus.choices)
    code = serializers.ChoiceField(choices=ROW_CODES, help_text="Why it was refused.")
    invitation_id = serializers.UUIDField(allow_null=True)
    mail_status = serializers.SerializerMethodField(
        help_text="Of the newest mail with its link; null if there is none."
    )

    class Meta:
        model = InvitationRow
        fields = (
            "row",
            "named_id",
            "named_reference",
            "landlord_id",
            "status",
            "code",
            "invitation_id",
            "mail_status",
        )

    @extend_schema_field(serializers.ChoiceField(choices=MailStatus.choices, allow_null=True))
    def get_mail_status(self, row: InvitationRow) -> str | None:
        mails = list(row.invitation.mails.all()) if row.invitation else []
        return max(mails, key=lambda mail: mail.queued_at).status if mails else None


class RowLinkOut(serializers.Serializer[Any]):
    row = serializers.IntegerField(source="row.number")
    landlord_id = serializers.UUIDField(source="row.landlord_id")
    reference = serializers.CharField(source="row.landlord.reference")
    invitation_id = serializers.UUIDField(source="row.invitation_id")
    invitation_token = serializers.CharField(source="token", help_text="Shown once.")
    url = serializers.CharField()


class LinksOut(serializers.Serializer[Any]):
    results = RowLinkOut(many=True)
    after = serializers.IntegerField(allow_null=True, help_text="Ask with it for more; null if there are none.")


class CampaignOut(serializers.ModelSerializer[Campaign]):
    kind = serializers.ChoiceField(choices=CampaignKind.choices)

    class Meta:
        model = Campaign
        fields = ("id", "name", "kind", "created_at")


class FunnelPlaceOut(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=funnel.PLACE_CODES)
    count = serializers.IntegerField()
    waiting_on = serializers.ChoiceField(choices=list(WaitingOn))
    action = serializers.CharField(help_text="What stands in the way, and what to do.")


class FunnelStepOut(serializers.Serializer[Any]):
    stage = serializers.ChoiceField(choices=list(funnel.Stage))
    reached = serializers.IntegerField(help_text="Landlords who have come so far, or further.")
    here = serializers.IntegerField(help_text="Landlords who stand here.")
    places = serializers.SerializerMethodField()

    @extend_schema_field(FunnelPlaceOut(many=True))
    def get_places(self, step: funnel.Step) -> list[dict[str, Any]]:
        return [
            {"code": code, "count": count, **funnel.PLACES[code].cause._asdict()} for code, count in step.places.items()
        ]


class FunnelOut(serializers.Serializer[Any]):
    steps = FunnelStepOut(many=True)


class CampaignInFullOut(CampaignOut):
    steps = FunnelStepOut(many=True)
    batches = serializers.ListField(child=serializers.UUIDField(), help_text="Its /invitations/bulk.")

    class Meta(CampaignOut.Meta):
        fields = (*CampaignOut.Meta.fields, "steps", "batches")  # type: ignore[assignment]


class FunnelLandlordOut(LandlordOut):
    # Of a named tuple of LANDLORD_COLUMNS and `place`.

    stage = serializers.SerializerMethodField()
    place = serializers.ChoiceField(choices=funnel.PLACE_CODES)
    waiting_on = serializers.SerializerMethodField()
    action = serializers.SerializerMethodField()

    class Meta(LandlordOut.Meta):
        fields = (*LandlordOut.Meta.fields, "stage", "place", "waiting_on", "action")  # type: ignore[assignment]

    def to_representation(self, row: Any) -> dict[str, Any]:
        stands = {"stage": self.get_stage(row), "place": row.place}
        causes = {"waiting_on": self.get_waiting_on(row), "action": self.get_action(row)}
        return {**super().to_representation(row), **stands, **causes}

    @extend_schema_field(serializers.ChoiceField(choices=list(funnel.Stage)))
    def get_stage(self, row: Any) -> str:
        return funnel.PLACES[row.place].stage

    @extend_schema_field(serializers.ChoiceField(choices=list(WaitingOn)))
    def get_waiting_on(self, row: Any) -> str:
        return funnel.PLACES[row.place].cause.waiting_on

    def get_action(self, row: Any) -> str:
        return funnel.PLACES[row.place].cause.action


class MailStopOut(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=StopReason.choices, allow_null=True, help_text="Null: mails go.")


class BounceOut(serializers.Serializer[Any]):
    landlords = serializers.IntegerField(help_text="How many have this address.")


class TemplateOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=MAIL_TEXTS)
    subject = serializers.CharField()
    body = serializers.CharField()
    is_own = serializers.BooleanField()


class MailSettingsOut(serializers.ModelSerializer[MailSettings]):
    reply_to = serializers.CharField(help_text="The agency's mail_reply_to, which is set here too.")
    reminder_days = serializers.ListField(child=serializers.IntegerField())
    templates = serializers.SerializerMethodField()

    class Meta:
        model = MailSettings
        fields = ("reply_to", "reminder_days", "cooldown_days", "templates")

    @extend_schema_field(TemplateOut(many=True))
    def get_templates(self, settings: MailSettings) -> list[dict[str, Any]]:
        own = settings.templates
        said = {kind: own.get(kind) or text._asdict() for kind, text in TEXTS.items()}
        return [{"kind": kind, **text, "is_own": kind in own} for kind, text in said.items()]


class NeedOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField(help_text="On GOV.UK.")


class StartPageOut(serializers.Serializer[Any]):
    agency = serializers.CharField()
    minutes = serializers.IntegerField()
    lasts_months = serializers.IntegerField()
    needs = NeedOut(many=True)


class NinoClaimOut(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=CLAIM_STATUSES)
    typed = serializers.CharField(allow_null=True, help_text="Masked.")
    on_file = serializers.CharField(allow_null=True, help_text="Masked; null if there is none.")
    created_at = serializers.DateTimeField(allow_null=True)


class AskedOut(serializers.Serializer[Any]):
    """The same, whatever is known."""

    status = serializers.ChoiceField(choices=ASKED)
