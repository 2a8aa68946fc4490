"""JSON whose numbers are exact: read as Decimal, written digit for digit, never a float in between."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any


class NotJson(ValueError):  # noqa: N818 - the word of the house
    """The text is not JSON."""


def loads(text: bytes) -> Any:
    """Read JSON; fractions become Decimal. Raises NotJson, also for NaN, Infinity and bottomless nesting."""
    try:
        return json.loads(text, parse_float=_fraction, parse_constant=_refuse)
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise NotJson("the body is not JSON") from error


def _fraction(text: str) -> Decimal:
    # Scala's numbers, unlike these, know no negative nought; and an exponent beyond all bounds is no number to either.
    number = Decimal(text)
    return number.copy_abs() if number.is_zero() else number


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def dumps(value: Any) -> str:
    """Write JSON; a Decimal keeps the digits it was read with (1000.10 stays 1000.10)."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{dumps(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(dumps, value)) + "]"
    return json.dumps(value)
