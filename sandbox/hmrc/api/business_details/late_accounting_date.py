"""
The election that disapplies the late accounting date rule, for trades whose year ends from 31 March to 4 April.

An election holds for five tax years. HMRC's texts leave open when one may be withdrawn; here it may for the year it
was made for, and while it holds for a later year HMRC answers that it has not expired.
"""

from datetime import date
from typing import Any

from sandbox.hmrc.api import exact, problems
from sandbox.hmrc.api.business_details import periods_of_account
from sandbox.hmrc.api.business_details.place import (
    FIRST_YEAR,
    YEAR_PATH,
    Place,
    find_business,
    held,
    keep,
    open_business,
    read_place,
)
from sandbox.hmrc.api.fields import TaxYear
from sandbox.hmrc.api.operation import READ, WRITE, Answer, Call, Operation, fixed, scenarios
from sandbox.hmrc.api.problems import Problem, refuse

PATH = f"{YEAR_PATH}/late-accounting-date-rule-election"
KIND = "late-accounting-date-rule-election"
YEARS = 5

NOT_EXPIRED = Problem("RULE_ELECTION_PERIOD_NOT_EXPIRED", "The existing election has not expired", 422)
NO_LATE_DATE = Problem("RULE_NO_ACCOUNTING_DATE_FOUND", "No accounting date from 31 March to 4 April was found", 422)
NOT_A_TRADE = Problem("RULE_TYPE_OF_BUSINESS_INCORRECT", "The businessId is not for a self-employment business", 422)


def check_change(call: Call) -> Place:
    return read_place(call, earliest=FIRST_YEAR, ended=True)


def disapply(call: Call, place: Place) -> Answer:
    business = open_business(call, place)
    if business.type_of_business != "self-employment":
        refuse(NOT_A_TRADE)
    if not _is_eligible(call, place):
        refuse(NO_LATE_DATE)
    if _elected_in(call, place):
        refuse(NOT_EXPIRED)
    keep(call, KIND, place, "{}")
    return Answer(204)


def withdraw(call: Call, place: Place) -> Answer:
    open_business(call, place)
    elected = _elected_in(call, place) or refuse(problems.NOT_FOUND)
    if elected != place.year:
        refuse(NOT_EXPIRED)
    call.world.filings.drop(kind=KIND, business_id=place.business_id, tax_year=str(place.year))
    return Answer(204)


def retrieve(call: Call, place: Place) -> Answer:
    if find_business(call, place.business_id) is None:
        refuse(problems.NOT_FOUND)
    elected = _elected_in(call, place)
    found: dict[str, Any] = {"disapply": elected is not None, "eligible": _is_eligible(call, place)}
    return Answer(200, found | (_span(elected) if elected else {}))


def _span(elected: TaxYear) -> dict[str, str]:
    return {"taxYearOfElection": str(elected), "taxYearElectionExpires": str(TaxYear(elected.starts_in + YEARS - 1))}


def _elected_in(call: Call, place: Place) -> TaxYear | None:
    """Return the year of the election that holds in the year of the place."""
    newest = place.year.starts_in
    years = (TaxYear(starts_in) for starts_in in range(newest, newest - YEARS, -1))
    return next((year for year in years if held(call, KIND, Place(business_id=place.business_id, year=year))), None)


def _is_eligible(call: Call, place: Place) -> bool:
    filing = held(call, periods_of_account.KIND, place)
    periods = exact.loads(filing.body.encode()).get("periodsOfAccountDates", []) if filing else []
    last = place.year.end
    return any(date(last.year, 3, 31) <= date.fromisoformat(one["endDate"]) < last for one in periods)


SAMPLE = {"disapply": True, "eligible": True, "taxYearOfElection": "2025-26", "taxYearElectionExpires": "2029-30"}

OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="late_accounting_date_get",
        method="GET",
        path=PATH,
        version="2.0",
        scope=READ,
        check=read_place,
        stateful=retrieve,
        canned=fixed(200, SAMPLE),
        scenarios={"NOT_FOUND": problems.NOT_FOUND},
    ),
    Operation(
        name="late_accounting_date_disapply",
        method="POST",
        path=f"{PATH}/disapply",
        version="2.0",
        scope=WRITE,
        check=check_change,
        stateful=disapply,
        canned=fixed(204),
        scenarios=scenarios(NOT_EXPIRED, NO_LATE_DATE, NOT_A_TRADE, problems.WINDOW_CLOSED)
        | {"NOT_FOUND": problems.NOT_FOUND},
    ),
    Operation(
        name="late_accounting_date_withdraw",
        method="DELETE",
        path=f"{PATH}/withdraw",
        version="2.0",
        scope=WRITE,
        check=check_change,
        stateful=withdraw,
        canned=fixed(204),
        scenarios=scenarios(NOT_EXPIRED, problems.WINDOW_CLOSED) | {"NOT_FOUND": problems.NOT_FOUND},
    ),
)
