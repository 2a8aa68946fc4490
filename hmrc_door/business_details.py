"""HMRC's Business Details API: which businesses a landlord has, by HMRC's own ids, and how they account."""

from hmrc_door.bodies import JSON
from hmrc_door.hidden import Secret
from hmrc_door.operation import operation
from hmrc_door.versions import Api

_PERSON = "/individuals/business/details/{nino}"
_BUSINESS = _PERSON + "/{business_id}"
_YEAR = _BUSINESS + "/{tax_year}"
_ELECTION = _YEAR + "/late-accounting-date-rule-election"


@operation(Api.BUSINESS_DETAILS, "GET", _PERSON + "/list")
def list_businesses(nino: Secret) -> None:
    """All businesses of the person. 404 MATCHING_RESOURCE_NOT_FOUND if HMRC knows none."""


@operation(Api.BUSINESS_DETAILS, "GET", _BUSINESS)
def get_business(*, nino: Secret, business_id: str) -> None:
    """One business: latency, quarterly periods, dates, address. 404 NO_BUSINESS_FOUND."""


@operation(Api.BUSINESS_DETAILS, "PUT", _YEAR)
def put_quarterly_type(*, nino: Secret, business_id: str, tax_year: str, body: dict[str, JSON]) -> None:
    """
    Choose the quarterly periods: `{"quarterlyPeriodType": "standard" | "calendar"}`; HMRC answers 204.

    In the current tax year only, before its first update.
    """


@operation(Api.BUSINESS_DETAILS, "GET", _YEAR + "/accounting-type")
def get_accounting_type(*, nino: Secret, business_id: str, tax_year: str) -> None:
    """`{"accountingType": "CASH" | "ACCRUAL"}`."""


@operation(Api.BUSINESS_DETAILS, "PUT", _YEAR + "/accounting-type")
def put_accounting_type(*, nino: Secret, business_id: str, tax_year: str, body: dict[str, JSON]) -> None:
    """Choose the accounting type; HMRC answers 204."""


@operation(Api.BUSINESS_DETAILS, "GET", _YEAR + "/periods-of-account")
def get_periods_of_account(*, nino: Secret, business_id: str, tax_year: str) -> None:
    """The periods of account in a tax year."""


@operation(Api.BUSINESS_DETAILS, "PUT", _YEAR + "/periods-of-account")
def put_periods_of_account(*, nino: Secret, business_id: str, tax_year: str, body: dict[str, JSON]) -> None:
    """Replace the periods of account; HMRC answers 204."""


@operation(Api.BUSINESS_DETAILS, "GET", _ELECTION)
def get_late_accounting_date_election(*, nino: Secret, business_id: str, tax_year: str) -> None:
    """Whether the late accounting date rule is disapplied (self-employment only)."""


@operation(Api.BUSINESS_DETAILS, "POST", _ELECTION + "/disapply")
def disapply_late_accounting_date(*, nino: Secret, business_id: str, tax_year: str) -> None:
    """Disapply the late accounting date rule; HMRC answers 204. It takes no body."""


@operation(Api.BUSINESS_DETAILS, "DELETE", _ELECTION + "/withdraw")
def withdraw_late_accounting_date(*, nino: Secret, business_id: str, tax_year: str) -> None:
    """Withdraw what was disapplied; HMRC answers 204."""
