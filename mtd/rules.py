"""HMRC's rules for a cumulative update that can be told before it is sent. HMRC's own answer stays the truth.

Source: hmrc/property-business-api, app/v6/createAmendUkPropertyCumulativeSummary (tax years from 2025-26, dates, the
codes of HMRC's back end); app/shared resolvers (tax year, business id); HMRC's service guide (quarters).
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from mtd.quarters import Quarter, QuarterlyType, quarters
from mtd.tax_years import TaxYear
from tenants.faults import FieldFault, Invalid

_BUSINESS_ID = re.compile(r"^X[A-Z0-9]IS[0-9]{11}\Z")
_UK_PROPERTY = "uk-property"
# How long before a quarter's end its update may come (RULE_EARLY_DATA_SUBMISSION_NOT_ACCEPTED).
_EARLIEST = timedelta(days=10)


class Known(NamedTuple):
    """What is known of a business in one tax year. None and empty: HMRC has not said, and anything may be.

    `starts`: the days on which its updates may begin; `reached`: the last day of what HMRC has accepted from us.
    """

    type_of_business: str = ""
    quarterly_type: QuarterlyType | None = None
    starts: frozenset[date] = frozenset()
    commenced: date | None = None
    ceased: date | None = None
    reached: date | None = None


def faults(*, business_id: str, tax_year: str, start: date | None, end: date | None) -> list[FieldFault]:
    """Everything wrong with what a submission is for, as far as the request alone tells. None: not known."""
    return [*_business_id(business_id), *_tax_year(tax_year), *(_order(start, end) if start and end else ())]


def misfits(*, year: TaxYear, start: date | None, end: date | None, known: Known, today: date) -> list[FieldFault]:
    """Where it does not fit the business, the quarters or the present day (in London)."""
    if today > year.last_amendment:
        return [
            FieldFault("/tax_year", "rule_outside_amendment_window", f"HMRC took amendments to {year.last_amendment}.")
        ]
    return [
        *_business(start, known),
        *(_start(year, start, known) if start else ()),
        *(_end(year, start, end, known, today) if end else ()),
    ]


def is_too_late(*, tax_year: str, today: date) -> bool:
    """Whether HMRC takes nothing more for this tax year (RULE_OUTSIDE_AMENDMENT_WINDOW)."""
    return today > TaxYear.parse(tax_year).last_amendment


def _business_id(business_id: str) -> Iterator[FieldFault]:
    if not _BUSINESS_ID.match(business_id):
        yield FieldFault("/business_id", "format_business_id", "A business id of HMRC's, such as XAIS12345678901.")


def _tax_year(tax_year: str) -> Iterator[FieldFault]:
    try:
        TaxYear.parse(tax_year)
    except Invalid as why:
        yield from why.errors


def _order(start: date, end: date) -> Iterator[FieldFault]:
    if end < start:
        yield FieldFault("/period_end", "rule_to_date_before_from_date", "The period ends before it begins.")


def _business(start: date | None, known: Known) -> Iterator[FieldFault]:
    if known.type_of_business not in {"", _UK_PROPERTY}:
        said = f"HMRC lists this business as {known.type_of_business}."
        yield FieldFault("/business_id", "rule_type_of_business_incorrect", said)
    if known.ceased and start and known.ceased < start:
        yield FieldFault("/business_id", "business_ceased", f"The business ceased on {known.ceased}.")


def _start(year: TaxYear, start: date, known: Known) -> Iterator[FieldFault]:
    """Every update is year to date: it begins where the year does, or where the business did."""
    commenced = known.commenced or date.min
    usual = known.starts or {each[0].start for each in _calendars(year, known.quarterly_type)}
    wanted = sorted({max(each, commenced) for each in usual})
    if start not in wanted:
        is_late = commenced in wanted
        code = "rule_start_date_not_aligned_" + ("to_commencement_date" if is_late else "with_reporting_type")
        said = f"Updates are year to date: this one begins on {' or '.join(map(str, wanted))}."
        yield FieldFault("/period_start", code, said)


def _end(year: TaxYear, start: date | None, end: date, known: Known, today: date) -> Iterator[FieldFault]:
    """Updates more often than quarterly are allowed: one for days that are over may end on any of them, but for those
    on which quarters of the other type end.
    """
    kind = _kind(year, start, known)
    own = sorted({quarter.end for each in _calendars(year, kind) for quarter in each})
    every = {quarter.end for each in _calendars(year, None) for quarter in each}
    if end > own[-1] or end in every - set(own):
        said = f"Quarters end on {', '.join(map(str, own))}."
        yield FieldFault("/period_end", "rule_end_date_not_aligned_with_reporting_type", said)
    if end >= today and end not in own:
        said = "Before a period is over, only an update to its quarter's last day is taken."
        yield FieldFault("/period_end", "rule_advance_submission_requires_period_end_date", said)
    if end - _EARLIEST > today:
        said = f"HMRC takes it from {end - _EARLIEST}: ten days before the period ends."
        yield FieldFault("/period_end", "rule_early_data_submission_not_accepted", said)
    if known.reached and end < known.reached:
        said = f"An update to {known.reached} was accepted, and the next may not end before that."
        yield FieldFault("/period_end", "rule_submission_end_date_cannot_move_backwards", said)


def _kind(year: TaxYear, start: date | None, known: Known) -> QuarterlyType | None:
    # Only calendar quarters begin on 1 April.
    is_calendar = known.quarterly_type is None and start == date(year.starts_in, 4, 1)
    return QuarterlyType.CALENDAR if is_calendar else known.quarterly_type


@lru_cache(maxsize=256)  # a batch asks for the same ones at every row
def _calendars(year: TaxYear, kind: QuarterlyType | None) -> tuple[tuple[Quarter, ...], ...]:
    """The quarters that may be those of the year. Calendar ones begin on 6 April in the first year, then on the 1st."""
    last = TaxYear(year.starts_in - 1)
    every = {
        QuarterlyType.STANDARD: [quarters(year, QuarterlyType.STANDARD)],
        QuarterlyType.CALENDAR: [quarters(year, QuarterlyType.CALENDAR, chosen_in=since) for since in (year, last)],
    }
    return tuple(each for kinds, calendars in every.items() for each in calendars if kind in {kinds, None})
