"""
What to change in a sound request so that HMRC finds a given fault with it: a row for each code a request can cause.

A row is tried wherever the facts list its code, whichever the operation: it changes what is there to be changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tests.contract.facts import Operation
from tests.contract.samples import BUSINESSES, Request, sample, type_of_business
from tests.contract.shapes import has_year

TOO_FINE = Decimal("0.001")


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """
    `at`: what parts of the path become and, where the operation takes such a query, the query.
    `fields`: what fields of the body become, wherever they are in it, and `amounts` what all its numbers become.
    `full`: start from the body with every field; `without`: fields to leave out; `twice`: lists hold what they hold
    twice; `body`: the body altogether; `headers`, `token`, `year` (the tax year), `another_business` (of a
    kind that the operation is not for): as they say.
    """

    at: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    amounts: Decimal | None = None
    full: bool = False
    without: tuple[str, ...] = ()
    twice: bool = False
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    token: str = ""
    year: str = ""
    another_business: bool = False

    def make(self, operation: Operation) -> Request:
        """Return the request with this trouble in it."""
        request = sample(operation, full=self.full, year=self.year if has_year(operation.request, self.year) else "")
        at = {**self.at, **({"businessId": _business_of_another_kind(operation)} if self.another_business else {})}
        known = {*request.path, *(name.removesuffix("*") for name in operation.query)}
        return replace(
            request.at(**{name: value for name, value in at.items() if name in known}),
            body=self.body if self.body is not None else self._change(request.body, ""),
            headers=self.headers,
            token=self.token or request.token,
        )

    def _change(self, value: Any, name: str) -> Any:
        if name in self.fields:
            return self.fields[name]
        if isinstance(value, dict):
            return {key: self._change(each, key) for key, each in value.items() if key not in self.without}
        if isinstance(value, list):
            return [self._change(each, name) for each in value] * (2 if self.twice else 1)
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return self.amounts if is_number and self.amounts is not None else value


def _business_of_another_kind(operation: Operation) -> str:
    return next(its for kind, its in BUSINESSES.items() if kind != type_of_business(operation))


def _path(name: str, value: str) -> Trouble:
    return Trouble(at={name: value})


def _field(value: Any, *names: str, **more: Any) -> Trouble:
    return Trouble(full=True, fields=dict.fromkeys(names, value), **more)


def _dates(first: str, last: str) -> Trouble:
    return Trouble(fields={"fromDate": first, "toDate": last})


UNKNOWN = {
    "businessId": "XXIS99999999999",
    "calculationId": "00000000-0000-4000-8000-000000000000",
    "submissionId": "00000000-0000-4000-8000-000000000000",
    "propId": "00000000-0000-4000-8000-000000000000",
    "checkpointId": "00000000-0000-4000-8000-000000000000",
    "periodId": "2017-04-06_2017-07-05",
}
_SELF_EMPLOYED = {"typeOfBusiness": "self-employment"}
_YEAR = {"fromDate": "2026-04-06", "toDate": "2027-04-05"}
_DATES = ("qualifyingDate", "firstAccountingPeriodStartDate", "commencementDate", "latencyEndDate")
_NO_ADDRESS = tuple(f"businessAddress{part}" for part in ("LineOne", "LineTwo", "LineThree", "LineFour", "Postcode"))
_NO_MORE = (*_NO_ADDRESS, "businessAddressCountryCode", "tradingName")

TROUBLES: Mapping[str, Trouble] = {
    # the path and the query
    "FORMAT_NINO": _path("nino", "BAD"),
    "FORMAT_BUSINESS_ID": _path("businessId", "BAD"),
    "FORMAT_CALCULATION_ID": _path("calculationId", "bad"),
    "FORMAT_SUBMISSION_ID": _path("submissionId", "bad"),
    "FORMAT_PERIOD_ID": _path("periodId", "bad"),
    "FORMAT_CHECKPOINT_ID": _path("checkpointId", "bad"),
    "FORMAT_CALCULATION_TYPE": _path("calculationType", "bad"),
    "FORMAT_FUTURE_YEARS": _path("futureYears", "perhaps"),
    "FORMAT_HISTORY": _path("history", "perhaps"),
    "RULE_TAX_YEAR_NOT_SUPPORTED": _path("taxYear", "2015-16"),
    "RULE_TAX_YEAR_NOT_ENDED": _path("taxYear", "2026-27"),
    "NO_BUSINESS_FOUND": _path("businessId", UNKNOWN["businessId"]),
    "MATCHING_RESOURCE_NOT_FOUND": Trouble(at=UNKNOWN),
    "RULE_TYPE_OF_BUSINESS_INCORRECT": Trouble(another_business=True),
    "MISSING_TYPE_OF_BUSINESS": _path("businessId", "XPIS10000000001"),
    "MISSING_FROM_DATE": _path("toDate", "2027-04-05"),
    "MISSING_TO_DATE": _path("fromDate", "2026-04-06"),
    "RANGE_TO_DATE_BEFORE_FROM_DATE": Trouble(at={**_YEAR, "toDate": "2026-04-05"}),
    "RULE_DATE_RANGE_INVALID": Trouble(at={**_YEAR, "toDate": "2028-04-05"}),
    "RULE_FROM_DATE_NOT_SUPPORTED": Trouble(at={"fromDate": "2018-04-05", "toDate": "2019-04-04"}),
    # the path, the query or the body, whichever has it
    "FORMAT_TAX_YEAR": _field("2026", "taxYear1", at={"taxYear": "2026"}),
    "RULE_TAX_YEAR_RANGE_INVALID": _field("2025-27", "taxYear1", at={"taxYear": "2025-27"}),
    "FORMAT_STATUS": _field("bad", "status", at={"status": "bad"}),
    "FORMAT_TYPE_OF_BUSINESS": _field("bad", "typeOfBusiness", at={"typeOfBusiness": "bad"}),
    "FORMAT_FROM_DATE": _field("2026-4-6", "fromDate", at={**_YEAR, "fromDate": "2026-4-6"}),
    "FORMAT_TO_DATE": _field("2026-4-6", "toDate", at={**_YEAR, "toDate": "2026-4-6"}),
    "FORMAT_PROPERTY_ID": _field("bad", "propertyId", at={"propertyId": "bad", "propId": "bad"}),
    # the body
    "RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED": Trouble(body={}),
    "FORMAT_VALUE": Trouble(full=True, amounts=TOO_FINE),
    "FORMAT_DATE": _field("2026-4-6", *_DATES),
    "FORMAT_START_DATE": _field("2026-4-6", "startDate"),
    "FORMAT_END_DATE": _field("2026-4-6", "endDate"),
    "FORMAT_STRING": _field({"name": "#" * 91, "postcode": "#"}, "building"),
    "FORMAT_COUNTRY_CODE": _field("FRANCE", "countryCode", "businessAddressCountryCode", year="2025-26"),
    "FORMAT_POSTCODE": _field("nowhere", "businessAddressPostcode", without=("tradingName",)),
    "FORMAT_PROPERTY_NAME": _field("#" * 106, "propertyName"),
    "FORMAT_END_REASON": _field("bored", "endReason"),
    "FORMAT_ACCOUNTING_TYPE": _field("BARTER", "accountingType"),
    "FORMAT_LATENCY_INDICATOR": _field("Z", "latencyIndicator1"),
    "FORMAT_STATUS_REASON": _field("bad", "statusReason"),
    "FORMAT_SUBMITTED_ON": _field("yesterday", "submittedOn"),
    "FORMAT_BUSINESS_INCOME_2_YEARS_PRIOR": _field(-1, "businessIncome2YearsPrior"),
    "DUPLICATE_SUBMITTED_ON": Trouble(twice=True),
    "RULE_COUNTRY_CODE": _field("ZZZ", "countryCode", year="2025-26"),
    "RULE_DUPLICATE_COUNTRY_CODE": Trouble(full=True, twice=True, year="2025-26"),
    "RULE_DUPLICATE_PROPERTY_ID": Trouble(full=True, twice=True),
    "RULE_BOTH_EXPENSES_SUPPLIED": Trouble(full=True),
    "RULE_BOTH_ALLOWANCES_SUPPLIED": Trouble(full=True),
    "RULE_PROPERTY_INCOME_ALLOWANCE": Trouble(full=True),
    "RULE_BUILDING_NAME_NUMBER": _field({"postcode": "EH1 1AA"}, "building"),
    "RULE_START_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE": _dates("2026-04-07", "2026-10-05"),
    "RULE_END_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE": _dates("2026-04-06", "2026-10-04"),
    "RULE_ADVANCE_SUBMISSION_REQUIRES_PERIOD_END_DATE": _dates("2026-04-06", "2026-12-31"),
    "RULE_EARLY_DATA_SUBMISSION_NOT_ACCEPTED": _dates("2026-04-06", "2027-01-05"),
    "RULE_TO_DATE_BEFORE_FROM_DATE": _dates("2026-07-06", "2026-07-05"),
    "RULE_MISSING_SUBMISSION_DATES": Trouble(without=("toDate",)),
    "RULE_END_DATE_BEFORE_START_DATE": _field("2026-04-05", "endDate"),
    "RULE_PERIODS_OVERLAP": Trouble(full=True, twice=True),
    "RULE_PERIODS_OF_ACCOUNT": Trouble(full=True, fields={"periodsOfAccount": False}),
    "RULE_START_DATE": _field("2028-04-06", "startDate", "endDate"),
    "RULE_END_DATE": _field("2029-04-05", "endDate"),
    "RULE_END_DATE_AFTER_TAX_YEAR_END": _field("2027-04-06", "endDate"),
    "RULE_END_DATE_BEFORE_TAX_YEAR_START": _field("2026-04-05", "endDate"),
    "RULE_MISSING_END_DETAILS": Trouble(full=True, without=("endReason",)),
    "RULE_COMMENCEMENT_DATE_NOT_SUPPORTED": _field("2027-01-01", "commencementDate", without=_NO_MORE),
    "RULE_FIRST_ACCOUNTING_DATE_RANGE_INVALID": _field("2026-09-01", "firstAccountingPeriodEndDate", without=_NO_MORE),
    "RULE_PROPERTY_BUSINESS_ADDED": Trouble(fields={"typeOfBusiness": "uk-property"}),
    "RULE_UNEXPECTED_TRADING_NAME": Trouble(full=True, without=_NO_ADDRESS),
    "RULE_UNEXPECTED_BUSINESS_ADDRESS": Trouble(full=True, without=("tradingName",)),
    "RULE_MISSING_TRADING_NAME": Trouble(full=True, fields=_SELF_EMPLOYED, without=("tradingName",)),
    "RULE_MISSING_BUSINESS_ADDRESS": Trouble(full=True, fields=_SELF_EMPLOYED, without=_NO_ADDRESS),
    "MISSING_POSTCODE": Trouble(full=True, fields=_SELF_EMPLOYED, without=("businessAddressPostcode",)),
    "MISSING_FIRST_ACCOUNTING_PERIOD_START_DATE": Trouble(
        full=True, without=(*_NO_MORE, "firstAccountingPeriodStartDate")
    ),
    "MISSING_FIRST_ACCOUNTING_PERIOD_END_DATE": Trouble(full=True, without=(*_NO_MORE, "firstAccountingPeriodEndDate")),
    # who asks, and how
    "CLIENT_OR_AGENT_NOT_AUTHORISED": Trouble(token="stranger"),
    "CLIENT_NOT_MTD_ENROLLED": Trouble(token="stranger"),
    "RULE_INCORRECT_GOV_TEST_SCENARIO": Trouble(headers={"Gov-Test-Scenario": "NO_SUCH_SCENARIO"}),
}


def scenario_of(operation: Operation, code: str) -> str | None:
    """Return the Gov-Test-Scenario that HMRC names after a code: the code, or a part of it at one of its ends."""
    bare = code.removeprefix("RULE_").replace("CLIENT_NOT_MTD_", "NOT_")
    named = [
        name for name in operation.scenarios if bare == name or bare.startswith(f"{name}_") or bare.endswith(f"_{name}")
    ]
    return max(named, key=len, default=None)
