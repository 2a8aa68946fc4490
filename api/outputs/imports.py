"""Imports of landlords, and what became of each row."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from landlords.models import ImportRow, ImportStatus, LandlordImport, RowStatus
from tenants import clock


class ColumnOut(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="Its header; its number or a number behind it where that names none.")
    field = serializers.CharField(allow_null=True, help_text="What it means; null if it is passed over.")


class LandlordImportOut(serializers.ModelSerializer[LandlordImport]):
    status = serializers.ChoiceField(choices=ImportStatus.choices)
    reading = serializers.DictField(
        child=serializers.CharField(), help_text="How the file was read: encoding and delimiter, or sheet."
    )
    columns = serializers.SerializerMethodField()
    rows = serializers.IntegerField(source="size")
    taken = serializers.IntegerField(help_text="Rows that were looked at.")
    counts = serializers.SerializerMethodField(help_text="Rows by what became of them.")
    reasons = serializers.DictField(
        child=serializers.IntegerField(), help_text="Rejected rows by the code of their first fault."
    )
    progress = serializers.SerializerMethodField(help_text="The share of rows that were looked at, from 0 to 1.")
    estimated_done_at = serializers.SerializerMethodField(help_text="At the speed so far; null if that can't be told.")
    operation = serializers.UUIDField(source="operation_id")
    rows_kept_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then it can be corrected, or taken in after a dry run; null: it is wiped."
    )

    class Meta:
        model = LandlordImport
        fields = (
            "id",
            "status",
            "dry_run",
            "format",
            "reading",
            "columns",
            "rows",
            "taken",
            "counts",
            "reasons",
            "progress",
            "estimated_done_at",
            "operation",
            "created_at",
            "started_at",
            "finished_at",
            "rows_kept_until",
        )

    @extend_schema_field(ColumnOut(many=True))
    def get_columns(self, of: LandlordImport) -> list[dict[str, str | None]]:
        pairs = zip(of.columns, of.mapping, strict=True)
        return [{"name": name, "field": meaning} for name, meaning in pairs]

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_counts(self, of: LandlordImport) -> dict[str, int]:
        return {status: of.counts.get(status, 0) for status in RowStatus.values}

    def get_progress(self, of: LandlordImport) -> float:
        return of.taken / of.size

    def get_estimated_done_at(self, of: LandlordImport) -> datetime | None:
        return of.ends_at(now=clock.now())


class CellFaultOut(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="Empty if it is of the whole row.")
    code = serializers.CharField()
    detail = serializers.CharField()
    column = serializers.CharField(allow_null=True, help_text="The name of the column at fault.")
    cell = serializers.CharField(allow_null=True, help_text="As a spreadsheet names it, such as D17; null for JSON.")


class ImportRowOut(serializers.Serializer[ImportRow]):
    row = serializers.IntegerField(source="number", help_text="As a spreadsheet counts; for JSON its place, from 1.")
    status = serializers.ChoiceField(choices=RowStatus.choices)
    landlord_id = serializers.UUIDField(allow_null=True)
    reference = serializers.CharField(source="landlord.reference", default=None, allow_null=True)
    changed = serializers.ListField(child=serializers.CharField(), help_text="The fields that were, or would be.")
    errors = serializers.SerializerMethodField()  # type: ignore[assignment]

    @extend_schema_field(CellFaultOut(many=True))
    def get_errors(self, row: ImportRow) -> list[dict[str, Any]]:
        return list(map(_fault(row), row.faults))


def _fault(row: ImportRow) -> Any:
    of = row.landlord_import
    return lambda said: {
        **said,
        "column": None if said["column"] is None else of.columns[said["column"]],
        "cell": None if said["column"] is None or of.format == "json" else f"{letters(said['column'])}{row.number}",
    }


def letters(place: int) -> str:
    """What a spreadsheet calls the column at this place, from 0: A, B, … Z, AA, …"""
    before, last = divmod(place, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)
