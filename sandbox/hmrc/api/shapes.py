"""Declared shapes of JSON bodies, and the one walk that reads a body by its shape."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.problems import Problem

MOST = Decimal("99999999999.99")
PENCE = -2


@dataclass(frozen=True)
class Amount:
    """Pounds between two bounds, with at most two digits of pence."""

    low: Decimal = Decimal(0)
    high: Decimal = MOST

    def takes(self, value: Decimal) -> bool:
        exponent = value.as_tuple().exponent
        return isinstance(exponent, int) and exponent >= PENCE and self.low <= value <= self.high

    def problem(self) -> Problem:
        return Problem("FORMAT_VALUE", f"The value must be between {self.low} and {self.high}")


@dataclass(frozen=True)
class Text:
    """A string whose rules are the operation's own."""


@dataclass(frozen=True)
class Object:
    """An object that may not be empty. Unknown fields are ignored, as HMRC's server ignores them."""

    fields: Mapping[str, "Object | Amount | Text"]
    required: frozenset[str] = frozenset()


POUNDS = Amount()
SIGNED_POUNDS = Amount(low=-MOST)
TEXT = Text()


@dataclass
class Reading:
    """A body read by its shape: what is known of it, and what is wrong with it."""

    known: dict[str, Any] = field(default_factory=dict)
    misshapen: list[str] = field(default_factory=list)
    out_of_range: list[Problem] = field(default_factory=list)

    @property
    def body_problems(self) -> list[Problem]:
        """Return the problem of the wrong structure, if any; "/" alone is the whole body and has no path."""
        if not self.misshapen:
            return []
        return [problems.BODY.at(*(path for path in self.misshapen if path))]


def read(shape: Object, body: object) -> Reading:
    """Walk a body. A null counts as a field that is not there."""
    reading = Reading()
    reading.known = _object(shape, body, "", reading)
    return reading


def _object(shape: Object, value: object, path: str, reading: Reading) -> dict[str, Any]:
    if not isinstance(value, dict):
        reading.misshapen.append(path)
        return {}
    known = {
        name: _value(part, value[name], f"{path}/{name}", reading)
        for name, part in shape.fields.items()
        if value.get(name) is not None
    }
    missing = sorted(shape.required - known.keys())
    reading.misshapen.extend(f"{path}/{name}" for name in missing)
    if not known and not missing:
        reading.misshapen.append(path)
    return known


def _value(shape: Object | Amount | Text, value: object, path: str, reading: Reading) -> Any:
    if isinstance(shape, Object):
        return _object(shape, value, path, reading)
    expected = (str,) if isinstance(shape, Text) else (int, Decimal)
    if isinstance(value, bool) or not isinstance(value, expected):
        reading.misshapen.append(path)
    elif isinstance(shape, Amount) and not shape.takes(Decimal(value)):
        reading.out_of_range.append(shape.problem().at(path))
    return value
