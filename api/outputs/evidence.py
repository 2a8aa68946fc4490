"""What was sent, and what came of it."""

from rest_framework import serializers

from api.outputs.held import HeldOut
from api.outputs.work import SubmissionOut
from mtd.evidence import Evidence
from mtd.models import Attempt, AttemptOutcome, Step


class CallOut(serializers.ModelSerializer[Attempt]):
    """One call to HMRC. Without an outcome it is under way, or its answer was lost with the process that sent it."""

    what = serializers.ChoiceField(choices=Step.choices)
    outcome = serializers.ChoiceField(choices=AttemptOutcome.choices, allow_blank=True)
    held_digest = serializers.SerializerMethodField(help_text="Of what HMRC was found to hold, where it was read.")

    class Meta:
        model = Attempt
        fields = (
            "what",
            "begun_at",
            "ended_at",
            "outcome",
            "reason",
            "hmrc_status",
            "hmrc_code",
            "correlation_id",
            "held_digest",
        )

    def get_held_digest(self, attempt: Attempt) -> str | None:
        return None if attempt.held_digest is None else bytes(attempt.held_digest).hex()


class SentOut(SubmissionOut):
    """The submission, with whose click it was."""

    class Meta(SubmissionOut.Meta):
        fields = (
            *SubmissionOut.Meta.fields,
            "declaration",
            "mandate",
            "fraud_context_id",
            "created_by_kind",
            "created_by_id",
        )


class EvidenceOut(serializers.Serializer[Evidence]):
    submission = SentOut()
    calls = CallOut(many=True)
    hmrc_holds = HeldOut(allow_null=True)
