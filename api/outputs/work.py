"""What is done with it, and how far it is."""

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api import catalogue, here
from api.fields import HmrcObject
from api.outputs.connections import HmrcHealthOut
from api.outputs.held import HeldOut, HmrcSaidOut
from api.outputs.placed import PLACE, Placed
from hmrc_oauth.policy import Policy
from mtd import evidence
from mtd.figures import FIGURES
from mtd.models import Submission, SubmissionStatus
from people.models import Operation, OperationStatus
from tenants import clock
from tenants.models import PauseScope


class OperationOut(Placed):
    status = serializers.ChoiceField(choices=OperationStatus.choices)
    error = serializers.SerializerMethodField()
    result = serializers.JSONField(allow_null=True)
    events_url = serializers.SerializerMethodField(
        help_text="Absolute: server-sent events of its changes, read with the same credential."
    )

    class Meta(Placed.Meta):
        model = Operation
        fields = (
            "id",
            "kind",
            "status",
            "subject_type",
            "subject_id",
            "progress",
            *PLACE,
            "result",
            "error",
            "created_at",
            "finished_at",
            "events_url",
        )

    def get_events_url(self, operation: Operation) -> str:
        return here.events_url(operation.pk)

    def get_error(self, operation: Operation) -> dict[str, str] | None:
        return {"code": operation.error_code, "detail": operation.error_detail} if operation.error_code else None


class BusinessOut(serializers.Serializer[Any]):
    business_id = serializers.CharField()
    type_of_business = serializers.CharField()
    trading_name = serializers.CharField()
    commencement_date = serializers.DateField(allow_null=True)
    cessation_date = serializers.DateField(allow_null=True)
    quarterly_type = serializers.CharField(help_text="standard or calendar; empty where HMRC knows of no choice.")
    quarterly_type_since = serializers.CharField(help_text="The tax year from which it was chosen.")


class StreamEventOut(serializers.Serializer[Any]):
    """One event of a stream, field by field as it is written there."""

    event = serializers.CharField(required=False, help_text="operation, or end.")
    id = serializers.CharField(required=False, help_text="For Last-Event-ID; it only grows.")
    retry = serializers.CharField(required=False, help_text="Milliseconds.")
    # The name is the stream's own, and a property of serializers.
    data = serializers.CharField(  # type: ignore[assignment]
        required=False, help_text="JSON: what GET says, or why the stream ends."
    )


FINAL_HELP = "The tax year whose final declaration is due; empty for a quarter's update."


class ObligationOut(serializers.Serializer[Any]):
    final_declaration_of = serializers.CharField(source="final_of", help_text=FINAL_HELP)
    business_id = serializers.CharField()
    type_of_business = serializers.CharField()
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    due_date = serializers.DateField()
    status = serializers.CharField()
    received_date = serializers.DateField(allow_null=True)


class ApprovalOut(serializers.Serializer[Any]):
    """The landlord's word on an update, where the mandate is per quarter."""

    landlord_id = serializers.UUIDField()
    digest = serializers.CharField()
    at = serializers.DateTimeField()


class SubmissionOut(Placed):
    landlord_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=SubmissionStatus.choices)
    figures = serializers.SerializerMethodField()
    digest = serializers.SerializerMethodField()
    hmrc = serializers.SerializerMethodField()
    user_action = serializers.SerializerMethodField()
    replaces = serializers.SerializerMethodField()
    hmrc_holds = serializers.SerializerMethodField(
        help_text="What stopped it: figures at HMRC that were not sent from here. Null otherwise."
    )
    operation = serializers.UUIDField(source="id")
    due_date = serializers.DateField(allow_null=True, help_text="HMRC's, if its obligations had been read.")
    late = serializers.SerializerMethodField(
        help_text="Sent, or not sent yet, after the due date ended in London. Null if that is not known."
    )
    approval = ApprovalOut(allow_null=True)

    class Meta(Placed.Meta):
        model = Submission
        fields: tuple[str, ...] = (
            "id",
            "landlord_id",
            "business_id",
            "tax_year",
            "period_start",
            "period_end",
            "due_date",
            "late",
            "figures",
            "digest",
            "replaces",
            "status",
            "approval",
            "outcome",
            "reason_code",
            "user_action",
            "hmrc",
            "hmrc_holds",
            "operation",
            *PLACE,
            "created_at",
            "sent_at",
            "settled_at",
        )

    @extend_schema_field(HmrcObject(FIGURES, name="UkPropertyFigures", read_only=True, allow_null=True))
    def get_figures(self, submission: Submission) -> dict[str, Any] | None:
        if submission.figures is None:
            return None
        with submission.figures.open(reason="shown to the caller") as figures:
            return dict(json.loads(figures))

    def get_late(self, submission: Submission) -> bool | None:
        return submission.is_late(now=clock.now())

    def get_digest(self, submission: Submission) -> str:
        return bytes(submission.digest).hex()

    def get_replaces(self, submission: Submission) -> str | None:
        return None if submission.replaces is None else bytes(submission.replaces).hex()

    @extend_schema_field(HeldOut(allow_null=True))
    def get_hmrc_holds(self, submission: Submission) -> dict[str, Any] | None:
        found = evidence.in_the_way(submission)
        return None if found is None else dict(HeldOut(found).data)

    @extend_schema_field(HmrcSaidOut(allow_null=True))
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
        waits = submission.status == SubmissionStatus.WAITING_FOR_CONNECTION
        return catalogue.user_action(submission.reason_code or ("hmrc.reconnect_required" if waits else ""))


class DeprecationOut(serializers.Serializer[Any]):
    api = serializers.CharField()
    version = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True)
    sunset = serializers.DateTimeField(allow_null=True)


class HmrcSeenOut(HmrcHealthOut):
    answered_at = serializers.DateTimeField(allow_null=True)
    failed_at = serializers.DateTimeField(allow_null=True)
    refused_apis = serializers.ListField(
        child=serializers.CharField(), help_text="HMRC's APIs that it refuses to Quarterday itself: they stand still."
    )
    deprecations = DeprecationOut(many=True)
    unknown_codes = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="HMRC's codes that no table of ours holds, and how often each came.",
    )


class RefreshCoverageOut(serializers.Serializer[Any]):
    """Whether the share of the pace given to refreshes ahead of expiry covers what the policy wants."""

    policy = serializers.ChoiceField(choices=list(Policy))
    share = serializers.FloatField()
    grants = serializers.IntegerField(help_text="To be kept warm; 0 unless the policy is `all`.")
    uncovered = serializers.IntegerField(help_text="How many of them the share can't keep warm.")
    share_needed = serializers.FloatField(help_text="What it would take. Above 1: more than HMRC allows.")


class PauseOut(serializers.Serializer[Any]):
    """A lane, your agency, or one of HMRC's operations that an operator lets stand still, and why."""

    scope = serializers.ChoiceField(choices=PauseScope.choices)
    name = serializers.CharField()
    reason = serializers.CharField()
    paused_at = serializers.DateTimeField()


class QueueOut(serializers.Serializer[Any]):
    requests_per_second = serializers.IntegerField()
    turns_per_second = serializers.FloatField(help_text="How many calls really go just now.")
    budget_used = serializers.FloatField(allow_null=True)
    lanes = serializers.DictField(child=serializers.IntegerField(), help_text="Calls that wait, of all agencies.")
    own_lanes = serializers.DictField(child=serializers.IntegerField(), help_text="Those of yours.")
    estimated_wait_s = serializers.FloatField(help_text="Until all that may go is gone.")
    paused_until = serializers.DateTimeField(allow_null=True, help_text="Until when HMRC has asked us to wait.")
    paused = PauseOut(many=True)
    refresh = RefreshCoverageOut()
    hmrc = HmrcSeenOut()
