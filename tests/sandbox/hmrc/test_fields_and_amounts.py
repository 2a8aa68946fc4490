"""Amounts, dates and tax years: what HMRC takes, over all that could be sent."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.hmrc.api import exact
from sandbox.hmrc.api.fields import TaxYear, read_date
from sandbox.hmrc.api.problems import Refusal
from sandbox.hmrc.api.property_business import bodies
from sandbox.hmrc.api.property_business.declaring import shape_in
from sandbox.hmrc.api.shapes import POUNDS, SIGNED_POUNDS, read

QUICK = settings(max_examples=100, deadline=None)
TOP = Decimal("99999999999.99")
PENCE = st.decimals(-TOP, TOP, places=2, allow_nan=False, allow_infinity=False)
CUMULATIVE = shape_in(bodies.UK_CUMULATIVE, "2026-27")


def reads(income: Decimal, expense: Decimal) -> list[str]:
    body = {"ukProperty": {"income": {"periodAmount": income}, "expenses": {"other": expense}}}
    return [path for problem in read(CUMULATIVE, body).out_of_range for path in problem.paths]


@QUICK
@given(PENCE)
def test_pence_between_the_bounds_are_taken_and_come_back_digit_for_digit(amount: Decimal) -> None:
    text = f"{amount:f}"

    assert SIGNED_POUNDS.takes(amount)
    assert POUNDS.takes(amount) is (amount >= 0)
    assert exact.dumps(exact.loads(text.encode())) == text


@pytest.mark.parametrize("text", ["1e999999999999999999999", "-1E-999999999999999999999"])
def test_an_exponent_beyond_all_bounds_is_not_json(text: str) -> None:
    with pytest.raises(exact.NotJson):
        exact.loads(text.encode())


@pytest.mark.parametrize(("text", "written"), [("-0", "0"), ("-0.0", "0.0"), ("-0.00", "0.00"), ("-0e2", "0")])
def test_nought_has_no_sign(text: str, written: str) -> None:
    assert exact.dumps(exact.loads(text.encode())) == written


@QUICK
@given(PENCE, st.integers(1, 9), st.integers(3, 12))
def test_a_third_decimal_is_never_taken(amount: Decimal, digit: int, place: int) -> None:
    assert not SIGNED_POUNDS.takes(amount.quantize(Decimal(1).scaleb(-place)) + Decimal(digit).scaleb(-place))


@QUICK
@given(st.decimals(Decimal("0.01"), Decimal(10) ** 15, places=2, allow_nan=False))
def test_nothing_beyond_the_bounds_is_taken(over: Decimal) -> None:
    assert not any(SIGNED_POUNDS.takes(amount) for amount in (TOP + over, -TOP - over))
    assert not POUNDS.takes(-over)


@QUICK
@given(PENCE, PENCE)
def test_every_amount_out_of_bounds_is_named(income: Decimal, expense: Decimal) -> None:
    assert reads(income, expense) == (["/ukProperty/income/periodAmount"] if income < 0 else [])


@QUICK
@given(st.integers(2010, 2098))
def test_a_tax_year_is_written_as_it_is_read(starts_in: int) -> None:
    year = TaxYear(starts_in)

    assert TaxYear.parse(str(year)) == year
    assert year.start in year
    assert year.end in year
    assert TaxYear.of(year.start) == TaxYear.of(year.end) == year


@QUICK
@given(st.integers(10, 98), st.integers(10, 99))
def test_a_tax_year_ends_in_the_year_after_it_starts(first: int, last: int) -> None:
    if last == first + 1:
        assert TaxYear.parse(f"20{first}-{last}").starts_in == 2000 + first
        return

    with pytest.raises(Refusal) as refusal:
        TaxYear.parse(f"20{first}-{last}")

    assert [one.code for one in refusal.value.problems] == ["RULE_TAX_YEAR_RANGE_INVALID"]


@QUICK
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_of_two_centuries_is_a_date(day: date) -> None:
    assert read_date(day.isoformat()) == day
    assert read_date(day.strftime("%d-%m-%Y")) is None


@QUICK
@given(st.text(max_size=12))
def test_no_text_breaks_the_reader_of_dates(text: str) -> None:
    found = read_date(text)

    assert found is None or found.isoformat() == text
