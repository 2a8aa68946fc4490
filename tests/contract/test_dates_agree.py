"""What is known of a business decides what may be sent for it: the product, with what HMRC tells of the business, takes
exactly the periods that the stand-in takes, and refuses with the stand-in's reason.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mtd import rules
from mtd.quarters import QuarterlyType
from mtd.rules import Known
from mtd.tax_years import TaxYear
from sandbox.hmrc.modes import PRODUCTION_LIKE
from tests.contract.samples import BUSINESSES, NINO, sample
from tests.contract.standin import Standin, codes, content
from tests.contract.test_rules_agree import PUT

BUSINESS = BUSINESSES["uk-property"]
YEAR = TaxYear(2026)
STANDARD, CALENDAR = QuarterlyType.STANDARD, QuarterlyType.CALENDAR
IN_SUMMER = date(2026, 8, 20)
# How the business reports in 2026-27, as HMRC's details of it tell: type, and the tax year of the choice.
CHOICES: list[tuple[QuarterlyType, str | None]] = [(STANDARD, None), (CALENDAR, "2026-27"), (CALENDAR, "2025-26")]
DAYS = [
    *(date(2026, month, day) for month, day in ((4, 1), (4, 5), (4, 6), (4, 7), (6, 30), (7, 5), (7, 6), (9, 30))),
    *(date(2026, month, day) for month, day in ((10, 5), (11, 21), (11, 22), (11, 23), (12, 2), (12, 31))),
    *(date(2027, month, day) for month, day in ((1, 1), (1, 5), (3, 31), (4, 1), (4, 5), (4, 6), (7, 5))),
]
TODAYS = [date(2026, 6, 24), date(2026, 11, 22), date(2026, 12, 22), date(2027, 4, 20), date(2029, 1, 31)]


def standin_of(standins: dict[str, Standin], choice: tuple[QuarterlyType, str | None], commenced: date) -> Standin:
    """A stand-in that knows one business."""
    kind, since = choice
    business = {
        "business_id": BUSINESS,
        "type_of_business": "uk-property",
        "quarterly_type": str(kind),
        "commencement_date": commenced.isoformat(),
        **({"year_of_choice": since} if since else {}),
    }
    standin = standins[PRODUCTION_LIKE].begin()
    standin.hmrc.control("reset", {})
    standin.hmrc.control("mode", {"mode": standin.mode})
    standin.hmrc.control("users", {"nino": NINO, "businesses": [business]})
    return standin


def known_of(choice: tuple[QuarterlyType, str | None], commenced: date, reached: date | None = None) -> Known:
    kind, since = choice
    is_later = kind is CALENDAR and since != str(YEAR)
    start = date(2026, 4, 1) if is_later else YEAR.start
    return Known("uk-property", kind, frozenset({start}), commenced=commenced, reached=reached)


def sent(standin: Standin, start: date, end: date) -> Any:
    body = {**sample(PUT).body, "fromDate": start.isoformat(), "toDate": end.isoformat()}
    return standin.ask(replace(sample(PUT, year=str(YEAR)).at(businessId=BUSINESS), body=body))


def ours(start: date, end: date, known: Known, today: date) -> set[str]:
    faults = rules.misfits(year=YEAR, start=start, end=end, known=known, today=today)
    return {fault.code.upper() for fault in faults}


@given(
    choice=st.sampled_from(CHOICES),
    commenced=st.sampled_from([date(2019, 4, 6), IN_SUMMER]),
    today=st.sampled_from(TODAYS),
    start=st.sampled_from([date(2026, 4, 1), YEAR.start, YEAR.start, IN_SUMMER, date(2026, 7, 6)]),
    end=st.sampled_from(DAYS) | st.dates(date(2026, 4, 6), date(2027, 4, 10)),
)
@example(choice=CHOICES[0], commenced=date(2019, 4, 6), today=TODAYS[1], start=YEAR.start, end=date(2026, 7, 5))
@example(choice=CHOICES[1], commenced=date(2019, 4, 6), today=TODAYS[0], start=YEAR.start, end=date(2026, 6, 30))
@example(choice=CHOICES[2], commenced=IN_SUMMER, today=TODAYS[3], start=IN_SUMMER, end=date(2027, 3, 31))
@example(choice=CHOICES[0], commenced=date(2019, 4, 6), today=date(2029, 2, 1), start=YEAR.start, end=YEAR.end)
@settings(max_examples=60, deadline=None)
def test_periods_are_taken_by_both_or_refused_for_the_same_reason(
    choice: tuple[QuarterlyType, str | None],
    commenced: date,
    today: date,
    start: date,
    end: date,
    others: dict[str, Standin],
) -> None:
    assume(start <= end)
    standin = standin_of(others, choice, commenced)
    standin.move_to(today.isoformat())

    answer, faults = sent(standin, start, end), ours(start, end, known_of(choice, commenced), today)

    if answer.status_code == PUT.success:
        assert faults == set()
    else:
        assert set(codes(answer)) <= faults


@given(
    choice=st.sampled_from(CHOICES),
    start=st.sampled_from([date(2026, 4, 1), YEAR.start, IN_SUMMER]),
    end=st.sampled_from(DAYS),
)
@settings(max_examples=60, deadline=None)
def test_of_a_business_of_which_nothing_is_known_nothing_is_refused_that_may_be_right(
    choice: tuple[QuarterlyType, str | None], start: date, end: date
) -> None:
    assume(start <= end)
    today, long_ago = TODAYS[1], date(2019, 4, 6)

    if not ours(start, end, known_of(choice, long_ago), today):
        assert ours(start, end, Known(), today) == set()


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_an_update_may_not_end_before_the_last_one(days: int, fresh: Any) -> None:
    standin, reached = fresh(PRODUCTION_LIKE), date(2026, 10, 5)
    assert sent(standin, YEAR.start, reached).status_code == PUT.success
    end = reached + timedelta(days=days)

    answer = sent(standin, YEAR.start, end)

    faults = ours(YEAR.start, end, known_of(CHOICES[0], date(2019, 4, 6), reached), TODAYS[1])
    assert faults == (set() if answer.status_code == PUT.success else set(codes(answer)))
    assert bool(faults) is (days < 0)
    assert content(answer) is None or days < 0
