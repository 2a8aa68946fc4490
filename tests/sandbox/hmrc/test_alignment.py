"""The dates of a cumulative update: any day, any election, exactly the right code."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.hmrc.api.fields import TaxYear
from sandbox.hmrc.api.property_business import problems
from sandbox.hmrc.api.property_business.alignment import Standing, find_problems
from sandbox.hmrc.businesses import Business

YEARS = st.integers(2025, 2040).map(TaxYear)
ELECTIONS = st.sampled_from(("standard", "calendar, first year", "calendar, later year", "calendar, always"))
QUICK = settings(max_examples=100, deadline=None)
A_DAY = timedelta(days=1)


def a_business(election: str, year: TaxYear, commenced: date = date(2019, 4, 6)) -> Business:
    chosen = {"calendar, first year": str(year), "calendar, later year": str(TaxYear(year.starts_in - 1))}
    return Business(
        business_id="XPIS10000000001",
        type_of_business="uk-property",
        quarterly_type=election.partition(",")[0],
        year_of_choice=chosen.get(election),
        commencement_date=commenced,
    )


def found(
    business: Business,
    year: TaxYear,
    period: tuple[date, date] | None,
    *,
    today: date | None,
    is_annual: bool = False,
    reached: date | None = None,
) -> list[str]:
    standing = Standing(business=business, year=year, is_annual=is_annual, reached=reached, today=today)
    return [problem.code for problem in find_problems(period, standing)]


def start_of(election: str, year: TaxYear) -> date:
    """Say it again, from the facts: 6 April, but 1 April after the first calendar year."""
    return date(year.starts_in, 4, 1 if election == "calendar, later year" else 6)


def ends_of(election: str, year: TaxYear) -> list[date]:
    y = year.starts_in
    if election == "standard":
        return [date(y, 7, 5), date(y, 10, 5), date(y + 1, 1, 5), date(y + 1, 4, 5)]
    return [date(y, 6, 30), date(y, 9, 30), date(y, 12, 31), date(y + 1, 3, 31)]


def other_ends_of(election: str, year: TaxYear) -> list[date]:
    return ends_of("calendar" if election == "standard" else "standard", year)


@QUICK
@given(ELECTIONS, YEARS, st.integers(-40, 400))
def test_only_one_start_fits(election: str, year: TaxYear, days: int) -> None:
    start = year.start + timedelta(days=days)
    end = ends_of(election, year)[-1]

    codes = found(a_business(election, year), year, (start, end), today=end + A_DAY)

    assert codes == ([] if start == start_of(election, year) else ["RULE_START_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE"])


@QUICK
@given(YEARS, st.integers(1, 364), st.integers(-10, 10))
def test_a_business_that_commenced_in_the_year_starts_there(year: TaxYear, days: int, off: int) -> None:
    commenced = year.start + timedelta(days=days)
    business = a_business("standard", year, commenced)

    codes = found(business, year, (commenced + timedelta(days=off), year.end), today=year.end + A_DAY)

    assert codes == ([] if off == 0 else ["RULE_START_DATE_NOT_ALIGNED_TO_COMMENCEMENT_DATE"])


@QUICK
@given(ELECTIONS, YEARS, st.integers(0, 380))
def test_a_day_that_is_over_ends_an_update_unless_it_is_the_other_types(
    election: str, year: TaxYear, days: int
) -> None:
    end = year.start + timedelta(days=days)
    fits = end <= ends_of(election, year)[-1] and end not in other_ends_of(election, year)

    codes = found(
        a_business(election, year), year, (start_of(election, year), end), today=date(year.starts_in + 2, 1, 1)
    )

    assert codes == ([] if fits else ["RULE_END_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE"])


@QUICK
@given(ELECTIONS, YEARS, st.integers(0, 3), st.integers(-30, 60))
def test_a_quarter_may_be_sent_from_ten_days_before_its_end(
    election: str, year: TaxYear, quarter: int, days: int
) -> None:
    end = ends_of(election, year)[quarter]
    today = end - timedelta(days=days)

    codes = found(a_business(election, year), year, (start_of(election, year), end), today=today)

    assert codes == (["RULE_EARLY_DATA_SUBMISSION_NOT_ACCEPTED"] if days > 10 else [])


@QUICK
@given(ELECTIONS, YEARS, st.integers(0, 360), st.integers(0, 9))
def test_what_is_sent_in_advance_ends_with_a_quarter(election: str, year: TaxYear, days: int, ahead: int) -> None:
    today = year.start + timedelta(days=days)
    end = today + timedelta(days=ahead)
    is_end = end in ends_of(election, year)

    codes = found(a_business(election, year), year, (start_of(election, year), end), today=today)

    assert ("RULE_ADVANCE_SUBMISSION_REQUIRES_PERIOD_END_DATE" in codes) is not is_end


@QUICK
@given(YEARS, st.dates(date(2026, 1, 1), date(2044, 12, 31)), st.booleans())
def test_the_amendment_window_closes_after_two_januaries(year: TaxYear, today: date, is_annual: bool) -> None:
    codes = found(a_business("standard", year), year, None, today=today, is_annual=is_annual)

    is_closed = today > date(year.starts_in + 3, 1, 31)
    assert codes == ["RULE_OUTSIDE_AMENDMENT_WINDOW"] * is_closed + ["RULE_MISSING_SUBMISSION_DATES"] * (not is_annual)


@QUICK
@given(ELECTIONS, YEARS, st.integers(1, 360), st.integers(-30, 30))
def test_an_update_never_ends_before_the_last_one(election: str, year: TaxYear, days: int, back: int) -> None:
    end = year.start + timedelta(days=days)
    reached = end + timedelta(days=back)

    codes = found(
        a_business(election, year),
        year,
        (start_of(election, year), end),
        today=date(year.starts_in + 2, 1, 1),
        reached=reached,
    )

    assert ("RULE_SUBMISSION_END_DATE_CANNOT_MOVE_BACKWARDS" in codes) is (end < reached)


@QUICK
@given(ELECTIONS, YEARS, st.dates(date(2025, 1, 1), date(2042, 1, 1)), st.dates(date(2025, 1, 1), date(2042, 1, 1)))
def test_who_reports_annually_sends_no_dates_whichever(election: str, year: TaxYear, start: date, end: date) -> None:
    business = a_business(election, year)

    codes = [found(business, year, period, today=year.end, is_annual=True) for period in (None, (start, end))]

    assert codes == [[], [problems.DATES_NOT_ALLOWED.code]]


@QUICK
@given(ELECTIONS, YEARS, st.integers(0, 3))
def test_without_todays_date_nothing_is_too_early_or_too_late(election: str, year: TaxYear, quarter: int) -> None:
    end = ends_of(election, year)[quarter]

    assert found(a_business(election, year), year, (start_of(election, year), end), today=None) == []
