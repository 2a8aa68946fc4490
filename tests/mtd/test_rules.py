"""HMRC's rules that can be told before anything is sent."""

from datetime import date
from typing import Any

import pytest

from mtd import rules
from mtd.quarters import QuarterlyType
from mtd.rules import Known
from mtd.tax_years import TaxYear

GOOD: dict[str, Any] = {
    "business_id": "XAIS12345678901",
    "tax_year": "2026-27",
    "start": date(2026, 4, 6),
    "end": date(2026, 7, 5),
}
TODAY = date(2026, 11, 22)
STANDARD, CALENDAR = QuarterlyType.STANDARD, QuarterlyType.CALENDAR


def told(**changed: Any) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in rules.faults(**{**GOOD, **changed})]


def misfits(known: Known = Known(), *, today: date = TODAY, **dates: date) -> list[tuple[str, str]]:  # noqa: B008
    place = {"start": GOOD["start"], "end": GOOD["end"], **dates}
    return [
        (fault.pointer, fault.code) for fault in rules.misfits(year=TaxYear(2026), known=known, today=today, **place)
    ]


class TestTheRequestAlone:
    @pytest.mark.parametrize("tax_year", ["2025-26", "2026-27", "2098-99"])
    def test_nothing_is_wrong_with_a_good_submission(self, tax_year: str) -> None:
        assert told(tax_year=tax_year) == []

    @pytest.mark.parametrize(
        "business_id",
        ["", "XAIS1234567890", "XAIS123456789012", "xAIS12345678901", "XAIS12345678901\n", "XaIS12345678901"],
    )
    def test_a_business_id_has_hmrcs_shape(self, business_id: str) -> None:
        assert told(business_id=business_id) == [("/business_id", "format_business_id")]

    @pytest.mark.parametrize("tax_year", ["", "2026", "2026/27", "2026-2027", "1999-00", "2026-27\n", "2009-10"])
    def test_a_tax_year_has_hmrcs_shape(self, tax_year: str) -> None:
        assert told(tax_year=tax_year) == [("/tax_year", "format_tax_year")]

    @pytest.mark.parametrize("tax_year", ["2026-28", "2026-26", "2026-25"])
    def test_a_tax_year_ends_in_the_year_after_it_begins(self, tax_year: str) -> None:
        assert told(tax_year=tax_year) == [("/tax_year", "rule_tax_year_range_invalid")]

    @pytest.mark.parametrize("tax_year", ["2024-25", "2017-18"])
    def test_cumulative_updates_begin_with_2025(self, tax_year: str) -> None:
        assert told(tax_year=tax_year) == [("/tax_year", "rule_tax_year_not_supported")]

    def test_a_period_does_not_end_before_it_begins(self) -> None:
        assert told(end=date(2026, 4, 5)) == [("/period_end", "rule_to_date_before_from_date")]
        assert told(end=date(2026, 4, 6)) == []

    def test_every_fault_is_told_at_once(self) -> None:
        assert len(told(business_id="no", tax_year="no", end=date(2026, 1, 1))) == 3


class TestTheBusiness:
    @pytest.mark.parametrize("kind", ["self-employment", "foreign-property", "property-unspecified"])
    def test_lets_property_in_the_uk(self, kind: str) -> None:
        assert misfits(Known(kind)) == [("/business_id", "rule_type_of_business_incorrect")]

    def test_has_not_ceased_before_the_period(self) -> None:
        assert misfits(Known(ceased=date(2026, 4, 5))) == [("/business_id", "business_ceased")]
        assert misfits(Known(ceased=date(2026, 4, 6))) == []


class TestTheFirstDay:
    FAULT = ("/period_start", "rule_start_date_not_aligned_with_reporting_type")

    @pytest.mark.parametrize("start", [date(2026, 4, 5), date(2026, 4, 7), date(2025, 4, 6), date(2026, 7, 1)])
    def test_of_an_update_is_the_years(self, start: date) -> None:
        assert misfits(start=start) == [self.FAULT]

    @pytest.mark.parametrize(
        ("known", "is_taken"),
        [
            (Known(), True),
            (Known(quarterly_type=CALENDAR), True),
            (Known(quarterly_type=CALENDAR, starts=frozenset({date(2026, 4, 6)})), False),
            (Known(quarterly_type=STANDARD), False),
        ],
    )
    def test_may_be_the_first_of_april_where_calendar_quarters_may_have_been_chosen_before(
        self, known: Known, is_taken: bool
    ) -> None:
        assert (self.FAULT not in misfits(known, start=date(2026, 4, 1), end=date(2026, 6, 30))) is is_taken

    def test_is_the_businesss_own_if_it_began_within_the_year(self) -> None:
        young = Known(commenced=date(2026, 5, 20))

        assert misfits(young, start=date(2026, 5, 20)) == []
        assert misfits(young) == [("/period_start", "rule_start_date_not_aligned_to_commencement_date")]


class TestTheLastDay:
    ALIGNED = ("/period_end", "rule_end_date_not_aligned_with_reporting_type")
    ADVANCE = ("/period_end", "rule_advance_submission_requires_period_end_date")
    EARLY = ("/period_end", "rule_early_data_submission_not_accepted")

    @pytest.mark.parametrize(
        ("kind", "end", "is_taken"),
        [
            (None, date(2026, 7, 5), True),
            (None, date(2026, 6, 30), True),
            (STANDARD, date(2026, 6, 30), False),
            (CALENDAR, date(2026, 7, 5), False),
            (STANDARD, date(2026, 8, 12), True),  # more often than quarterly
        ],
    )
    def test_is_no_end_of_the_other_types_quarters(self, kind: QuarterlyType | None, end: date, is_taken: bool) -> None:
        assert misfits(Known(quarterly_type=kind), end=end) == ([] if is_taken else [self.ALIGNED])

    def test_tells_with_the_first_which_type_is_meant(self) -> None:
        assert misfits(start=date(2026, 4, 1), end=date(2026, 7, 5)) == [self.ALIGNED]

    @pytest.mark.parametrize(("kind", "last"), [(STANDARD, date(2027, 4, 5)), (CALENDAR, date(2027, 3, 31))])
    def test_lies_within_the_year(self, kind: QuarterlyType, last: date) -> None:
        later = date.fromordinal(last.toordinal() + 1)

        assert misfits(Known(quarterly_type=kind), end=last, today=date(2027, 5, 1)) == []
        assert misfits(Known(quarterly_type=kind), end=later, today=date(2027, 5, 1)) == [self.ALIGNED]

    @pytest.mark.parametrize(
        ("today", "faults"),
        [(date(2026, 6, 24), [EARLY]), (date(2026, 6, 25), []), (date(2026, 7, 5), []), (date(2026, 7, 6), [])],
    )
    def test_is_ten_days_away_at_most(self, today: date, faults: list[tuple[str, str]]) -> None:
        assert misfits(today=today) == faults

    @pytest.mark.parametrize(("end", "faults"), [(date(2026, 11, 21), []), (TODAY, [ADVANCE])])
    def test_is_over_unless_a_quarter_ends_on_it(self, end: date, faults: list[tuple[str, str]]) -> None:
        assert misfits(end=end) == faults

    def test_does_not_move_backwards(self) -> None:
        code = "rule_submission_end_date_cannot_move_backwards"

        assert misfits(Known(reached=date(2026, 10, 5))) == [("/period_end", code)]
        assert misfits(Known(reached=GOOD["end"])) == []


def test_a_year_is_closed_twelve_months_after_the_filing_date_whatever_else_is_wrong() -> None:
    closed = [("/tax_year", "rule_outside_amendment_window")]

    assert misfits(today=date(2029, 1, 31)) == []
    assert misfits(today=date(2029, 2, 1), start=date(2026, 7, 1)) == closed
