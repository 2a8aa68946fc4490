"""Declared shapes of JSON bodies, and the one walk that reads a body by its shape."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Union

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.fields import read_date
from sandbox.hmrc.api.problems import Problem
from sandbox.hmrc.clock import to_iso

MOST = Decimal("99999999999.99")
PENCE = -2

Shape = Union["Object", "Array", "Value"]


@dataclass(frozen=True)
class Value:
    """A value of these JSON types. One that `takes` says no to has this problem; without one, the body is misshapen."""

    types: tuple[type, ...]
    takes: Callable[[Any], bool] = lambda _: True
    problem: Problem = problems.BODY


@dataclass(frozen=True)
class Object:
    """An object that may not be empty. Unknown fields are ignored, as HMRC's server ignores them."""

    fields: Mapping[str, Shape]
    required: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Array:
    """A list of things of one shape."""

    items: Shape
    may_be_empty: bool = False


def amount(low: Decimal = Decimal(0), high: Decimal = MOST, *, problem: Problem | None = None) -> Value:
    """Pounds between two bounds, with at most two digits of pence."""

    def takes(value: int | Decimal) -> bool:
        exponent = Decimal(value).as_tuple().exponent
        return isinstance(exponent, int) and exponent >= PENCE and low <= value <= high

    out_of_bounds = Problem("FORMAT_VALUE", f"The value must be between {low} and {high}")
    return Value((int, Decimal), takes, problem or out_of_bounds)


def text(pattern: str = ".*", problem: Problem = problems.BODY) -> Value:
    """A string that matches a pattern as a whole."""
    compiled = re.compile(pattern, re.DOTALL)
    return Value((str,), lambda value: compiled.fullmatch(value) is not None, problem)


def one_of(*choices: str, problem: Problem = problems.BODY) -> Value:
    """One of these strings."""
    return Value((str,), lambda value: value in choices, problem)


def day(problem: Problem) -> Value:
    """An ISO date of the years 1900 to 2099."""
    return Value((str,), lambda value: read_date(value) is not None, problem)


def moment(problem: Problem) -> Value:
    """A moment in UTC, to the millisecond: 2026-04-06T09:00:00.000Z."""

    def takes(value: str) -> bool:
        try:
            return to_iso(datetime.fromisoformat(value).timestamp()) == value
        except ValueError:
            return False

    return Value((str,), takes, problem)


POUNDS = amount()
SIGNED_POUNDS = amount(-MOST)
TEXT = text()
BOOLEAN = Value((bool,))


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


def _any(shape: Shape, value: object, path: str, reading: Reading) -> Any:
    if isinstance(shape, Object):
        return _object(shape, value, path, reading)
    if isinstance(shape, Array):
        return _array(shape, value, path, reading)
    return _value(shape, value, path, reading)


def _object(shape: Object, value: object, path: str, reading: Reading) -> dict[str, Any]:
    if not isinstance(value, dict):
        reading.misshapen.append(path)
        return {}
    known = {
        name: _any(part, value[name], f"{path}/{name}", reading)
        for name, part in shape.fields.items()
        if value.get(name) is not None
    }
    missing = sorted(shape.required - known.keys())
    reading.misshapen.extend(f"{path}/{name}" for name in missing)
    if not known and not missing:
        reading.misshapen.append(path)
    return known


def _array(shape: Array, value: object, path: str, reading: Reading) -> list[Any]:
    if not isinstance(value, list) or not (value or shape.may_be_empty):
        reading.misshapen.append(path)
        return []
    return [_any(shape.items, item, f"{path}/{place}", reading) for place, item in enumerate(value)]


def _value(shape: Value, value: object, path: str, reading: Reading) -> object:
    # The exact type: to Python a bool is an int, to JSON it is not.
    if type(value) not in shape.types or (shape.problem is problems.BODY and not shape.takes(value)):
        reading.misshapen.append(path)
    elif not shape.takes(value):
        reading.out_of_range.append(shape.problem.at(path))
    return value
