"""What is due, and whom it waits for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework import serializers

from api import queue
from api.outputs.work import FINAL_HELP
from mtd import deadlines
from mtd.models import Obligation, SubmissionStatus
from tenants import clock, due
from tenants.backlog import Place

CAUSE_CODES = list(deadlines.CAUSES)


class DeadlineLandlordOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    reference = serializers.CharField()
    full_name = serializers.CharField()


class _Page(serializers.ListSerializer[Any]):
    """Asks once for the places of all its rows."""

    def to_representation(self, data: Any) -> list[Any]:
        rows = list(data)
        assert isinstance(self.child, DeadlineOut)
        queued = {row.submission_id for row in rows if row.cause == "queued"}
        self.child.places = queue.places_of(due.Kind.SUBMIT, queued)
        return super().to_representation(rows)


class DeadlineOut(serializers.ModelSerializer[Obligation]):
    landlord = DeadlineLandlordOut()
    final_declaration_of = serializers.CharField(source="final_of", help_text=FINAL_HELP)
    due_at = serializers.SerializerMethodField(help_text="The first moment that is too late: midnight in London.")
    late = serializers.SerializerMethodField()
    risk = serializers.SerializerMethodField()
    waiting_on = serializers.SerializerMethodField()
    cause = serializers.ChoiceField(choices=CAUSE_CODES)
    action = serializers.SerializerMethodField()
    submission_id = serializers.UUIDField(allow_null=True)
    submission_status = serializers.ChoiceField(choices=SubmissionStatus.choices, allow_null=True)
    reason_code = serializers.SerializerMethodField()
    estimated_start_at = serializers.SerializerMethodField()
    fits = serializers.SerializerMethodField(help_text="Whether what is queued goes in time; null if nothing is.")

    places: Mapping[UUID, Place] = {}

    class Meta:
        model = Obligation
        list_serializer_class = _Page
        fields = (
            "id",
            "landlord",
            "business_id",
            "final_declaration_of",
            "period_start",
            "period_end",
            "due_date",
            "due_at",
            "late",
            "risk",
            "waiting_on",
            "cause",
            "action",
            "submission_id",
            "submission_status",
            "reason_code",
            "estimated_start_at",
            "fits",
        )

    def get_due_at(self, row: Obligation) -> datetime:
        return deadlines.due_at(row.due_date)

    def get_late(self, row: Obligation) -> bool:
        return self.get_risk(row) is deadlines.Risk.LATE

    def get_risk(self, row: Obligation) -> deadlines.Risk:
        return deadlines.risk(
            waiting_on=self.get_waiting_on(row),
            due_date=row.due_date,
            today=clock.today(),
            fits=self.get_fits(row) is not False,
        )

    def get_waiting_on(self, row: Any) -> deadlines.WaitingOn:
        return deadlines.CAUSES[row.cause].waiting_on

    def get_action(self, row: Any) -> str:
        return deadlines.CAUSES[row.cause].action

    def get_reason_code(self, row: Any) -> str:
        """HMRC's or ours, for what was refused; the connection's, where that is what is missing."""
        if row.submission_reason:
            return str(row.submission_reason)
        if self.get_waiting_on(row) is not deadlines.WaitingOn.LANDLORD:
            return ""
        connection = getattr(row.landlord, "connection", None)
        return str(connection.reason_code) if connection else ""

    def get_estimated_start_at(self, row: Any) -> datetime | None:
        place = self.places.get(row.submission_id)
        return None if place is None else place.starts_at

    def get_fits(self, row: Any) -> bool | None:
        starts = self.get_estimated_start_at(row)
        return None if starts is None else starts < self.get_due_at(row)


class DueDayOut(serializers.Serializer[Any]):
    due_date = serializers.DateField()
    waiting_on = serializers.ChoiceField(choices=list(deadlines.WaitingOn))
    count = serializers.IntegerField()
    risks = serializers.DictField(child=serializers.IntegerField(), help_text="How many of them by risk.")


class DeadlineSummaryOut(serializers.Serializer[Any]):
    """Open obligations by due date and by who has to act."""

    results = DueDayOut(many=True)
