"""Batches of submissions, and what became of each row."""

import json
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api import queue
from mtd import batches
from mtd.batches import BatchStatus, Look
from mtd.models import BatchRow
from people.models import Operation


class BatchOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="batch.id")
    status = serializers.ChoiceField(choices=BatchStatus.choices)
    format = serializers.ChoiceField(choices=["json", "csv"], source="batch.format")
    rows = serializers.IntegerField(source="batch.size")
    taken = serializers.IntegerField(source="batch.taken", help_text="Rows that were looked at.")
    accepted = serializers.IntegerField(help_text="Rows that became submissions.")
    refused = serializers.IntegerField(help_text="Rows that were not, for faults that /rows tells.")
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="Rows by the status of their submission; `refused`, `paused`."
    )
    under_way = serializers.IntegerField(help_text="On their way to HMRC: not stopped by a pause or a cancel.")
    progress = serializers.FloatField(help_text="The share of rows of which nothing more is to come, from 0 to 1.")
    operation = serializers.UUIDField(source="batch.id")
    created_at = serializers.DateTimeField(source="batch.created_at")
    paused_at = serializers.DateTimeField(source="batch.paused_at", allow_null=True)
    pause_reason = serializers.CharField(source="batch.pause_reason")
    cancelled_at = serializers.DateTimeField(source="batch.cancelled_at", allow_null=True)


class BatchInFullOut(BatchOut):
    estimated_done_at = serializers.SerializerMethodField(
        help_text="When the last that waits is likely to go; null if none does."
    )

    def get_estimated_done_at(self, look: Look) -> datetime | None:
        if look.batch.is_held:
            return None
        waiting = batches.last_waiting(look.batch)
        last = None if waiting is None else Operation.objects.filter(pk=waiting).first()
        place = None if last is None else queue.place(last)
        return None if place is None else place.starts_at


class RowFaultOut(serializers.Serializer[Any]):
    pointer = serializers.CharField(help_text="Into the row.")
    code = serializers.CharField()
    detail = serializers.CharField()
    column = serializers.CharField(allow_null=True, help_text="Of a file: the header of the column at fault.")


class BatchRowOut(serializers.Serializer[BatchRow]):
    row = serializers.IntegerField(source="number")
    status = serializers.SerializerMethodField(help_text="`refused`, `paused`, or the submission's own.")
    submission_id = serializers.UUIDField(allow_null=True)
    landlord_id = serializers.UUIDField(source="submission.landlord_id", default=None, allow_null=True)
    business_id = serializers.CharField(source="submission.business_id", default=None, allow_null=True)
    reason_code = serializers.CharField(source="submission.reason_code", default="")
    errors = serializers.SerializerMethodField()  # type: ignore[assignment]

    @extend_schema_field(serializers.ChoiceField(choices=batches.ROW_STATUSES))
    def get_status(self, row: BatchRow) -> str:
        status = None if row.submission is None else row.submission.status
        return batches.shown(status, paused=row.batch.paused_at is not None)

    @extend_schema_field(RowFaultOut(many=True))
    def get_errors(self, row: BatchRow) -> list[dict[str, Any]]:
        if row.faults is None:
            return []
        with row.faults.open(reason="shown to the caller") as faults:
            return [{**each, "column": row.batch.columns.get(each["pointer"])} for each in json.loads(faults)]
