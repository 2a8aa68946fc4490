"""Readers of the fields that HMRC's operations share: each returns the value, or the problem with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.problems import Problem, Refusal
from sandbox.hmrc.businesses import BUSINESS_ID

_TAX_YEAR = re.compile(r"20([1-9][0-9])-([1-9][0-9])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEARS = range(1900, 2100)


@dataclass(frozen=True, order=True)
class TaxYear:
    """The year from 6 April of `starts_in` to 5 April of the next."""

    starts_in: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2026-27". Raises Refusal."""
        found = _TAX_YEAR.fullmatch(text)
        if not found:
            raise Refusal(problems.TAX_YEAR)
        if int(found[2]) != int(found[1]) + 1:
            raise Refusal(problems.TAX_YEAR_RANGE)
        return cls(2000 + int(found[1]))

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year if (day.month, day.day) >= (4, 6) else day.year - 1)

    @property
    def start(self) -> date:
        return date(self.starts_in, 4, 6)

    @property
    def end(self) -> date:
        return date(self.starts_in + 1, 4, 5)

    @property
    def declaration_due(self) -> date:
        return date(self.starts_in + 2, 1, 31)

    @property
    def last_amendment(self) -> date:
        """Twelve months after the final declaration is due."""
        return date(self.starts_in + 3, 1, 31)

    def __str__(self) -> str:
        return f"{self.starts_in}-{(self.starts_in + 1) % 100:02d}"

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


FIRST_CUMULATIVE_YEAR = TaxYear(2025)


def business_id_problems(text: str) -> Iterator[Problem]:
    if not BUSINESS_ID.fullmatch(text):
        yield problems.BUSINESS_ID


def tax_year_problems(text: str, *, earliest: TaxYear | None = None) -> Iterator[Problem]:
    """Yield what is wrong with a tax year; one before the earliest is not supported."""
    try:
        year = TaxYear.parse(text)
    except Refusal as refusal:
        yield from refusal.problems
        return
    if earliest and year < earliest:
        yield problems.TAX_YEAR_NOT_SUPPORTED


def read_date(text: str) -> date | None:
    """Read an ISO date of the years 1900 to 2099; None if it is none."""
    if not _DATE.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None
