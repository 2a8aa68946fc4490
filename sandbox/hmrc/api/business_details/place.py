"""The business and the tax year that a path names, and what is kept under them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.fields import TaxYear, business_id_problems, tax_year_problems
from sandbox.hmrc.api.operation import Call
from sandbox.hmrc.api.problems import Problem, refuse, refuse_any
from sandbox.hmrc.businesses import Business
from sandbox.hmrc.filings import Filing

BASE = "/individuals/business/details"
YEAR_PATH = f"{BASE}/{{nino}}/{{businessId}}/{{taxYear}}"
FIRST_YEAR = TaxYear(2024)
NOT_ENDED = Problem("RULE_TAX_YEAR_NOT_ENDED", "The specified tax year has not yet ended")


@dataclass(frozen=True, kw_only=True)
class Place:
    """A well-formed business id and tax year."""

    business_id: str
    year: TaxYear


def read_place(
    call: Call, *, earliest: TaxYear | None = None, ended: bool = False, and_also: Iterable[Problem] = ()
) -> Place:
    """Read the path; its problems are told together with the others. Raises Refusal."""
    business_id, tax_year = call.path["businessId"], call.path["taxYear"]
    found = [*business_id_problems(business_id), *tax_year_problems(tax_year, earliest=earliest), *and_also]
    refuse_any(found or (_ended_problems(call, tax_year) if ended else ()))
    return Place(business_id=business_id, year=TaxYear.parse(tax_year))


def _ended_problems(call: Call, tax_year: str) -> Iterator[Problem]:
    if not call.suspends_dates and call.world.clock.today() <= TaxYear.parse(tax_year).end:
        yield NOT_ENDED


def find_business(call: Call, business_id: str) -> Business | None:
    return next((one for one in call.businesses if one.business_id == business_id), None)


def open_business(call: Call, place: Place) -> Business:
    """Return the business, if the year may still be amended. Raises Refusal."""
    if call.world.clock.today() > place.year.last_amendment:
        refuse(problems.WINDOW_CLOSED)
    return find_business(call, place.business_id) or refuse(problems.NOT_FOUND)


def held(call: Call, kind: str, place: Place) -> Filing | None:
    return call.world.filings.find(kind=kind, business_id=place.business_id, tax_year=str(place.year))


def keep(call: Call, kind: str, place: Place, body: str) -> None:
    """Keep a body (JSON text) under the business and the year."""
    filing = Filing(
        kind=kind,
        nino=call.user.nino,
        business_id=place.business_id,
        tax_year=str(place.year),
        body=body,
        to_date=None,
        submitted_at=call.world.clock.now(),
    )
    with call.world.store.transaction():
        call.world.filings.put(filing)
