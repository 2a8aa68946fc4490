"""
HMRC's Property Business API, for UK property. `tax_year` is as in `2026-27`; money is Decimal with at most two places.

Year-to-date figures from 2025-26 on; period summaries for 2022-23 to 2024-25; annual submissions for all of them.
"""

from hmrc_door.bodies import JSON
from hmrc_door.hidden import Secret
from hmrc_door.operation import operation
from hmrc_door.versions import Api

_ANY = "/individuals/business/property/{nino}/{business_id}"
_UK = "/individuals/business/property/uk/{nino}/{business_id}"
_CUMULATIVE = _UK + "/cumulative/{tax_year}"
_ANNUAL = _UK + "/annual/{tax_year}"
_PERIODS = _UK + "/period/{tax_year}"
_PERIOD = _PERIODS + "/{submission_id}"


@operation(Api.PROPERTY_BUSINESS, "PUT", _CUMULATIVE)
def put_uk_cumulative(*, nino: Secret, business_id: str, tax_year: str, body: dict[str, JSON]) -> None:
    """Replace the whole year-to-date summary; HMRC answers 204. What `body` leaves out is erased at HMRC."""


@operation(Api.PROPERTY_BUSINESS, "GET", _CUMULATIVE)
def get_uk_cumulative(*, nino: Secret, business_id: str, tax_year: str) -> None:
    """The summary as HMRC holds it, with `submittedOn`. 404 MATCHING_RESOURCE_NOT_FOUND if it holds none."""


@operation(Api.PROPERTY_BUSINESS, "PUT", _ANNUAL)
def put_uk_annual(*, nino: Secret, business_id: str, tax_year: str, body: dict[str, JSON]) -> None:
    """Replace the adjustments and allowances of a tax year; HMRC answers 200 and `{}`."""


@operation(Api.PROPERTY_BUSINESS, "GET", _ANNUAL)
def get_uk_annual(*, nino: Secret, business_id: str, tax_year: str) -> None:
    """The annual submission as HMRC holds it."""


@operation(Api.PROPERTY_BUSINESS, "DELETE", _ANY + "/annual/{tax_year}")
def delete_annual(*, nino: Secret, business_id: str, tax_year: str) -> None:
    """Delete the annual submission; HMRC answers 204."""


@operation(Api.PROPERTY_BUSINESS, "POST", _PERIODS)
def create_uk_period(*, nino: Secret, business_id: str, tax_year: str, body: dict[str, JSON]) -> None:
    """Create the summary of one period; HMRC answers 201 and `submissionId`."""


@operation(Api.PROPERTY_BUSINESS, "PUT", _PERIOD)
def put_uk_period(*, nino: Secret, business_id: str, tax_year: str, submission_id: str, body: dict[str, JSON]) -> None:
    """Replace the figures of one period's summary; HMRC answers 200. Its dates stay."""


@operation(Api.PROPERTY_BUSINESS, "GET", _PERIOD)
def get_uk_period(*, nino: Secret, business_id: str, tax_year: str, submission_id: str) -> None:
    """One period's summary."""


@operation(Api.PROPERTY_BUSINESS, "GET", _ANY + "/period/{tax_year}")
def list_periods(*, nino: Secret, business_id: str, tax_year: str) -> None:
    """The ids and dates of the period summaries of a tax year."""
