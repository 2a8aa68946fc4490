"""The businesses that HMRC knows of a taxpayer, and how one is written as JSON."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, Self

BUSINESS_ID = re.compile(r"X[A-Z0-9]IS[0-9]{11}")
TYPES_OF_BUSINESS = ("self-employment", "uk-property", "foreign-property", "property-unspecified")
PROPERTY_TYPES = frozenset({"uk-property", "foreign-property"})
QUARTERLY_TYPES = ("standard", "calendar")
ACCOUNTING_TYPES = ("CASH", "ACCRUAL")
_TAX_YEAR = re.compile(r"20[1-9][0-9]-[1-9][0-9]")
_LETTER = {"self-employment": "B", "uk-property": "P", "foreign-property": "F", "property-unspecified": "A"}
_MOST_LINES = 4


@dataclass(frozen=True, kw_only=True)
class Latency:
    """The first two tax years of a business: how each is reported, quarterly ("Q") or annually ("A")."""

    end_date: date
    tax_year_1: str
    indicator_1: str
    tax_year_2: str
    indicator_2: str

    def is_annual(self, tax_year: str) -> bool:
        return (tax_year, "A") in {(self.tax_year_1, self.indicator_1), (self.tax_year_2, self.indicator_2)}


@dataclass(frozen=True, kw_only=True)
class Business:
    """
    One income source. Tax years are written "2026-27".

    The quarterly type holds from the year of choice on (always, if there is none), the earlier one before it, which
    may have been chosen too.
    """

    business_id: str
    type_of_business: str
    trading_name: str | None = None
    quarterly_type: str = "standard"
    year_of_choice: str | None = None
    earlier_quarterly_type: str = "standard"
    earlier_year_of_choice: str | None = None
    commencement_date: date = date(2019, 4, 6)
    cessation_date: date | None = None
    accounting_type: str = "CASH"
    accounting_period: tuple[date, date] | None = None
    latency: Latency | None = None
    address_lines: tuple[str, ...] = ()
    postcode: str | None = None
    country_code: str | None = None

    def quarterly_type_in(self, tax_year: str) -> str:
        return self.quarterly_type if self._has_chosen_by(tax_year) else self.earlier_quarterly_type

    def year_of_choice_in(self, tax_year: str) -> str | None:
        """Return the tax year from which on the type of that year was chosen."""
        return self.year_of_choice if self._has_chosen_by(tax_year) else self.earlier_year_of_choice

    def _has_chosen_by(self, tax_year: str) -> bool:
        return (self.year_of_choice or "") <= tax_year

    def choosing(self, quarterly_type: str, *, tax_year: str) -> Self:
        """Return it with a type chosen from a tax year on. Choosing what holds already changes nothing."""
        if self.quarterly_type_in(tax_year) == quarterly_type:
            return self
        chosen = replace(self, quarterly_type=quarterly_type, year_of_choice=tax_year)
        if self.year_of_choice == tax_year:
            return chosen
        return replace(chosen, earlier_quarterly_type=self.quarterly_type, earlier_year_of_choice=self.year_of_choice)

    def is_latent_in(self, tax_year: str) -> bool:
        """Tell whether a new business reports that year annually."""
        return self.latency is not None and self.latency.is_annual(tax_year)

    def describe(self) -> dict[str, Any]:
        """Write it as JSON values, without what is not known."""
        return {name: _plain(value) for name, value in asdict(self).items() if value is not None}


def new_business_id(type_of_business: str) -> str:
    return f"X{_LETTER[type_of_business]}IS{secrets.randbelow(10**11):011d}"


def read_business(given: object) -> Business:
    """Read what `describe` wrote, or as much of it as is given. Raises ValueError."""
    if not isinstance(given, dict) or given.keys() - _READERS.keys():
        raise ValueError(f"a business has these fields: {', '.join(_READERS)}")
    if given.get("type_of_business") is None:
        raise ValueError("type_of_business is missing")
    values = _read_all(_READERS, given)
    return Business(**{"business_id": new_business_id(values["type_of_business"])} | values)


# From and to JSON

Reader = Callable[[Any], Any]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def _read_all(readers: Mapping[str, Reader], given: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for name, value in given.items():
        try:
            found[name] = None if value is None else readers[name](value)
        except (ValueError, TypeError, LookupError) as error:
            raise ValueError(f"{name} is not one of HMRC's") from error
    return {name: value for name, value in found.items() if value is not None}


def _one_of(*choices: str) -> Reader:
    return lambda value: choices[choices.index(value)]


def _matching(pattern: re.Pattern[str]) -> Reader:
    def read(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(pattern.pattern)
        return value

    return read


def _lines(value: list[str]) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > _MOST_LINES:
        raise ValueError("too many lines")
    return tuple(map(_text, value))


def _period(value: list[str]) -> tuple[date, date]:
    start, end = map(date.fromisoformat, value)
    return start, end


def _latency(value: dict[str, Any]) -> Latency:
    if not isinstance(value, dict) or value.keys() != {field.name for field in fields(Latency)}:
        raise ValueError("a latency has all of its fields")
    return Latency(**_read_all(_LATENCY_READERS, value))


_text = _matching(re.compile(r".{1,105}", re.DOTALL))
_year = _matching(_TAX_YEAR)
_LATENCY_READERS: dict[str, Reader] = {
    "end_date": date.fromisoformat,
    "tax_year_1": _year,
    "indicator_1": _one_of("A", "Q"),
    "tax_year_2": _year,
    "indicator_2": _one_of("A", "Q"),
}
_READERS: dict[str, Reader] = {
    "business_id": _matching(BUSINESS_ID),
    "type_of_business": _one_of(*TYPES_OF_BUSINESS),
    "trading_name": _text,
    "quarterly_type": _one_of(*QUARTERLY_TYPES),
    "year_of_choice": _year,
    "earlier_quarterly_type": _one_of(*QUARTERLY_TYPES),
    "earlier_year_of_choice": _year,
    "commencement_date": date.fromisoformat,
    "cessation_date": date.fromisoformat,
    "accounting_type": _one_of(*ACCOUNTING_TYPES),
    "accounting_period": _period,
    "latency": _latency,
    "address_lines": _lines,
    "postcode": _text,
    "country_code": _text,
}
