"""Create and delete a business of a taxpayer."""

from typing import Any

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.fields import business_id_problems
from sandbox.hmrc.api.operation import WRITE, Answer, Call, Operation
from sandbox.hmrc.api.problems import Problem, Refusal, refuse, refuse_any
from sandbox.hmrc.api.test_support.business_body import ADDRESS_LINES, LATENCY, Body, read_body
from sandbox.hmrc.api.test_support.vendor_state import BASE
from sandbox.hmrc.businesses import Business, new_business_id, read_business

ALREADY_ADDED = Problem("RULE_PROPERTY_BUSINESS_ADDED", "The provided property business is already added")


def create(call: Call, body: Body) -> Answer:
    """Add the business. A taxpayer has at most one business of each property type."""
    kind = body["typeOfBusiness"]
    business = _build(body)
    with call.world.store.transaction():
        if kind != "self-employment" and kind in {one.type_of_business for one in call.businesses}:
            raise Refusal(ALREADY_ADDED)
        call.world.people.add_business(nino=call.user.nino, business=business)
    return Answer(201, {"businessId": business.business_id})


def _build(body: Body) -> Business:
    choice, period = body.get("quarterlyTypeChoice", {}), _period(body)
    values = {
        "business_id": new_business_id(body["typeOfBusiness"]),
        "type_of_business": body["typeOfBusiness"],
        "trading_name": body.get("tradingName"),
        "quarterly_type": choice.get("quarterlyPeriodType"),
        "year_of_choice": choice.get("taxYearOfChoice"),
        "commencement_date": body.get("commencementDate"),
        "cessation_date": body.get("cessationDate"),
        "accounting_type": {"CASH": "CASH", "ACCRUALS": "ACCRUAL"}.get(body.get("accountingType", "")),
        "accounting_period": period,
        "latency": _latency(body.get("latencyDetails")),
        "address_lines": [body[line] for line in ADDRESS_LINES if line in body],
        "postcode": body.get("businessAddressPostcode"),
        "country_code": body.get("businessAddressCountryCode"),
    }
    return read_business({name: value for name, value in values.items() if value is not None})


def _period(body: Body) -> list[str] | None:
    start = body.get("firstAccountingPeriodStartDate")
    return [start, body["firstAccountingPeriodEndDate"]] if start else None


def _latency(details: Body | None) -> dict[str, str] | None:
    if details is None:
        return None
    names = ("end_date", "tax_year_1", "indicator_1", "tax_year_2", "indicator_2")
    return dict(zip(names, (details[name] for name in LATENCY), strict=True))


def check_deletion(call: Call) -> str:
    refuse_any(business_id_problems(call.path["businessId"]))
    return call.path["businessId"]


def delete(call: Call, business_id: str) -> Answer:
    is_gone = call.world.people.drop_business(nino=call.user.nino, business_id=business_id)
    return Answer(204) if is_gone else refuse(problems.NOT_FOUND)


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="business_create",
        method="POST",
        path=f"{BASE}/business/{{nino}}",
        version="1.0",
        scope=WRITE,
        takes_body=True,
        check=read_body,
        stateful=create,
    ),
    Operation(
        name="business_delete",
        method="DELETE",
        path=f"{BASE}/business/{{nino}}/{{businessId}}",
        version="1.0",
        scope=WRITE,
        check=check_deletion,
        stateful=delete,
    ),
)
