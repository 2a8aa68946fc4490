"""HMRC's rules that can be told before anything is sent."""

from datetime import date
from typing import Any

import pytest

from mtd import rules

GOOD: dict[str, Any] = {
    "business_id": "XAIS12345678901",
    "tax_year": "2026-27",
    "start": date(2026, 4, 6),
    "end": date(2026, 7, 5),
}


def told(**changed: Any) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in rules.faults(**{**GOOD, **changed})]


@pytest.mark.parametrize("tax_year", ["2025-26", "2026-27", "2098-99"])
def test_nothing_is_wrong_with_a_good_submission(tax_year: str) -> None:
    assert told(tax_year=tax_year) == []


@pytest.mark.parametrize(
    "business_id", ["", "XAIS1234567890", "XAIS123456789012", "xAIS12345678901", "XAIS12345678901\n", "XaIS12345678901"]
)
def test_a_business_id_has_hmrcs_shape(business_id: str) -> None:
    assert told(business_id=business_id) == [("/business_id", "format_business_id")]


@pytest.mark.parametrize("tax_year", ["", "2026", "2026/27", "2026-2027", "1999-00", "2026-27\n", "2009-10"])
def test_a_tax_year_has_hmrcs_shape(tax_year: str) -> None:
    assert told(tax_year=tax_year) == [("/tax_year", "format_tax_year")]


@pytest.mark.parametrize("tax_year", ["2026-28", "2026-26", "2026-25"])
def test_a_tax_year_ends_in_the_year_after_it_begins(tax_year: str) -> None:
    assert told(tax_year=tax_year) == [("/tax_year", "rule_tax_year_range_invalid")]


@pytest.mark.parametrize("tax_year", ["2024-25", "2017-18"])
def test_cumulative_updates_begin_with_2025(tax_year: str) -> None:
    assert told(tax_year=tax_year) == [("/tax_year", "rule_tax_year_not_supported")]


def test_a_period_does_not_end_before_it_begins() -> None:
    assert told(end=date(2026, 4, 5)) == [("/period_end", "rule_to_date_before_from_date")]
    assert told(end=date(2026, 4, 6)) == []


def test_every_fault_is_told_at_once() -> None:
    assert len(told(business_id="no", tax_year="no", end=date(2026, 1, 1))) == 3
