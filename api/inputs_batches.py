"""Batches of submissions, read: each row is held to the form of a single submission, and its faults are its own."""

from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework import serializers

from api.fields import Day, Form, Id, Text, Year, sound
from api.inputs import UNNAMED, Declaration, SubmissionIn, WithContext
from api.problems import field_faults
from mtd.batches import MOST_ROWS, Row
from tenants.faults import FieldFault, Invalid

# What a row needs not say, if the batch does.
SHARED = ("tax_year", "period_start", "period_end")
_MOST_TOLD = 100


class BatchRowIn(SubmissionIn):
    """One submission of a batch. The landlord is named by `landlord_id` or by `reference`."""

    landlord_id = Id(required=False)
    reference = Text(required=False, max_length=100, help_text="The agency's own name for the landlord.")
    tax_year = Year(required=False, max_length=20)
    period_start = Day(required=False)
    period_end = Day(required=False)
    # DRF's way to leave out what was inherited.
    declaration = None  # type: ignore[assignment]
    fraud_context_id = None  # type: ignore[assignment]

    def beside(self, data: dict[str, Any]) -> dict[str, Any]:
        is_named = self.partial or ("landlord_id" in data) is not ("reference" in data)
        return super().beside(data) | ({} if is_named else {"landlord_id": [UNNAMED]})


class BatchSharedIn(WithContext):
    """What is said once, of all rows."""

    tax_year = Year(required=False, max_length=20, help_text="Of the rows that name none.")
    period_start = Day(required=False)
    period_end = Day(required=False)
    declaration = Declaration()


class BatchIn(BatchSharedIn):
    submissions = BatchRowIn(many=True, min_length=1, max_length=MOST_ROWS)  # type: ignore[call-arg]


class _Object(serializers.Field[Any, Any, Any, Any]):
    """Any object: what is in it is looked at row by row."""

    default_error_messages = {"not_a_dict": "An object is needed."}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            self.fail("not_a_dict")
        return data


class BatchOfAny(BatchSharedIn):
    """A batch whose rows may be at fault."""

    submissions = serializers.ListField(child=_Object(), min_length=1, max_length=MOST_ROWS)


class PauseIn(Form):
    reason = Text(max_length=200, help_text="Why; kept in the audit trail, and shown.")


def rows(numbered: Iterable[tuple[int, Any]], shared: Mapping[str, Any], *, pointer: str) -> list[Row]:
    """Each row with what it asks for, or with its faults and what can be read all the same; one that is a fault has no
    more than that. `shared`: as sent.

    Raises Invalid if not one of them can be read: the file is not what it was taken for. `pointer` is that of row 1,
    with its place to be filled in.
    """
    form = BatchRowIn()
    for name in SHARED:
        form.fields[name].required = True
    given = {name: shared[name] for name in SHARED if name in shared}
    lenient = BatchRowIn(partial=True)
    found = [
        Row(number, {}, [sent]) if isinstance(sent, FieldFault) else _row(form, lenient, number, {**given, **sent})
        for number, sent in numbered
    ]
    if all(row.faults for row in found):
        told = ((row.number, fault) for row in found[:_MOST_TOLD] for fault in row.faults)
        raise Invalid(
            errors=[FieldFault(f"{pointer.format(number - 1)}{f.pointer}", f.code, f.detail) for number, f in told]
        )
    return found


def _row(form: BatchRowIn, lenient: BatchRowIn, number: int, sent: Mapping[str, Any]) -> Row:
    try:
        return Row(number, form.run_validation(sent))
    except serializers.ValidationError as why:
        return Row(number, sound(lenient, sent, why.detail), field_faults(why.detail))
