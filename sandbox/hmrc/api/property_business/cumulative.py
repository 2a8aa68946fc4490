"""Cumulative updates, UK and foreign: the year to date, replaced as a whole by each update."""

from collections.abc import Mapping
from typing import Any

from sandbox.hmrc.api import exact
from sandbox.hmrc.api.fields import TaxYear
from sandbox.hmrc.api.operation import Answer, Call
from sandbox.hmrc.api.problems import Refusal, refuse
from sandbox.hmrc.api.property_business import alignment, problems
from sandbox.hmrc.api.property_business.declaring import Given, find_business
from sandbox.hmrc.api.property_business.keeping import keep_property, refuse_unknown_properties
from sandbox.hmrc.api.property_business.rules import date_of
from sandbox.hmrc.api.reporting import is_annual
from sandbox.hmrc.businesses import Business
from sandbox.hmrc.clock import to_iso
from sandbox.hmrc.filings import Filing


def put(call: Call, given: Given) -> Answer:
    """Replace the year to date: a field that is left out is erased."""
    with call.world.store.transaction():
        business = find_business(call, given)
        _check_dates(call, given, business)
        refuse_unknown_properties(call, given)
        call.world.filings.put(
            Filing(
                kind=given.declared.kind,
                nino=call.user.nino,
                business_id=business.business_id,
                tax_year=given.tax_year,
                body=exact.dumps(given.body),
                to_date=date_of(given.body, "toDate"),
                submitted_at=call.world.clock.now(),
            )
        )
    return Answer(given.declared.status)


def get(call: Call, given: Given) -> Answer:
    """Return what was sent last, exact to the penny, and when."""
    find_business(call, given)
    held = _held(call, given) or refuse(problems.NOT_FOUND)
    body = keep_property(exact.loads(held.body.encode()), given.property_id)
    return Answer(200, exact.dumps(_head(held, body, year_of(given)) | body))


def year_of(given: Given) -> TaxYear:
    return given.year or refuse(problems.TAX_YEAR_NOT_SUPPORTED)


def _head(held: Filing, body: Mapping[str, Any], year: TaxYear) -> dict[str, Any]:
    # Who reports annually sends no dates, yet HMRC's answer has them: those of the year.
    days = {"fromDate": year.start.isoformat(), "toDate": year.end.isoformat()}
    return {"submittedOn": to_iso(held.submitted_at)} | {name: body.get(name, day) for name, day in days.items()}


def _check_dates(call: Call, given: Given, business: Business) -> None:
    held, year = _held(call, given), year_of(given)
    start, end = date_of(given.body, "fromDate"), date_of(given.body, "toDate")
    standing = alignment.Standing(
        business=business,
        year=year,
        is_annual=is_annual(business=business, nino=call.user.nino, year=year, world=call.world),
        reached=held.to_date if held else None,
        today=None if call.suspends_dates else call.world.clock.today(),
    )
    for problem in alignment.find_problems((start, end) if start and end else None, standing):
        raise Refusal(problem)


def _held(call: Call, given: Given) -> Filing | None:
    held = call.world.filings.find(kind=given.declared.kind, business_id=given.business_id, tax_year=given.tax_year)
    return held if held and held.nino == call.user.nino else None
