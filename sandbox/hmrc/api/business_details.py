"""Business Details 2.0: which businesses HMRC knows a taxpayer for."""

from typing import Any

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.fields import business_id_problems
from sandbox.hmrc.api.operation import READ, Answer, Call, Operation, unchecked
from sandbox.hmrc.api.problems import Problem, Refusal, refuse_any
from sandbox.hmrc.businesses import Business

BASE = "/individuals/business/details"
NO_BUSINESS = Problem("NO_BUSINESS_FOUND", "No business found for given NINO and business ID", 404)


def list_businesses(call: Call, _: None) -> Answer:
    """List them; a taxpayer with none gets HMRC's 404."""
    if not call.user.businesses:
        raise Refusal(problems.NOT_FOUND)
    return Answer(200, {"listOfBusinesses": [_entry(business) for business in call.user.businesses]})


def check_business_id(call: Call) -> str:
    refuse_any(business_id_problems(call.path["businessId"]))
    return call.path["businessId"]


def retrieve_business(call: Call, business_id: str) -> Answer:
    for business in call.user.businesses:
        if business.business_id == business_id:
            return Answer(200, _details(business))
    raise Refusal(NO_BUSINESS)


def _entry(business: Business) -> dict[str, Any]:
    entry = {"typeOfBusiness": business.type_of_business, "businessId": business.business_id}
    return entry | ({"tradingName": business.trading_name} if business.trading_name else {})


def _details(business: Business) -> dict[str, Any]:
    choice = {"quarterlyPeriodType": business.quarterly_type, "taxYearOfChoice": business.year_of_choice}
    return _entry(business) | {
        "commencementDate": business.commencement_date.isoformat(),
        "quarterlyTypeChoice": {name: value for name, value in choice.items() if value},
    }


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="business_list",
        method="GET",
        path=f"{BASE}/{{nino}}/list",
        version="2.0",
        scope=READ,
        check=unchecked,
        stateful=list_businesses,
    ),
    Operation(
        name="business_details",
        method="GET",
        path=f"{BASE}/{{nino}}/{{businessId}}",
        version="2.0",
        scope=READ,
        check=check_business_id,
        stateful=retrieve_business,
    ),
)
