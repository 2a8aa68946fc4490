"""HMRC's Obligations API: what is due, and when. Due dates are always taken from here, never worked out."""

from datetime import date

from hmrc_door.hidden import Secret
from hmrc_door.operation import operation
from hmrc_door.versions import Api

_PERSON = "/obligations/details/{nino}"


@operation(Api.OBLIGATIONS, "GET", _PERSON + "/income-and-expenditure")
def list_obligations(
    *,
    nino: Secret,
    type_of_business: str | None = None,
    business_id: str | None = None,
    from_date: date | None = None,
    to_date: date | None = None,
    status: str | None = None,
) -> None:
    """
    Income and expenditure obligations. Without dates: from today 366 days on, or with status `open` all open ones.

    HMRC wants a type with a business id, both dates or none, and less than 366 days between them.
    `status` is `open` or `fulfilled`.
    404 NO_OBLIGATIONS_FOUND if there are none.
    """


@operation(Api.OBLIGATIONS, "GET", _PERSON + "/crystallisation")
def list_crystallisation(*, nino: Secret, tax_year: str | None = None, status: str | None = None) -> None:
    """Final declarations that are due: of one tax year, or of the last four. `status` is `open` or `fulfilled`."""
