"""What the declarations share: years, rules, HMRC's scenarios, and how a fixed answer is made."""

from collections.abc import Callable

from sandbox.hmrc.api.property_business import keeping, rules
from sandbox.hmrc.api.property_business.bodies import ByYear
from sandbox.hmrc.api.property_business.declaring import Given, Json, shape_in
from sandbox.hmrc.api.property_business.samples import SOME_ID, SUBMITTED_ON, Sample

UK, FOREIGN = frozenset({"uk-property"}), frozenset({"foreign-property"})
EITHER = UK | FOREIGN
UK_CUMULATIVE, FOREIGN_CUMULATIVE = "uk-cumulative", "foreign-cumulative"
ANNUAL, PERIOD = "annual", "period"
ANNUAL_YEARS, UK_PERIOD_YEARS, FOREIGN_PERIOD_YEARS = ("2022-23", ""), ("2022-23", "2024-25"), ("2021-22", "2024-25")
FOREIGN_ANNUAL_YEARS, CUMULATIVE_YEARS, DETAILS_YEARS = ("2021-22", ""), ("2025-26", ""), ("2026-27", "")
HISTORIC_YEARS = keeping.HISTORIC_YEARS

PERIOD_RULES = (rules.dates_in_order, rules.one_kind_of_expenses)
CUMULATIVE_RULES = (rules.both_dates_or_none, *PERIOD_RULES)
FOREIGN_RULES = (rules.known_countries, rules.each_country_once, rules.each_property_once)
ANNUAL_RULES = (rules.one_kind_of_allowances, rules.no_private_use_with_allowance, rules.named_buildings)
CUMULATIVE_SCENARIOS = """
    ADVANCE_SUBMISSION_REQUIRES_PERIOD_END_DATE EARLY_DATA_SUBMISSION_NOT_ACCEPTED
    END_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE MISSING_SUBMISSION_DATES NOT_FOUND OUTSIDE_AMENDMENT_WINDOW
    START_AND_END_DATE_NOT_ALLOWED START_DATE_NOT_ALIGNED_TO_COMMENCEMENT_DATE
    START_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE STATEFUL SUBMISSION_END_DATE_CANNOT_MOVE_BACKWARDS
    TAX_YEAR_NOT_SUPPORTED"""
PERIOD_SCENARIOS = "DUPLICATE_SUBMISSION MISALIGNED NOT_CONTIGUOUS NOT_FOUND OVERLAPPING STATEFUL"
HISTORIC_SCENARIOS = """
    DUPLICATE_SUBMISSION MISALIGNED_PERIOD NOT_CONTIGUOUS_PERIOD NOT_FOUND OVERLAPPING_PERIOD STATEFUL
    TAX_YEAR_NOT_SUPPORTED"""
DETAILS_SCENARIOS = """
    DUPLICATE_PROPERTY_NAME NOT_FOUND OUTSIDE_AMENDMENT_WINDOW PROPERTY_BUSINESS_CEASED STATEFUL
    TAX_YEAR_BEFORE_BUSINESS_START"""


def nothing(_given: Given, _sample: Sample) -> Json:
    return {}


def an_id(name: str, value: str = SOME_ID) -> Callable[[Given, Sample], Json]:
    return lambda _given, _sample: {name: value}


def shown(by_year: ByYear, *, is_historic: bool = False, has_dates: bool = False) -> Callable[[Given, Sample], Json]:
    """Answer with what was sent, and, unless the records are historic, when."""

    def show(given: Given, sample: Sample) -> Json:
        year = given.tax_year or HISTORIC_YEARS[0]
        days = _year_dates(year) if has_dates else {}
        stamp = {} if is_historic else {"submittedOn": SUBMITTED_ON}
        return {**stamp, **sample.of(shape_in(by_year, given.tax_year)), **days}

    return show


def _year_dates(tax_year: str) -> Json:
    starts_in = int(tax_year[:4])
    return {"fromDate": f"{starts_in}-04-06", "toDate": f"{starts_in + 1}-04-05"}


def listed(given: Given, sample: Sample) -> Json:
    days = _year_dates(given.tax_year or HISTORIC_YEARS[0])
    name, value = ("submissionId", SOME_ID) if given.year else ("periodId", HISTORIC_ID)
    return {"submissions": [] if sample.is_empty else [{name: value, **days}]}


def details(_given: Given, _sample: Sample) -> Json:
    named = {"propertyId": SOME_ID, "propertyName": "Villa Quillcombe", "countryCode": "FRA"}
    return {"foreignPropertyDetails": [{"submittedOn": SUBMITTED_ON, **named}]}


HISTORIC_ID = "2017-04-06_2018-04-05"
