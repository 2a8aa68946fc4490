"""Declared shapes of what is sent to HMRC, and the one walk that reads what a caller gave by its shape.

A shape reads a value to what is sent (amounts as Decimal of two places) and tells of every fault with its pointer. The
codes are HMRC's own in lower case. Source: hmrc/property-business-api, app/shared resolvers.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from tenants.faults import FieldFault

MOST = Decimal("99999999999.99")
_AMOUNT = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS = range(1900, 2100)
_MISSHAPEN = "rule_incorrect_or_empty_body_submitted"


class Shape(Protocol):
    def read(self, value: Any, pointer: str, faults: list[FieldFault]) -> Any: ...


@dataclass(frozen=True)
class Amount:
    """Pounds with at most two decimals, as a decimal string or a number."""

    low: Decimal = Decimal(0)
    high: Decimal = MOST

    def read(self, value: Any, pointer: str, faults: list[FieldFault]) -> Decimal | None:
        amount = _number(value)
        if amount is None or not self.low <= amount <= self.high or amount != round(amount, 2):
            said = f"An amount from {self.low:.2f} to {self.high:.2f} with at most two decimals."
            faults.append(FieldFault(pointer, "format_value", said))
            return None
        return round(amount, 2) + 0  # no minus nought


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def read(self, value: Any, pointer: str, faults: list[FieldFault]) -> Any:
        if not isinstance(value, bool):
            faults.append(FieldFault(pointer, _MISSHAPEN, "True or false."))
        return value


@dataclass(frozen=True)
class Text:
    """Text that matches a pattern as a whole."""

    pattern: re.Pattern[str]

    def read(self, value: Any, pointer: str, faults: list[FieldFault]) -> Any:
        if not isinstance(value, str) or not self.pattern.fullmatch(value):
            faults.append(FieldFault(pointer, "format_string", "Text of the letters that HMRC takes here."))
        return value


@dataclass(frozen=True)
class Day:
    """A date such as 2026-04-06, of the years 1900 to 2099."""

    def read(self, value: Any, pointer: str, faults: list[FieldFault]) -> Any:
        if not isinstance(value, str) or not _is_day(value):
            faults.append(FieldFault(pointer, "format_date", "A date such as 2026-04-06."))
        return value


@dataclass(frozen=True)
class Several:
    """A list of at least one."""

    of: Shape

    def read(self, value: Any, pointer: str, faults: list[FieldFault]) -> list[Any]:
        if not isinstance(value, list) or not value:
            faults.append(FieldFault(pointer, _MISSHAPEN, "A list of at least one is needed."))
            return []
        return [self.of.read(each, f"{pointer}/{place}", faults) for place, each in enumerate(value)]


@dataclass(frozen=True)
class Object:
    """An object with at least one of its members."""

    members: Mapping[str, Shape]
    required: frozenset[str] = field(default_factory=frozenset)

    def read(self, value: Any, pointer: str, faults: list[FieldFault]) -> dict[str, Any]:
        if not isinstance(value, Mapping) or not value:
            faults.append(FieldFault(pointer, _MISSHAPEN, "An object with at least one member is needed."))
            return {}
        missing = sorted(self.required - value.keys())
        faults += [FieldFault(f"{pointer}/{name}", _MISSHAPEN, "HMRC needs this one.") for name in missing]
        return dict(self._known(value, pointer, faults))

    def _known(self, value: Mapping[str, Any], pointer: str, faults: list[FieldFault]) -> Iterator[tuple[str, Any]]:
        for name, inner in value.items():
            place = f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
            if name in self.members:
                yield name, self.members[name].read(inner, place, faults)
            else:
                faults.append(FieldFault(place, "unknown_field", "HMRC has no such member."))


def plain(value: Any) -> Any:
    """What was read, with amounts as strings of two places: for sealing, comparing and showing."""
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def _number(value: Any) -> Decimal | None:
    # Python's own reading of numbers takes underscores, spaces and the digits of every script.
    is_written = isinstance(value, str) and _AMOUNT.fullmatch(value)
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    found = Decimal(value) if is_written or is_number else None
    return found if found is not None and found.is_finite() and abs(found.adjusted()) < 20 else None  # noqa: PLR2004


def _is_day(value: str) -> bool:
    try:
        return bool(_DAY.fullmatch(value)) and date.fromisoformat(value).year in _YEARS
    except ValueError:
        return False
