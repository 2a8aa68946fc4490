"""The quarterly updates of a taxpayer's property businesses."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sandbox.hmrc.api import problems, quarters
from sandbox.hmrc.api.fields import FIRST_CUMULATIVE_YEAR, TaxYear
from sandbox.hmrc.api.obligations import samples
from sandbox.hmrc.api.obligations.wanted import Filter, read_filter
from sandbox.hmrc.api.operation import READ, Answer, Call, Operation, Work, World
from sandbox.hmrc.api.problems import Problem, Refusal
from sandbox.hmrc.api.reporting import is_annual
from sandbox.hmrc.businesses import PROPERTY_TYPES, Business
from sandbox.hmrc.clock import to_london_date

BASE = "/obligations/details"
LAST_YEAR_AT_LEAST = TaxYear(2026)
NONE_FOUND = Problem("NO_OBLIGATIONS_FOUND", "No obligations found using this filter", 404)


def check(call: Call) -> Filter:
    return read_filter(call.query, today=call.world.clock.today())


def list_obligations(call: Call, wanted: Filter) -> Answer:
    """List what the filter takes, by business."""
    found = [_of_business(business, call.user.nino, wanted, call.world) for business in call.user.businesses]
    return _answer(found, wanted)


def _answer(found: Iterable[Mapping[str, Any]], wanted: Filter) -> Answer:
    listed = [
        one
        for one in found
        if one["obligationDetails"]
        and wanted.takes_business(type_of_business=one["typeOfBusiness"], business_id=one["businessId"])
    ]
    if not listed:
        raise Refusal(NONE_FOUND)
    return Answer(200, {"obligations": listed})


def _of_business(business: Business, nino: str, wanted: Filter, world: World) -> dict[str, Any]:
    return {
        "typeOfBusiness": business.type_of_business,
        "businessId": business.business_id,
        "obligationDetails": [one for one in _obligations(business, nino, world) if wanted.takes(one)],
    }


def _obligations(business: Business, nino: str, world: World) -> Iterator[dict[str, Any]]:
    if business.type_of_business not in PROPERTY_TYPES:
        return
    last = max(LAST_YEAR_AT_LEAST, TaxYear.of(world.clock.today()))
    for starts_in in range(FIRST_CUMULATIVE_YEAR.starts_in, last.starts_in + 1):
        year = TaxYear(starts_in)
        if _trades_in(business, year) and not is_annual(business=business, nino=nino, year=year, world=world):
            yield from _of_year(business, year, world)


def _trades_in(business: Business, year: TaxYear) -> bool:
    return business.commencement_date <= year.end and (business.cessation_date or year.start) >= year.start


def _of_year(business: Business, year: TaxYear, world: World) -> Iterator[dict[str, Any]]:
    sent = _fulfilling(business, year, world)
    start = max(quarters.start(year, business), business.commencement_date)
    ends = quarters.ends(year, quarterly_type=business.quarterly_type_in(str(year)))
    for end, due in zip(ends, quarters.due_dates(year), strict=True):
        if end >= start:
            first = min((moment for to_date, moment in sent if to_date >= end), default=None)
            yield _obligation(start, end, due, first)


def _fulfilling(business: Business, year: TaxYear, world: World) -> list[tuple[date, float]]:
    known_since = world.clock.now() - world.lag_seconds.get()
    sent = world.filings.reached(business_id=business.business_id, tax_year=str(year))
    return [(to_date, moment) for to_date, moment in sent if moment <= known_since]


def _obligation(start: date, end: date, due: date, received: float | None) -> dict[str, Any]:
    return {
        "periodStartDate": start.isoformat(),
        "periodEndDate": end.isoformat(),
        "dueDate": due.isoformat(),
        "status": "open" if received is None else "fulfilled",
    } | ({} if received is None else {"receivedDate": to_london_date(received).isoformat()})


def _sample(found: Iterable[Mapping[str, Any]]) -> Work[Filter]:
    return lambda _call, wanted: _answer(found, wanted)


def echo(call: Call, wanted: Filter) -> Answer:
    """Answer with the dates and the status that were asked for, as DYNAMIC does."""
    return _answer(samples.echo(days=wanted.days, status=wanted.status), wanted)


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="obligations",
        method="GET",
        path=f"{BASE}/{{nino}}/income-and-expenditure",
        version="3.0",
        scope=READ,
        check=check,
        stateful=list_obligations,
        canned=_sample(samples.QUARTERLY),
        scenarios={
            "OPEN": _sample(samples.OPEN),
            "FULFILLED": _sample(samples.FULFILLED),
            "CUMULATIVE": _sample(samples.CUMULATIVE),
            "DYNAMIC": echo,
            "INSOLVENT_TRADER": problems.INSOLVENT,
            "NOT_FOUND": problems.NOT_FOUND,
            "NO_OBLIGATIONS_FOUND": NONE_FOUND,
        },
        sandbox_keeps_state=False,
    ),
)
