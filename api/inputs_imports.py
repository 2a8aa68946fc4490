"""Imports of landlords, read: shapes only. What a row says is judged row by row, by a worker."""

from typing import Any

from rest_framework import serializers

from api.fields import Flag, Form, Text
from api.inputs import LandlordIn
from landlords.imports import MOST_ROWS

_MOST_TOLD = 100


class Mapping(serializers.DictField):
    """The name of a column → what it means, or null for what is passed over."""

    child = Text(max_length=120, allow_null=True)


class _Objects(serializers.Field[Any, Any, Any, Any]):
    """A list of objects: what is in them is looked at row by row."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, list):
            raise serializers.ValidationError("A list is needed.", "not_a_list")
        if not 1 <= len(data) <= MOST_ROWS:
            raise serializers.ValidationError(f"An import has 1 to {MOST_ROWS} rows.", "row_count")
        wrong = [place for place, each in enumerate(data) if not isinstance(each, dict)]
        if wrong:
            said = [serializers.ErrorDetail("An object is needed.", "not_a_dict")]
            raise serializers.ValidationError({str(place): said for place in wrong[:_MOST_TOLD]})
        return data


class ImportOptions(Form):
    """What is said beside the rows."""

    dry_run = Flag(default=False, help_text="Say what would become of each row, and store nothing.")


class FileOptions(ImportOptions):
    """The same for a file: in the query."""

    sheet = Text(default="", allow_blank=True, max_length=100, help_text="Of an XLSX; its first, if left out.")


class FileForm(FileOptions):
    """A file and what is said beside it, as a form (multipart/form-data)."""

    file = serializers.FileField(help_text="CSV or XLSX; the part has a file name.")


class LandlordImportOfAny(ImportOptions):
    """An import as JSON, whose rows may be at fault."""

    landlords = _Objects()
    mapping = Mapping(required=False)


class LandlordImportIn(ImportOptions):
    """The same as it should be."""

    landlords = LandlordIn(many=True)
    mapping = Mapping(required=False, help_text="Column (a member's name) → field, external_ids.<system>, or null.")


class LandlordImportChange(Form):
    mapping = Mapping(required=False, help_text="Column → field, external_ids.<system>, or null. Others stay.")
    dry_run = Flag(required=False, help_text="false: take the rows in after all.")
