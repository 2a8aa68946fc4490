"""List all businesses, and retrieve one."""

from typing import Any

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.business_details import samples
from sandbox.hmrc.api.business_details.place import BASE, find_business
from sandbox.hmrc.api.fields import business_id_problems
from sandbox.hmrc.api.operation import READ, Answer, Call, Operation, Work, fixed, unchecked
from sandbox.hmrc.api.problems import Problem, Refusal, refuse, refuse_any
from sandbox.hmrc.businesses import Business, Latency

NO_BUSINESS = Problem("NO_BUSINESS_FOUND", "No business found for given NINO and business ID", 404)
_ADDRESS_LINES = ("One", "Two", "Three", "Four")


def list_businesses(call: Call, _: None) -> Answer:
    """List them; a taxpayer with none gets HMRC's 404."""
    if not call.user.businesses:
        raise Refusal(problems.NOT_FOUND)
    return Answer(200, {"listOfBusinesses": [_entry(business) for business in call.user.businesses]})


def check_business_id(call: Call) -> str:
    refuse_any(business_id_problems(call.path["businessId"]))
    return call.path["businessId"]


def retrieve_business(call: Call, business_id: str) -> Answer:
    return Answer(200, _details(find_business(call, business_id) or refuse(NO_BUSINESS)))


def retrieve_sample(_: Call, business_id: str) -> Answer:
    """Answer by the id alone, as DYNAMIC does; an id that is no sample's is not found."""
    return Answer(200, samples.BY_ID.get(business_id) or refuse(NO_BUSINESS))


def _entry(business: Business) -> dict[str, Any]:
    entry = {"typeOfBusiness": business.type_of_business, "businessId": business.business_id}
    return entry | ({"tradingName": business.trading_name} if business.trading_name else {})


def _details(business: Business) -> dict[str, Any]:
    choice = {"quarterlyPeriodType": business.quarterly_type, "taxYearOfChoice": business.year_of_choice}
    details = _entry(business) | {
        "commencementDate": business.commencement_date.isoformat(),
        "cessationDate": business.cessation_date.isoformat() if business.cessation_date else None,
        "latencyDetails": _latency(business.latency) if business.latency else None,
        "quarterlyTypeChoice": {name: value for name, value in choice.items() if value},
    }
    known = details | _first_period(business) | _address(business)
    return {name: value for name, value in known.items() if value is not None}


def _latency(latency: Latency) -> dict[str, str]:
    return {
        "latencyEndDate": latency.end_date.isoformat(),
        "taxYear1": latency.tax_year_1,
        "latencyIndicator1": latency.indicator_1,
        "taxYear2": latency.tax_year_2,
        "latencyIndicator2": latency.indicator_2,
    }


def _first_period(business: Business) -> dict[str, Any]:
    if business.accounting_period is None:
        return {}
    start, end = (day.isoformat() for day in business.accounting_period)
    return {
        "firstAccountingPeriodStartDate": start,
        "firstAccountingPeriodEndDate": end,
        "accountingPeriods": [{"start": start, "end": end}],
    }


def _address(business: Business) -> dict[str, str | None]:
    lines = zip(_ADDRESS_LINES, business.address_lines, strict=False)
    return {f"businessAddressLine{number}": line for number, line in lines} | {
        "businessAddressPostcode": business.postcode,
        "businessAddressCountryCode": business.country_code,
    }


def _listing(*types: str) -> Work[None]:
    return fixed(200, {"listOfBusinesses": [samples.ENTRIES[one] for one in types]})


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="business_list",
        method="GET",
        path=f"{BASE}/{{nino}}/list",
        version="2.0",
        scope=READ,
        check=unchecked,
        stateful=list_businesses,
        canned=_listing("self-employment"),
        scenarios={
            "PROPERTY": _listing("uk-property"),
            "FOREIGN_PROPERTY": _listing("foreign-property"),
            "BUSINESS_AND_PROPERTY": _listing("self-employment", "uk-property", "foreign-property"),
            "UNSPECIFIED": _listing("property-unspecified"),
            "NOT_FOUND": problems.NOT_FOUND,
        },
    ),
    Operation(
        name="business_details",
        method="GET",
        path=f"{BASE}/{{nino}}/{{businessId}}",
        version="2.0",
        scope=READ,
        check=check_business_id,
        stateful=retrieve_business,
        canned=fixed(200, samples.DETAILS["self-employment"]),
        scenarios={
            "PROPERTY": fixed(200, samples.DETAILS["uk-property"]),
            "FOREIGN_PROPERTY": fixed(200, samples.DETAILS["foreign-property"]),
            "UNSPECIFIED": fixed(200, samples.DETAILS["property-unspecified"]),
            "DYNAMIC": retrieve_sample,
            "NOT_FOUND": problems.NOT_FOUND,
        },
    ),
)
