"""What can be read of a landlord at HMRC: how to ask for it, and how to keep the answer.

A subject's name may say what it is of: `businesses`, `status:2026-27`, `annual:XPIS12345678901:2026-27`.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from hmrc_door import business_details, individual_details, property_business
from hmrc_door.operation import Call
from landlords.models import Landlord
from mtd import annual_shape, duties
from mtd.duties import day
from mtd.models import AnnualSubmission, Business, ItsaStatus, Reading
from mtd.shapes import plain
from tenants.vault import Sealed

_FILED = "uk-property"
_DETAILS = ("commencement_date", "cessation_date", "quarterly_type", "quarterly_type_since")


def _nothing_more(_: Landlord) -> Iterator[str]:
    yield from ()


class Subject(NamedTuple):
    """`request` takes the NINO and the names, `store` the landlord, HMRC's body and the names; it returns how many rows
    there are now, and raises what a body that is not understood raises. `then` are subjects that are to be read next.
    """

    request: Callable[..., Call]
    store: Callable[..., int]
    then: Callable[[Landlord], Iterator[str]] = _nothing_more


def find(what: str) -> tuple[Subject, list[str]]:
    """The subject, and what it is of. Raises KeyError."""
    name, *of = what.split(":")
    return _SUBJECTS[name], of


# Businesses


def _store_businesses(landlord: Landlord, body: dict[str, Any]) -> int:
    known = {business.business_id: business for business in landlord.businesses.all()}
    rows = [_listed(landlord, found, known) for found in body.get("listOfBusinesses", [])]
    landlord.businesses.all().delete()
    return len(Business.objects.bulk_create(rows))


def _listed(landlord: Landlord, found: dict[str, Any], known: dict[str, Business]) -> Business:
    business_id = str(found.get("businessId", ""))[:15]
    details = {name: getattr(known[business_id], name) for name in _DETAILS} if business_id in known else {}
    return Business(
        landlord=landlord,
        business_id=business_id,
        type_of_business=str(found.get("typeOfBusiness", ""))[:32],
        trading_name=str(found.get("tradingName", ""))[:200],
        **details,
    )


def _without_details(landlord: Landlord) -> Iterator[str]:
    """The businesses that are filed for, and of which only the list is known."""
    read = set(Reading.objects.filter(landlord=landlord, what__startswith="business:").values_list("what", flat=True))
    filed = landlord.businesses.filter(type_of_business=_FILED).values_list("business_id", flat=True)
    yield from (f"business:{business_id}" for business_id in filed if f"business:{business_id}" not in read)


def _business(nino: Sealed, business_id: str) -> Call:
    return business_details.get_business(nino=nino, business_id=business_id)


def _store_business(landlord: Landlord, body: dict[str, Any], business_id: str) -> int:
    chosen = body.get("quarterlyTypeChoice", {})
    details = {
        "commencement_date": day(body.get("commencementDate")),
        "cessation_date": day(body.get("cessationDate")),
        "quarterly_type": str(chosen.get("quarterlyPeriodType", ""))[:8],
        "quarterly_type_since": str(chosen.get("taxYearOfChoice", ""))[:7],
    }
    return landlord.businesses.filter(business_id=business_id).update(**details)


# The year


def _status(nino: Sealed, tax_year: str) -> Call:
    return individual_details.get_itsa_status(nino=nino, tax_year=tax_year)


def _store_status(landlord: Landlord, body: dict[str, Any], tax_year: str) -> int:
    listed = (each for each in body.get("itsaStatuses", []) if each["taxYear"] == tax_year)
    details = [detail for each in listed for detail in each.get("itsaStatusDetails", [])]
    newest = max(details, key=lambda detail: datetime.fromisoformat(detail["submittedOn"]), default=None)
    landlord.itsa_statuses.filter(tax_year=tax_year).delete()
    if newest is None:
        return 0
    ItsaStatus.objects.create(
        landlord=landlord,
        tax_year=tax_year,
        status=str(newest["status"])[:32],
        reason=str(newest.get("statusReason", ""))[:64],
        submitted_on=datetime.fromisoformat(newest["submittedOn"]),
    )
    return 1


def _annual(nino: Sealed, business_id: str, tax_year: str) -> Call:
    return property_business.get_uk_annual(nino=nino, business_id=business_id, tax_year=tax_year)


def _store_annual(landlord: Landlord, body: dict[str, Any], business_id: str, tax_year: str) -> int:
    landlord.annual_submissions.filter(business_id=business_id, tax_year=tax_year).delete()
    if "ukProperty" not in body:
        return 0
    submitted_on = body.get("submittedOn")
    row = AnnualSubmission(
        landlord=landlord,
        business_id=business_id,
        tax_year=tax_year,
        submitted_on=None if submitted_on is None else datetime.fromisoformat(submitted_on),
    )
    row.content = row.seal("content", json.dumps(plain(_as_sent(body["ukProperty"]))))
    row.save(force_insert=True)
    return 1


def _as_sent(content: dict[str, Any]) -> dict[str, Any]:
    """HMRC's copy in the form in which we send. Raises ValueError for one that we could not have sent."""
    read, faults = annual_shape.read(content)
    if faults:
        raise ValueError("not a UK property business's annual submission")
    return read


_SUBJECTS = {
    "businesses": Subject(business_details.list_businesses, _store_businesses, _without_details),
    "business": Subject(_business, _store_business),
    # The open ones of earlier years are not in the answer for this one.
    "obligations": Subject(duties.of_this_year, duties.store_year, lambda _: iter(["open_obligations"])),
    "open_obligations": Subject(duties.all_open, duties.store_open),
    "final_declarations": Subject(duties.declarations, duties.store_declarations),
    "status": Subject(_status, _store_status),
    "annual": Subject(_annual, _store_annual),
}
