"""The four quarters of a tax year under either type of quarterly periods.

Every update is year to date: all four periods begin on the same day. Source: HMRC's service guide; obligations-api
examples (due dates: the 5th up to 2025-26, the 7th from 2026-27). HMRC's obligations stay the truth about due dates.
"""

from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from mtd.tax_years import TaxYear


class QuarterlyType(StrEnum):
    STANDARD = "standard"
    CALENDAR = "calendar"


class Quarter(NamedTuple):
    """One cumulative update: the period it reports, and the day by whose end in London it is due."""

    start: date
    end: date
    due: date


# (years after the one in which the tax year begins, month, day)
_ENDS = {
    QuarterlyType.STANDARD: ((0, 7, 5), (0, 10, 5), (1, 1, 5), (1, 4, 5)),
    QuarterlyType.CALENDAR: ((0, 6, 30), (0, 9, 30), (0, 12, 31), (1, 3, 31)),
}
_DUE_IN = ((0, 8), (0, 11), (1, 2), (1, 5))
_FIRST_DUE_ON_THE_7TH = TaxYear(2026)


@lru_cache(maxsize=256)  # a batch asks for the same ones at every row
def quarters(year: TaxYear, kind: QuarterlyType, *, chosen_in: TaxYear | None = None) -> tuple[Quarter, ...]:
    """The quarters of a tax year, in order.

    `chosen_in`: the tax year from which calendar periods were chosen. In that one, and if it is not known, they begin
    on 6 April like the standard ones; in later ones on 1 April.
    """
    is_later = chosen_in is not None and chosen_in < year
    start = date(year.starts_in, 4, 1) if kind is QuarterlyType.CALENDAR and is_later else year.start
    return tuple(
        Quarter(start, date(year.starts_in + later, month, day), due)
        for (later, month, day), due in zip(_ENDS[kind], due_dates(year), strict=True)
    )


def due_dates(year: TaxYear) -> tuple[date, ...]:
    """When the four updates are due, whatever the type: an election does not move the deadlines."""
    day = 5 if year < _FIRST_DUE_ON_THE_7TH else 7
    return tuple(date(year.starts_in + later, month, day) for later, month in _DUE_IN)
