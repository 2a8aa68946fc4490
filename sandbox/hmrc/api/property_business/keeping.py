"""Annual submissions and period summaries, kept as records: put, got, deleted, added, listed."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from sandbox.hmrc.api import exact
from sandbox.hmrc.api.fields import TaxYear
from sandbox.hmrc.api.operation import Answer, Call
from sandbox.hmrc.api.problems import Problem, Refusal, refuse, refuse_any
from sandbox.hmrc.api.property_business import problems
from sandbox.hmrc.api.property_business.declaring import Given, find_business
from sandbox.hmrc.api.property_business.rules import date_of
from sandbox.hmrc.businesses import Business
from sandbox.hmrc.clock import to_iso
from sandbox.hmrc.records import Place, Record

FOREIGN_DETAILS = "foreign-details"
HISTORIC_YEARS = ("2017-18", "2021-22")
A_DAY = timedelta(days=1)


# Annual submissions: one a year


def put(call: Call, given: Given) -> Answer:
    """Replace what is held of the year. Raises Refusal."""
    with call.world.store.transaction():
        place = _place(call, given)
        refuse_closed_window(call, given)
        refuse_unknown_properties(call, given)
        call.world.records.put(_record(call, given, place))
    return Answer(given.declared.status, {})


def get(call: Call, given: Given) -> Answer:
    found = call.world.records.find(_place(call, given), record_id=given.record_id)
    return Answer(200, exact.dumps(_show(found or refuse(problems.NOT_FOUND), given)))


def delete(call: Call, given: Given) -> Answer:
    place = _place(call, given)
    refuse_closed_window(call, given)
    if not call.world.records.drop(place):
        raise Refusal(problems.NOT_FOUND)
    return Answer(204)


# Period summaries: several a year


def add(call: Call, given: Given) -> Answer:
    """Add a period that fits those that are there. Raises Refusal."""
    start, end = _dates(given)
    with call.world.store.transaction():
        place = _place(call, given)
        others = list(call.world.records.at(place))
        _refuse_unfit(call, given, others)
        record_id = f"{start}_{end}" if _is_historic(given) else str(uuid4())
        call.world.records.put(_record(call, given, place, record_id=record_id, dates=(start, end)))
    return Answer(given.declared.status, {_id_name(given): record_id})


def amend(call: Call, given: Given) -> Answer:
    """Replace the figures of a period; its dates stay. Raises Refusal."""
    with call.world.store.transaction():
        place = _place(call, given)
        held = call.world.records.find(place, record_id=given.record_id) or refuse(problems.NOT_FOUND)
        if "fromDate" in given.body:
            _refuse_unfit(call, given, [one for one in call.world.records.at(place) if one != held])
        dates = (held.from_date, held.to_date)
        call.world.records.put(_record(call, given, place, record_id=held.record_id, dates=dates))
    return Answer(given.declared.status, {})


def list_all(call: Call, given: Given) -> Answer:
    """List the periods; where HMRC keeps them by business, none is a 404."""
    found = list(call.world.records.at(_place(call, given)))
    if not found and not _is_historic(given):
        raise Refusal(problems.NOT_FOUND)
    return Answer(200, {"submissions": [{_id_name(given): one.record_id} | _days(one) for one in found]})


# What several share


def refuse_closed_window(call: Call, given: Given) -> None:
    """Raise Refusal for a year that can be amended no more; HMRC has no such rule for the years by taxpayer."""
    suspended = call.suspends_dates or _is_historic(given)
    if given.year and not suspended and call.world.clock.today() > given.year.last_amendment:
        raise Refusal(problems.WINDOW_CLOSED)


def refuse_unknown_properties(call: Call, given: Given) -> None:
    """Raise Refusal for a foreign property that the business has not. Before 2026-27 they have no ids."""
    known = {one.record_id for one in call.world.records.at(details_place(call.user.nino, given.business_id))}
    entries = given.body.get("foreignProperty", [])
    unknown = [place for place, one in enumerate(entries) if one.get("propertyId", None) not in {None, *known}]
    paths = [f"/foreignProperty/{place}/propertyId" for place in unknown]
    refuse_any([problems.UNKNOWN_PROPERTY.at(*paths)] if paths else [])


def keep_property(body: dict[str, Any], property_id: str) -> dict[str, Any]:
    """Leave out all foreign properties but one, if one is asked for. Raises Refusal if it is not there."""
    if not property_id:
        return body
    kept = [one for one in body.get("foreignProperty", []) if one.get("propertyId") == property_id]
    return {**body, "foreignProperty": kept or refuse(problems.NOT_FOUND)}


def details_place(nino: str, business_id: str) -> Place:
    return Place(kind=FOREIGN_DETAILS, nino=nino, business_id=business_id)


def _place(call: Call, given: Given) -> Place:
    business: Business | None = find_business(call, given) if given.declared.owners else None
    return Place(
        kind=given.declared.kind,
        nino=call.user.nino,
        business_id=business.business_id if business else "",
        tax_year=given.tax_year,
    )


def _record(
    call: Call,
    given: Given,
    place: Place,
    *,
    record_id: str = "",
    dates: tuple[date | None, date | None] = (None, None),
) -> Record:
    figures = {name: value for name, value in given.body.items() if name not in {"fromDate", "toDate"}}
    return Record(
        place=place,
        body=exact.dumps(figures),
        submitted_at=call.world.clock.now(),
        record_id=record_id,
        from_date=dates[0],
        to_date=dates[1],
    )


def _show(record: Record, given: Given) -> dict[str, Any]:
    stamp: dict[str, Any] = {} if _is_historic(given) else {"submittedOn": to_iso(record.submitted_at)}
    return stamp | _days(record) | keep_property(exact.loads(record.body.encode()), given.property_id)


def _days(record: Record) -> dict[str, Any]:
    days = {"fromDate": record.from_date, "toDate": record.to_date}
    return {name: day.isoformat() for name, day in days.items() if day}


def _is_historic(given: Given) -> bool:
    return not given.declared.owners


def _id_name(given: Given) -> str:
    return "periodId" if _is_historic(given) else "submissionId"


# The rules of periods


def _dates(given: Given) -> tuple[date, date]:
    start, end = date_of(given.body, "fromDate"), date_of(given.body, "toDate")
    assert start, "the shape requires the dates, and their format"
    assert end
    return start, end


def _refuse_unfit(call: Call, given: Given, others: Iterable[Record]) -> None:
    start, end = _dates(given)
    year = given.year or _historic_year(start)
    spans = [(one.from_date, one.to_date) for one in others if one.from_date and one.to_date]
    for problem in _period_problems(start, end, year, [span for span in spans if span[0] in year]):
        raise Refusal(problem)


def _historic_year(start: date) -> TaxYear:
    year = TaxYear.of(start)
    first, last = HISTORIC_YEARS
    return year if first <= str(year) <= last else refuse(problems.TAX_YEAR_NOT_SUPPORTED)


def _period_problems(start: date, end: date, year: TaxYear, spans: Iterable[tuple[date, date]]) -> Iterator[Problem]:
    spans = sorted(spans)
    if (start, end) in spans:
        yield problems.DUPLICATE
    if start not in year or end not in year:
        yield problems.MISALIGNED
    if any(start <= other_end and other_start <= end for other_start, other_end in spans):
        yield problems.OVERLAPPING
    # A first period may lie anywhere; the next ones lie against those that are there.
    if spans and not any(start - other_end == A_DAY or other_start - end == A_DAY for other_start, other_end in spans):
        yield problems.NOT_CONTIGUOUS
