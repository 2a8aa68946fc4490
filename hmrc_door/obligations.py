"""HMRC's Obligations API: what is due, and when. Due dates are always taken from here, never worked out."""

from datetime import date

from hmrc_door.hidden import Secret
from hmrc_door.operation import Call
from hmrc_door.versions import Api


def list_obligations(
    *,
    nino: Secret,
    type_of_business: str | None = None,
    business_id: str | None = None,
    from_date: date | None = None,
    to_date: date | None = None,
    status: str | None = None,
) -> Call:
    """
    Income and expenditure obligations. Without dates: from today 366 days on, or with status `open` all open ones.

    HMRC wants a type with a business id, both dates or none, and less than 366 days between them.
    `status` is `open` or `fulfilled`.
    404 NO_OBLIGATIONS_FOUND if there are none.
    """
    query = {
        "typeOfBusiness": type_of_business,
        "businessId": business_id,
        "fromDate": from_date and from_date.isoformat(),
        "toDate": to_date and to_date.isoformat(),
        "status": status,
    }
    return Call(
        operation="obligations.list_obligations",
        api=Api.OBLIGATIONS,
        method="GET",
        template="/obligations/details/{nino}/income-and-expenditure",
        nino=nino,
        query={name: value for name, value in query.items() if value},
    )
