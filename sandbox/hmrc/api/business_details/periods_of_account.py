"""Declare whether a business has periods of account that differ from the tax year, and retrieve them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from sandbox.hmrc.api import exact, problems
from sandbox.hmrc.api.business_details.place import (
    FIRST_YEAR,
    YEAR_PATH,
    Place,
    held,
    keep,
    open_business,
    read_place,
)
from sandbox.hmrc.api.fields import TaxYear, read_date
from sandbox.hmrc.api.operation import READ, WRITE, Answer, Call, Operation, fixed, scenarios
from sandbox.hmrc.api.problems import Problem, refuse, refuse_any
from sandbox.hmrc.api.shapes import BOOLEAN, TEXT, Array, Object, read
from sandbox.hmrc.businesses import Business
from sandbox.hmrc.clock import to_iso

PATH = f"{YEAR_PATH}/periods-of-account"
KIND = "periods-of-account"
BODY = Object(
    {
        "periodsOfAccount": BOOLEAN,
        "periodsOfAccountDates": Array(
            Object({"startDate": TEXT, "endDate": TEXT}, required=frozenset({"startDate", "endDate"}))
        ),
    },
    required=frozenset({"periodsOfAccount"}),
)

BAD_START = Problem("FORMAT_START_DATE", "The start date field format is invalid")
BAD_END = Problem("FORMAT_END_DATE", "The end date field format is invalid")
END_BEFORE_START = Problem("RULE_END_DATE_BEFORE_START_DATE", "An end date must not be earlier than its start date")
START_AFTER_YEAR = Problem("RULE_START_DATE", "A start date must fall within or before the tax year")
END_OUTSIDE_YEAR = Problem("RULE_END_DATE", "An end date must fall within the tax year")
OVERLAP = Problem("RULE_PERIODS_OVERLAP", "Two periods of account overlap")
DATES_DO_NOT_FIT = Problem(
    "RULE_PERIODS_OF_ACCOUNT", "Dates must be supplied if periodsOfAccount is true, and only then"
)
CEASED = Problem("RULE_CESSATION_DATE", "An end date is later than the cessation of the business")


@dataclass(frozen=True, kw_only=True)
class Declaration:
    place: Place
    body: Mapping[str, Any]

    @property
    def ends(self) -> list[str]:
        return [one["endDate"] for one in self.body.get("periodsOfAccountDates", ())]


def check_declaration(call: Call) -> Declaration:
    reading = read(BODY, call.body)
    place = read_place(call, earliest=FIRST_YEAR, and_also=reading.body_problems)
    periods = reading.known.get("periodsOfAccountDates", [])
    date_problems = [one for number, period in enumerate(periods) for one in _date_problems(number, period, place.year)]
    overlaps = [] if date_problems else _overlap_problems(periods)
    has_dates = "periodsOfAccountDates" in reading.known
    mismatch = [] if reading.known["periodsOfAccount"] == has_dates else [DATES_DO_NOT_FIT]
    refuse_any([*mismatch, *date_problems, *overlaps])
    return Declaration(place=place, body=reading.known)


def _date_problems(number: int, period: Mapping[str, str], year: TaxYear) -> Iterator[Problem]:
    path = f"/periodsOfAccountDates/{number}"
    start, end = read_date(period["startDate"]), read_date(period["endDate"])
    if start is None:
        yield BAD_START.at(f"{path}/startDate")
    if end is None:
        yield BAD_END.at(f"{path}/endDate")
    if start and end:
        yield from _range_problems(start, end, path, year)


def _range_problems(start: date, end: date, path: str, year: TaxYear) -> Iterator[Problem]:
    if end < start:
        yield END_BEFORE_START.at(path)
        return
    if start > year.end:
        yield START_AFTER_YEAR.at(f"{path}/startDate")
    if end not in year:
        yield END_OUTSIDE_YEAR.at(f"{path}/endDate")


def _overlap_problems(periods: list[dict[str, str]]) -> list[Problem]:
    # ISO dates sort as dates do.
    is_overlap = any(
        one["startDate"] <= other["endDate"] and other["startDate"] <= one["endDate"]
        for one, other in combinations(periods, 2)
    )
    return [OVERLAP.at("/periodsOfAccountDates")] if is_overlap else []


def declare(call: Call, declaration: Declaration) -> Answer:
    business = open_business(call, declaration.place)
    refuse_any(_cessation_problems(business, declaration))
    keep(call, KIND, declaration.place, exact.dumps(declaration.body))
    return Answer(204)


def _cessation_problems(business: Business, declaration: Declaration) -> Iterator[Problem]:
    if business.cessation_date and any(end > business.cessation_date.isoformat() for end in declaration.ends):
        yield CEASED


def retrieve(call: Call, place: Place) -> Answer:
    filing = held(call, KIND, place)
    if filing is None or filing.nino != call.user.nino:
        return refuse(problems.NOT_FOUND)
    return Answer(200, {"submittedOn": to_iso(filing.submitted_at)} | exact.loads(filing.body.encode()))


def check_retrieval(call: Call) -> Place:
    return read_place(call, earliest=FIRST_YEAR)


SAMPLE = {
    "submittedOn": "2026-04-05T14:15:22.802Z",
    "periodsOfAccount": True,
    "periodsOfAccountDates": [{"startDate": "2025-04-06", "endDate": "2026-04-05"}],
}
SAMPLE_OF_NONE = {"submittedOn": "2025-08-24T14:15:22.802Z", "periodsOfAccount": False}

OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="periods_of_account_get",
        method="GET",
        path=PATH,
        version="2.0",
        scope=READ,
        check=check_retrieval,
        stateful=retrieve,
        canned=fixed(200, SAMPLE),
        scenarios={"NO_PERIODS_OF_ACCOUNT": fixed(200, SAMPLE_OF_NONE), "NOT_FOUND": problems.NOT_FOUND},
    ),
    Operation(
        name="periods_of_account_put",
        method="PUT",
        path=PATH,
        version="2.0",
        scope=WRITE,
        takes_body=True,
        check=check_declaration,
        stateful=declare,
        canned=fixed(204),
        scenarios=scenarios(CEASED, problems.WINDOW_CLOSED) | {"NOT_FOUND": problems.NOT_FOUND},
    ),
)
