"""The body of a UK property cumulative update, and HMRC's rules about its dates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sandbox.hmrc.api import problems, quarters
from sandbox.hmrc.api.fields import TaxYear, read_date
from sandbox.hmrc.api.problems import Problem, Refusal, refuse_any
from sandbox.hmrc.api.shapes import POUNDS, SIGNED_POUNDS, TEXT, Object, Reading
from sandbox.hmrc.api.shapes import read as read_shape
from sandbox.hmrc.businesses import Business
from sandbox.hmrc.filings import Filing

INCOME = Object(
    {
        "premiumsOfLeaseGrant": POUNDS,
        "reversePremiums": POUNDS,
        "periodAmount": POUNDS,
        "taxDeducted": POUNDS,
        "otherIncome": POUNDS,
        "rentARoom": Object({"rentsReceived": POUNDS}),
    }
)
EXPENSES = Object(
    {
        "premisesRunningCosts": SIGNED_POUNDS,
        "repairsAndMaintenance": SIGNED_POUNDS,
        "financialCosts": SIGNED_POUNDS,
        "professionalFees": SIGNED_POUNDS,
        "costOfServices": SIGNED_POUNDS,
        "other": SIGNED_POUNDS,
        "residentialFinancialCost": POUNDS,
        "travelCosts": SIGNED_POUNDS,
        "residentialFinancialCostsCarriedForward": POUNDS,
        "rentARoom": Object({"amountClaimed": POUNDS}),
        "consolidatedExpenses": SIGNED_POUNDS,
    }
)
BODY = Object(
    {"fromDate": TEXT, "toDate": TEXT, "ukProperty": Object({"income": INCOME, "expenses": EXPENSES})},
    required=frozenset({"ukProperty"}),
)
BESIDE_CONSOLIDATED = frozenset(
    {"consolidatedExpenses", "residentialFinancialCost", "residentialFinancialCostsCarriedForward", "rentARoom"}
)
EARLIEST_DAYS_BEFORE_END = 10

BOTH_EXPENSES = Problem(
    "RULE_BOTH_EXPENSES_SUPPLIED", "Both expenses and consolidatedExpenses can not be present at the same time"
)
TO_BEFORE_FROM = Problem("RULE_TO_DATE_BEFORE_FROM_DATE", "The To date cannot be earlier than the From date")
MISSING_DATES = Problem("RULE_MISSING_SUBMISSION_DATES", "From date and To date are required")
START_NOT_ALIGNED = Problem(
    "RULE_START_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE", "The start date does not align with the reporting type"
)
NOT_COMMENCEMENT = Problem(
    "RULE_START_DATE_NOT_ALIGNED_TO_COMMENCEMENT_DATE", "The start date does not align with the commencement date"
)
END_NOT_ALIGNED = Problem(
    "RULE_END_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE", "The end date does not align with the reporting type"
)
ADVANCE = Problem(
    "RULE_ADVANCE_SUBMISSION_REQUIRES_PERIOD_END_DATE",
    "An advance submission must have the period end date as its To date",
)
TOO_EARLY = Problem(
    "RULE_EARLY_DATA_SUBMISSION_NOT_ACCEPTED", "An update cannot be sent more than 10 days before the end of the period"
)
BACKWARDS = Problem(
    "RULE_SUBMISSION_END_DATE_CANNOT_MOVE_BACKWARDS",
    "The end date cannot be earlier than that of a previous submission",
)
WINDOW_CLOSED = Problem("RULE_OUTSIDE_AMENDMENT_WINDOW", "The submission is outside of the amendment window")


@dataclass(frozen=True, kw_only=True)
class Update:
    """A well-formed update. Both dates or none."""

    body: Mapping[str, Any]
    from_date: date | None
    to_date: date | None


def read(body: object, *, path_problems: Iterable[Problem]) -> Update:
    """Read a body by HMRC's local checks, each round accumulated: path and structure, then values. Raises Refusal."""
    reading = read_shape(BODY, body)
    refuse_any([*path_problems, *reading.body_problems])
    refuse_any(_value_problems(reading))
    from_date, to_date = (read_date(reading.known.get(name, "")) for name in ("fromDate", "toDate"))
    return Update(body=reading.known, from_date=from_date, to_date=to_date)


def _value_problems(reading: Reading) -> Iterator[Problem]:
    yield from reading.out_of_range
    yield from _expenses_problems(reading.known["ukProperty"].get("expenses", {}))
    yield from _date_problems(reading.known.get("fromDate"), reading.known.get("toDate"))


def _expenses_problems(expenses: Mapping[str, Any]) -> Iterator[Problem]:
    if "consolidatedExpenses" in expenses and expenses.keys() - BESIDE_CONSOLIDATED:
        yield BOTH_EXPENSES.at("/ukProperty/expenses")


def _date_problems(from_text: str | None, to_text: str | None) -> Iterator[Problem]:
    if (from_text is None) != (to_text is None):
        yield MISSING_DATES
    start, end = read_date(from_text or ""), read_date(to_text or "")
    if from_text is not None and start is None:
        yield problems.FROM_DATE.at("/fromDate")
    if to_text is not None and end is None:
        yield problems.TO_DATE.at("/toDate")
    if start and end and end < start:
        yield TO_BEFORE_FROM


def check(update: Update, *, business: Business, year: TaxYear, held: Filing | None, today: date) -> None:
    """Hold an update against the business and what was sent before. Raises Refusal for the first broken rule."""
    for problem in _rule_problems(update, business, year, held, today):
        raise Refusal(problem)


def _rule_problems(
    update: Update, business: Business, year: TaxYear, held: Filing | None, today: date
) -> Iterator[Problem]:
    if today > _last_amendment(year):
        yield WINDOW_CLOSED
    if update.from_date is None or update.to_date is None:
        yield MISSING_DATES
        return
    yield from _start_problems(update.from_date, business, year)
    yield from _end_problems(update.to_date, business, year, today)
    if held and held.to_date and update.to_date < held.to_date:
        yield BACKWARDS


def _last_amendment(year: TaxYear) -> date:
    # Twelve months after the final declaration's deadline of 31 January.
    return date(year.starts_in + 3, 1, 31)


def _start_problems(from_date: date, business: Business, year: TaxYear) -> Iterator[Problem]:
    if business.commencement_date in year and business.commencement_date != year.start:
        if from_date != business.commencement_date:
            yield NOT_COMMENCEMENT
    elif from_date != quarters.start(year, business):
        yield START_NOT_ALIGNED


def _end_problems(to_date: date, business: Business, year: TaxYear, today: date) -> Iterator[Problem]:
    """
    Updates more often than quarterly are allowed: one for days that are over may end on any of them.

    What does not fit the reporting type is another type's quarter end, and a day outside the tax year.
    """
    own_ends = quarters.ends(year, quarterly_type=business.quarterly_type_in(str(year)))
    others = quarters.other_ends(year, quarterly_type=business.quarterly_type_in(str(year)))
    if to_date > year.end or to_date in others:
        yield END_NOT_ALIGNED
    if to_date >= today and to_date not in own_ends:
        yield ADVANCE
    if to_date - timedelta(days=EARLIEST_DAYS_BEFORE_END) > today:
        yield TOO_EARLY
