"""Where quarters begin and end, when they are due, and in which tax year a day lies."""

from datetime import date

import pytest

from mtd.businesses import quarters_of
from mtd.models import Business
from mtd.quarters import QuarterlyType, due_dates, quarters
from mtd.tax_years import TaxYear
from sandbox.hmrc.api import fields
from sandbox.hmrc.api import quarters as theirs
from tenants.faults import Invalid

STANDARD = [date(2026, 7, 5), date(2026, 10, 5), date(2027, 1, 5), date(2027, 4, 5)]
CALENDAR = [date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31), date(2027, 3, 31)]
YEAR = TaxYear(2026)


@pytest.mark.parametrize(
    ("kind", "chosen_in", "start", "ends"),
    [
        (QuarterlyType.STANDARD, None, date(2026, 4, 6), STANDARD),
        (QuarterlyType.STANDARD, TaxYear(2025), date(2026, 4, 6), STANDARD),
        (QuarterlyType.CALENDAR, None, date(2026, 4, 6), CALENDAR),
        (QuarterlyType.CALENDAR, TaxYear(2026), date(2026, 4, 6), CALENDAR),
        (QuarterlyType.CALENDAR, TaxYear(2025), date(2026, 4, 1), CALENDAR),
    ],
)
def test_every_quarter_begins_where_the_year_to_date_does(
    kind: QuarterlyType, chosen_in: TaxYear | None, start: date, ends: list[date]
) -> None:
    found = quarters(YEAR, kind, chosen_in=chosen_in)

    assert {quarter.start for quarter in found} == {start}
    assert [quarter.end for quarter in found] == ends


@pytest.mark.parametrize(("starts_in", "day"), [(2025, 5), (2026, 7), (2027, 7)])
def test_an_election_does_not_move_the_deadlines(starts_in: int, day: int) -> None:
    year = TaxYear(starts_in)

    assert {quarter.due.day for kind in QuarterlyType for quarter in quarters(year, kind)} == {day}
    assert [(each.year, each.month) for each in due_dates(year)] == [
        (starts_in, 8),
        (starts_in, 11),
        (starts_in + 1, 2),
        (starts_in + 1, 5),
    ]


@pytest.mark.parametrize("starts_in", range(2025, 2035))
@pytest.mark.parametrize("kind", QuarterlyType)
def test_the_stand_in_has_the_same_quarters(starts_in: int, kind: QuarterlyType) -> None:
    year = fields.TaxYear(starts_in)

    found = quarters(TaxYear(starts_in), kind)

    assert tuple(quarter.end for quarter in found) == theirs.ends(year, quarterly_type=kind)
    assert tuple(quarter.due for quarter in found) == theirs.due_dates(year)


@pytest.mark.parametrize(
    ("kind", "since", "start", "end"),
    [
        ("", "", date(2026, 4, 6), STANDARD[0]),
        ("standard", "2026-27", date(2026, 4, 6), STANDARD[0]),
        ("calendar", "", date(2026, 4, 6), CALENDAR[0]),
        ("calendar", "2024-25", date(2026, 4, 1), CALENDAR[0]),
        ("calendar", "2027-28", date(2026, 4, 6), STANDARD[0]),
        ("weekly", "2026-27", date(2026, 4, 6), STANDARD[0]),
    ],
)
def test_a_business_has_the_quarters_of_its_choice_from_the_year_of_the_choice(
    kind: str, since: str, start: date, end: date
) -> None:
    business = Business(quarterly_type=kind, quarterly_type_since=since)

    first = quarters_of(business, YEAR)[0]

    assert (first.start, first.end) == (start, end)


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 4, 5), "2025-26"), (date(2026, 4, 6), "2026-27"), (date(2027, 1, 1), "2026-27")],
)
def test_a_tax_year_begins_on_the_sixth_of_april(day: date, year: str) -> None:
    assert str(TaxYear.of(day)) == year


def test_a_tax_year_can_be_amended_for_a_year_after_its_declaration_is_due() -> None:
    assert TaxYear.parse("2025-26").last_amendment == date(2028, 1, 31)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026", "format_tax_year"),
        ("2026-27\n", "format_tax_year"),
        ("2026-28", "rule_tax_year_range_invalid"),
        ("2024-25", "rule_tax_year_not_supported"),
    ],
)
def test_what_is_no_tax_year_of_ours_is_told_as_hmrc_tells_it(written: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        TaxYear.parse(written)

    assert [(fault.pointer, fault.code) for fault in refusal.value.errors] == [("/tax_year", code)]
