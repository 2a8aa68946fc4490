"""HMRC's Property Business API: the year-to-date figures of one UK property business (tax years from 2025-26)."""

from hmrc_door.bodies import JSON
from hmrc_door.hidden import Secret
from hmrc_door.operation import Call
from hmrc_door.versions import Api

_UK_CUMULATIVE = "/individuals/business/property/uk/{nino}/{business_id}/cumulative/{tax_year}"


def put_uk_cumulative(*, nino: Secret, business_id: str, tax_year: str, body: dict[str, JSON]) -> Call:
    """
    Replace the whole year-to-date summary; HMRC answers 204. What `body` leaves out is erased at HMRC.

    `tax_year` is written `2026-27`; money in `body` is Decimal with at most two places.
    """
    return Call(
        operation="property_business.put_uk_cumulative",
        api=Api.PROPERTY_BUSINESS,
        method="PUT",
        template=_UK_CUMULATIVE,
        nino=nino,
        parts={"business_id": business_id, "tax_year": tax_year},
        content=body,
    )


def get_uk_cumulative(*, nino: Secret, business_id: str, tax_year: str) -> Call:
    """The summary as HMRC holds it, with `submittedOn`. 404 MATCHING_RESOURCE_NOT_FOUND if it holds none."""
    return Call(
        operation="property_business.get_uk_cumulative",
        api=Api.PROPERTY_BUSINESS,
        method="GET",
        template=_UK_CUMULATIVE,
        nino=nino,
        parts={"business_id": business_id, "tax_year": tax_year},
    )
