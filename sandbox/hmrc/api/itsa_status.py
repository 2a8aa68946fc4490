"""
Individual Details 2.0: a taxpayer's ITSA status of a tax year, which says whether they report quarterly.

What Test Support set is answered. In the production-like mode someone who is signed up and of whom nothing was set
is mandated, from the first year of quarterly updates to the year after this one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.hmrc.api import exact, problems
from sandbox.hmrc.api.fields import FIRST_CUMULATIVE_YEAR, TaxYear, tax_year_problems
from sandbox.hmrc.api.operation import READ, Answer, Call, Operation
from sandbox.hmrc.api.problems import Problem, Refusal, refuse_any
from sandbox.hmrc.modes import PRODUCTION_LIKE

PATH = "/individuals/person/itsa-status/{nino}/{taxYear}"

BAD_FUTURE_YEARS = Problem("FORMAT_FUTURE_YEARS", "The provided futureYears is invalid")
BAD_HISTORY = Problem("FORMAT_HISTORY", "The provided history is invalid")
NOT_ENROLLED = Problem("CLIENT_NOT_MTD_ENROLLED", "The client is not signed up for Making Tax Digital", 403)

_BOOLEANS = frozenset({"true", "false"})
MANDATED = {
    "submittedOn": "2025-04-06T09:00:00.000Z",
    "status": "MTD Mandated",
    "statusReason": "Sign up - return available",
}

Details = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A tax year; whether the years after it are asked for too, and every status rather than the newest."""

    year: TaxYear
    future_years: bool
    history: bool

    def takes(self, year: TaxYear) -> bool:
        return year == self.year or (self.future_years and year > self.year)


def check(call: Call) -> Wanted:
    refuse_any(_problems(call))
    return Wanted(
        year=TaxYear.parse(call.path["taxYear"]),
        future_years=call.query.get("futureYears") == "true",
        history=call.query.get("history") == "true",
    )


def _problems(call: Call) -> Iterator[Problem]:
    yield from tax_year_problems(call.path["taxYear"])
    if call.query.get("futureYears", "false") not in _BOOLEANS:
        yield BAD_FUTURE_YEARS
    if call.query.get("history", "false") not in _BOOLEANS:
        yield BAD_HISTORY


def retrieve(call: Call, wanted: Wanted) -> Answer:
    found = {year: details for year, details in _statuses(call).items() if wanted.takes(year)}
    if not found:
        raise Refusal(problems.NOT_FOUND)
    return Answer(200, {"itsaStatuses": [_describe(year, found[year], wanted) for year in sorted(found)]})


def _describe(year: TaxYear, details: Details, wanted: Wanted) -> dict[str, Any]:
    newest_first = sorted(details, key=lambda one: str(one["submittedOn"]), reverse=True)
    return {"taxYear": str(year), "itsaStatusDetails": newest_first if wanted.history else newest_first[:1]}


def _statuses(call: Call) -> dict[TaxYear, Details]:
    known = call.world.statuses.of(call.user.nino).items()
    return _presumed(call) | {TaxYear.parse(year): exact.loads(details.encode()) for year, details in known}


def _presumed(call: Call) -> dict[TaxYear, Details]:
    if call.world.mode.get() != PRODUCTION_LIKE:
        return {}
    next_year = TaxYear.of(call.world.clock.today()).starts_in + 1
    return {TaxYear(starts_in): [MANDATED] for starts_in in range(FIRST_CUMULATIVE_YEAR.starts_in, next_year + 1)}


def retrieve_sample(_: Call, wanted: Wanted) -> Answer:
    return Answer(200, {"itsaStatuses": [{"taxYear": str(wanted.year), "itsaStatusDetails": [MANDATED]}]})


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="itsa_status",
        method="GET",
        path=PATH,
        version="2.0",
        scope=READ,
        check=check,
        stateful=retrieve,
        canned=retrieve_sample,
        scenarios={"NOT_ENROLLED": NOT_ENROLLED, "NOT_FOUND": problems.NOT_FOUND},
        stranger=NOT_ENROLLED,
    ),
)
