"""How one thing is read: text, an id, a day; and the form that holds several."""

import re
from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mtd.shapes import Object
from schema.parts import YEAR

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Where all is text: in a query, in a form. Forms read there are given the context SPELT.
WORDS = {"true": True, "false": False, "1": True, "0": False}
SPELT = {"spelt": True}
_NO_TEXT = re.compile(r"[\x00-\x1f\ud800-\udfff]")


class Form(serializers.Serializer[Any]):
    """Refuses what it does not know: a misspelt field is a fault, not a silence."""

    closed = True  # and the document says so

    def to_internal_value(self, data: Any) -> Any:
        beside = self.beside(data) if isinstance(data, dict) else {}
        try:
            given = super().to_internal_value(data)
        except serializers.ValidationError as why:
            told: Any = why.detail
            raise serializers.ValidationError({**beside, **told}) from None
        if beside:
            raise serializers.ValidationError(beside)
        return given

    def beside(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is wrong apart from the fields' own faults: told together with them."""
        unknown = serializers.ErrorDetail("No such field.", "unknown_field")
        return {name: [unknown] for name in data if name not in self.fields}


def sound(form: Form, data: Any, detail: Any) -> dict[str, Any]:
    """What can be read of data that was refused for `detail`. `form`: one that is partial."""
    try:
        return dict(form.run_validation(_without(data, detail)))
    except serializers.ValidationError:
        return {}


def _without(data: Any, detail: Any) -> Any:
    """The members that are not at fault."""
    if not isinstance(data, dict):
        return {}
    return {
        name: _without(value, detail[name]) if name in detail else value
        for name, value in data.items()
        if name not in detail or (isinstance(value, dict) and isinstance(detail[name], dict))
    }


class _Written(serializers.Field[Any, Any, Any, Any]):
    """Text only: DRF takes a number for its digits, and any number for a UUID."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class Text(_Written, serializers.CharField):
    """Text without control characters: they have no place in a name, and PostgreSQL takes no NUL."""

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        if _NO_TEXT.search(text):
            self.fail("invalid")
        return text


class Pattern(_Written, serializers.RegexField):
    """Text of a pattern."""


class Id(_Written, serializers.UUIDField):
    """A UUID as it is written."""


@extend_schema_field(YEAR)
class Year(Text):
    """A tax year as HMRC writes it; whether it is one, the rooms say."""


class Flag(serializers.BooleanField):
    """True or false. What may stand for them is not taken: a person's agreement is not to be guessed."""

    def to_internal_value(self, data: Any) -> bool:
        said = WORDS.get(data.lower()) if isinstance(data, str) and self.context.get("spelt") else data
        if not isinstance(said, bool):
            self.fail("invalid", input=data)
        return said


class Day(serializers.DateField):
    """`YYYY-MM-DD`, and no other way to write it."""

    def to_internal_value(self, value: Any) -> date:
        day = _day(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
        if day is None:
            self.fail("invalid", format="YYYY-MM-DD")
        return day


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


class Email(_Written, serializers.EmailField):
    """An address."""


class TextDict(serializers.DictField):
    """Names are text too: of 1 to 100 characters, without control characters."""

    def to_internal_value(self, data: Any) -> Any:
        found = super().to_internal_value(data)
        name = Text(max_length=100)
        return {name.run_validation(key): value for key, value in found.items()}


class HmrcObject(serializers.DictField):
    """An object by HMRC's names. Any is taken: the room reads it by its shape, which the document shows."""

    def __init__(self, shape: Object, *, name: str, **more: Any) -> None:
        super().__init__(**more)
        self.shape, self.name = shape, name
