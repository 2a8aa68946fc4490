"""Choose the quarterly period type of a business: for the current tax year, before its first update."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sandbox.hmrc.api.business_details.place import YEAR_PATH, Place, find_business, read_place
from sandbox.hmrc.api.fields import TaxYear
from sandbox.hmrc.api.operation import WRITE, Answer, Call, Operation, fixed, scenarios
from sandbox.hmrc.api.problems import Problem, refuse, refuse_any
from sandbox.hmrc.api.shapes import Object, one_of, read
from sandbox.hmrc.businesses import QUARTERLY_TYPES, Business

BODY = Object(
    {"quarterlyPeriodType": one_of(*QUARTERLY_TYPES)},
    required=frozenset({"quarterlyPeriodType"}),
)
APRIL_GAP = range(1, 6)

NO_BUSINESS = Problem("RULE_BUSINESS_ID_NOT_FOUND", "The business ID provided is not found", 404)
CONFLICT = Problem("RULE_BUSINESS_ID_STATE_CONFLICT", "The request conflicts with the current state of the business ID")
UPDATING = Problem(
    "RULE_QUARTERLY_PERIOD_UPDATING",
    "The quarterly period type cannot be changed in the first days of April, after the business commenced in them",
)
NOT_FULFILLED = Problem("RULE_REQUEST_CANNOT_BE_FULFILLED", "Request cannot proceed for this income source type", 422)


@dataclass(frozen=True, kw_only=True)
class Choice:
    place: Place
    quarterly_type: str


def check(call: Call) -> Choice:
    reading = read(BODY, call.body)
    place = read_place(call, and_also=reading.body_problems)
    return Choice(place=place, quarterly_type=reading.known["quarterlyPeriodType"])


def choose(call: Call, choice: Choice) -> Answer:
    """Change the type; quarters, obligations and the rules for updates follow."""
    place = choice.place
    with call.world.store.transaction():
        business = find_business(call, place.business_id) or refuse(NO_BUSINESS)
        refuse_any(_problems(call, business, place.year))
        chosen = business.choosing(choice.quarterly_type, tax_year=str(place.year))
        call.world.people.change_business(nino=call.user.nino, business=chosen)
    return Answer(204)


def _problems(call: Call, business: Business, year: TaxYear) -> Iterator[Problem]:
    today = call.world.clock.today()
    if year != TaxYear.of(today) or business.type_of_business == "property-unspecified":
        yield NOT_FULFILLED
    elif _has_ended(business, year) or _has_update(call, business, year):
        yield CONFLICT
    elif _is_updating(business.commencement_date, today):
        yield UPDATING


def _has_update(call: Call, business: Business, year: TaxYear) -> bool:
    return bool(call.world.filings.reached(business_id=business.business_id, tax_year=str(year)))


def _has_ended(business: Business, year: TaxYear) -> bool:
    return business.cessation_date is not None and business.cessation_date < year.start


def _is_updating(commenced: date, today: date) -> bool:
    is_gap = all(day.month == 4 and day.day in APRIL_GAP for day in (commenced, today))  # noqa: PLR2004 - April
    return is_gap and commenced.year == today.year and commenced < today


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="quarterly_type_put",
        method="PUT",
        path=YEAR_PATH,
        version="2.0",
        scope=WRITE,
        takes_body=True,
        check=check,
        stateful=choose,
        canned=fixed(204),
        scenarios=scenarios(CONFLICT, UPDATING) | {"BUSINESS_ID_NOT_FOUND": NO_BUSINESS},
    ),
)
