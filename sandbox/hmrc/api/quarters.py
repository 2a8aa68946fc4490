"""The cumulative quarters of a tax year: where they end, when they are due, where an update starts."""

from datetime import date

from sandbox.hmrc.api.fields import TaxYear
from sandbox.hmrc.businesses import Business

# (years after the tax year's first, month, day)
_ENDS = {
    "standard": ((0, 7, 5), (0, 10, 5), (1, 1, 5), (1, 4, 5)),
    "calendar": ((0, 6, 30), (0, 9, 30), (0, 12, 31), (1, 3, 31)),
}
_DUE_MONTHS = ((0, 8), (0, 11), (1, 2), (1, 5))
FIRST_YEAR_DUE_ON_THE_7TH = TaxYear(2026)


def ends(year: TaxYear, *, quarterly_type: str) -> tuple[date, ...]:
    """Return the last days of the four quarters."""
    return tuple(date(year.starts_in + later, month, day) for later, month, day in _ENDS[quarterly_type])


def other_ends(year: TaxYear, *, quarterly_type: str) -> tuple[date, ...]:
    """Return the quarter ends of the type that was not chosen."""
    return ends(year, quarterly_type="calendar" if quarterly_type == "standard" else "standard")


def due_dates(year: TaxYear) -> tuple[date, ...]:
    """Return when the four updates are due: the 5th up to 2025-26, the 7th from 2026-27; the same for both types."""
    day = 5 if year < FIRST_YEAR_DUE_ON_THE_7TH else 7
    return tuple(date(year.starts_in + later, month, day) for later, month in _DUE_MONTHS)


def start(year: TaxYear, business: Business) -> date:
    """Return where every update of the year starts: 6 April, or 1 April from the second year of a calendar election."""
    is_first = business.year_of_choice_in(str(year)) in {None, str(year)}
    is_calendar = business.quarterly_type_in(str(year)) == "calendar"
    return date(year.starts_in, 4, 1) if is_calendar and not is_first else year.start
