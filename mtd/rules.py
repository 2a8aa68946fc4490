"""HMRC's rules for a cumulative update that can be told before it is sent. HMRC's own answer stays the truth.

Source: hmrc/property-business-api, app/v6/createAmendUkPropertyCumulativeSummary (tax years from 2025-26, dates);
app/shared resolvers (tax year, business id).
"""

import re
from collections.abc import Iterator
from datetime import date

from tenants.faults import FieldFault

_TAX_YEAR = re.compile(r"^20([1-9][0-9])-([1-9][0-9])\Z")
_BUSINESS_ID = re.compile(r"^X[A-Z0-9]IS[0-9]{11}\Z")
_FIRST_CUMULATIVE = 25  # 2025-26


def faults(*, business_id: str, tax_year: str, start: date, end: date) -> list[FieldFault]:
    """Everything wrong with what a submission is for."""
    return [*_business(business_id), *_tax_year(tax_year), *_period(start, end)]


def is_too_late(*, tax_year: str, today: date) -> bool:
    """Whether HMRC takes nothing more for this tax year: twelve months after the 31 January that follows it
    (RULE_OUTSIDE_AMENDMENT_WINDOW; the statutory limit of an amendment, TMA 1970 s. 9ZA).
    """
    return today > date(2000 + int(tax_year[2:4]) + 3, 1, 31)


def _business(business_id: str) -> Iterator[FieldFault]:
    if not _BUSINESS_ID.match(business_id):
        yield FieldFault("/business_id", "format_business_id", "A business id of HMRC's, such as XAIS12345678901.")


def _tax_year(tax_year: str) -> Iterator[FieldFault]:
    shape = _TAX_YEAR.match(tax_year)
    if shape is None:
        yield FieldFault("/tax_year", "format_tax_year", "A tax year as HMRC writes it, such as 2026-27.")
    elif (int(shape[1]) + 1) % 100 != int(shape[2]):
        yield FieldFault("/tax_year", "rule_tax_year_range_invalid", "A tax year ends in the year after it begins.")
    elif int(shape[1]) < _FIRST_CUMULATIVE:
        yield FieldFault("/tax_year", "rule_tax_year_not_supported", "Cumulative updates begin with 2025-26.")


def _period(start: date, end: date) -> Iterator[FieldFault]:
    if end < start:
        yield FieldFault("/period_end", "rule_to_date_before_from_date", "The period ends before it begins.")
