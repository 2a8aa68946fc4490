"""What a new business is described with, and HMRC's rules about it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.fields import TaxYear, tax_year_problems
from sandbox.hmrc.api.operation import Call
from sandbox.hmrc.api.problems import Problem, refuse_any
from sandbox.hmrc.api.shapes import Object, day, one_of, read, text
from sandbox.hmrc.api.test_support.countries import CODES
from sandbox.hmrc.businesses import QUARTERLY_TYPES, TYPES_OF_BUSINESS

BAD_TYPE = Problem("FORMAT_TYPE_OF_BUSINESS", "The provided typeOfBusiness field is invalid")
BAD_ACCOUNTING_TYPE = Problem("FORMAT_ACCOUNTING_TYPE", "The provided accountingType field is invalid")
BAD_COUNTRY = Problem("FORMAT_COUNTRY_CODE", "The provided country code is invalid")
BAD_DATE = Problem("FORMAT_DATE", "The provided date is invalid")
BAD_INDICATOR = Problem("FORMAT_LATENCY_INDICATOR", "The format of a latency indicator field is incorrect")
BAD_POSTCODE = Problem("FORMAT_POSTCODE", "The provided businessAddressPostcode is invalid")
BAD_QUARTERLY_TYPE = Problem("FORMAT_QUARTERLY_PERIOD_TYPE", "The quarterly period type format is not valid")
MISSING_START = Problem("MISSING_FIRST_ACCOUNTING_PERIOD_START_DATE", "Missing firstAccountingPeriodStartDate value")
MISSING_END = Problem("MISSING_FIRST_ACCOUNTING_PERIOD_END_DATE", "Missing firstAccountingPeriodEndDate value")
MISSING_POSTCODE = Problem("MISSING_POSTCODE", "Missing postcode")
COMMENCES_LATE = Problem("RULE_COMMENCEMENT_DATE_NOT_SUPPORTED", "The specified commencementDate must be in the past")
NOT_ONE_YEAR = Problem(
    "RULE_FIRST_ACCOUNTING_DATE_RANGE_INVALID", "The first accounting period is not a single complete tax year"
)
MISSING_ADDRESS = Problem("RULE_MISSING_BUSINESS_ADDRESS", "A self-employment business needs a business address")
MISSING_NAME = Problem("RULE_MISSING_TRADING_NAME", "A self-employment business needs a trading name")
UNEXPECTED_ADDRESS = Problem("RULE_UNEXPECTED_BUSINESS_ADDRESS", "A property business has no business address")
UNEXPECTED_NAME = Problem("RULE_UNEXPECTED_TRADING_NAME", "A property business has no trading name")

ADDRESS_LINES = tuple(f"businessAddressLine{number}" for number in ("One", "Two", "Three", "Four"))
_POSTCODE = r"[A-Z]{1,2}[0-9][0-9A-Z]?\s?[0-9][A-Z]{2}|BFPO\s?[0-9]{1,10}"
_TAX_YEAR = text(problem=problems.TAX_YEAR)
# The longest that Business Details answers with, and the longest that a line of an address is declared.
_NAME, _LINE = text(".{1,105}"), text(".{1,35}")
LATENCY = {
    "latencyEndDate": day(BAD_DATE),
    "taxYear1": _TAX_YEAR,
    "latencyIndicator1": one_of("A", "Q", problem=BAD_INDICATOR),
    "taxYear2": _TAX_YEAR,
    "latencyIndicator2": one_of("A", "Q", problem=BAD_INDICATOR),
}
BODY = Object(
    {
        "typeOfBusiness": one_of(*TYPES_OF_BUSINESS, problem=BAD_TYPE),
        "tradingName": _NAME,
        "firstAccountingPeriodStartDate": day(BAD_DATE),
        "firstAccountingPeriodEndDate": day(BAD_DATE),
        "latencyDetails": Object(LATENCY, required=frozenset(LATENCY)),
        "quarterlyTypeChoice": Object(
            {
                "quarterlyPeriodType": one_of(*QUARTERLY_TYPES, problem=BAD_QUARTERLY_TYPE),
                "taxYearOfChoice": _TAX_YEAR,
            }
        ),
        "accountingType": one_of("CASH", "ACCRUALS", problem=BAD_ACCOUNTING_TYPE),
        "commencementDate": day(BAD_DATE),
        "cessationDate": day(BAD_DATE),
        **dict.fromkeys(ADDRESS_LINES, _LINE),
        "businessAddressPostcode": text(_POSTCODE, problem=BAD_POSTCODE),
        "businessAddressCountryCode": one_of(*CODES, problem=BAD_COUNTRY),
    },
    required=frozenset({"typeOfBusiness"}),
)
_TAX_YEARS = (
    ("latencyDetails", "taxYear1"),
    ("latencyDetails", "taxYear2"),
    ("quarterlyTypeChoice", "taxYearOfChoice"),
)

Body = Mapping[str, Any]


def read_body(call: Call) -> Body:
    """Read it in HMRC's rounds: formats, then structure, then rules. Raises Refusal."""
    reading = read(BODY, call.body)
    refuse_any([*reading.out_of_range, *_tax_year_problems(reading.known)])
    refuse_any(reading.body_problems)
    today = date.max if call.suspends_dates else call.world.clock.today()
    refuse_any(_rule_problems(reading.known, today))
    return reading.known


def _tax_year_problems(body: Body) -> Iterator[Problem]:
    for parent, name in _TAX_YEARS:
        tax_year = body.get(parent, {}).get(name)
        if isinstance(tax_year, str):
            yield from (problem.at(f"/{parent}/{name}") for problem in tax_year_problems(tax_year))


def _rule_problems(body: Body, today: date) -> Iterator[Problem]:
    yield from _period_problems(body)
    yield from (_trade_problems(body) if body["typeOfBusiness"] == "self-employment" else _property_problems(body))
    if body.get("commencementDate", "") >= today.isoformat():
        yield COMMENCES_LATE


def _period_problems(body: Body) -> Iterator[Problem]:
    start, end = body.get("firstAccountingPeriodStartDate"), body.get("firstAccountingPeriodEndDate")
    if end and not start:
        yield MISSING_START
    if start and not end:
        yield MISSING_END
    if start and end:
        year = TaxYear.of(date.fromisoformat(start))
        if (start, end) != (year.start.isoformat(), year.end.isoformat()):
            yield NOT_ONE_YEAR


def _trade_problems(body: Body) -> Iterator[Problem]:
    if "tradingName" not in body:
        yield MISSING_NAME
    if not {"businessAddressLineOne", "businessAddressCountryCode"} <= body.keys():
        yield MISSING_ADDRESS
    if body.get("businessAddressCountryCode") == "GB" and "businessAddressPostcode" not in body:
        yield MISSING_POSTCODE


def _property_problems(body: Body) -> Iterator[Problem]:
    if "tradingName" in body:
        yield UNEXPECTED_NAME
    if any(name.startswith("businessAddress") for name in body):
        yield UNEXPECTED_ADDRESS
