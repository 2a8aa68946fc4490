"""
Obligations 3.0: which quarterly updates of a property business are open and which are fulfilled.

Production-like, and so more than HMRC's own sandbox: an accepted update that reaches a period's end fulfils that
obligation at once, and every earlier one of the same year. HMRC's sandbox never changes its obligations.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sandbox.hmrc.api import problems, quarters
from sandbox.hmrc.api.fields import TaxYear, business_id_problems, read_date
from sandbox.hmrc.api.operation import READ, Answer, Call, Operation, World
from sandbox.hmrc.api.problems import Problem, Refusal, refuse_any
from sandbox.hmrc.api.property_business import FIRST_CUMULATIVE_YEAR, UK_CUMULATIVE
from sandbox.hmrc.businesses import PROPERTY_TYPES, Business
from sandbox.hmrc.clock import to_london_date

BASE = "/obligations/details"
LAST_YEAR_AT_LEAST = TaxYear(2026)
EARLIEST_FROM = date(2018, 4, 6)
LONGEST_RANGE = timedelta(days=366)

MISSING_TYPE = Problem("MISSING_TYPE_OF_BUSINESS", "The type of business must be provided with a business ID")
MISSING_FROM = Problem("MISSING_FROM_DATE", "The From date must be provided with a To date")
MISSING_TO = Problem("MISSING_TO_DATE", "The To date must be provided with a From date")
TO_BEFORE_FROM = Problem("RANGE_TO_DATE_BEFORE_FROM_DATE", "The To date must be after the From date")
FROM_NOT_SUPPORTED = Problem("RULE_FROM_DATE_NOT_SUPPORTED", "The From date is before 2018-04-06")
BAD_RANGE = Problem("RULE_DATE_RANGE_INVALID", "The date range must be at least a day and less than 366 days")
NONE_FOUND = Problem("NO_OBLIGATIONS_FOUND", "No obligations found using this filter", 404)
_TYPES = frozenset({"self-employment", "uk-property", "foreign-property"})


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What the query asks for; None asks for all."""

    type_of_business: str | None
    business_id: str | None
    status: str | None
    days: tuple[date, date] | None

    def takes_business(self, business: Business) -> bool:
        is_type = self.type_of_business in {None, business.type_of_business}
        return is_type and self.business_id in {None, business.business_id}

    def takes(self, obligation: Mapping[str, Any]) -> bool:
        return self.status in {None, obligation["status"]} and self._overlaps(obligation)

    def _overlaps(self, obligation: Mapping[str, Any]) -> bool:
        if self.days is None:
            return True
        start, end = (day.isoformat() for day in self.days)
        return bool(obligation["periodStartDate"] <= end and obligation["periodEndDate"] >= start)


def check_obligations(call: Call) -> Filter:
    """Without dates: what touches today and the next 366 days, or all that is open if status=open."""
    return _read_filter(call.query, today=call.world.clock.today())


def list_obligations(call: Call, wanted: Filter) -> Answer:
    found = [_of_business(one, wanted, call.world) for one in call.user.businesses if wanted.takes_business(one)]
    listed = [entry for entry in found if entry["obligationDetails"]]
    if not listed:
        raise Refusal(NONE_FOUND)
    return Answer(200, {"obligations": listed})


def _of_business(business: Business, wanted: Filter, world: World) -> dict[str, Any]:
    details = [one for one in _obligations(business, world) if wanted.takes(one)]
    return {
        "typeOfBusiness": business.type_of_business,
        "businessId": business.business_id,
        "obligationDetails": details,
    }


def _obligations(business: Business, world: World) -> Iterator[dict[str, Any]]:
    if business.type_of_business not in PROPERTY_TYPES:
        return
    last = max(LAST_YEAR_AT_LEAST, TaxYear.of(world.clock.today()))
    for starts_in in range(FIRST_CUMULATIVE_YEAR.starts_in, last.starts_in + 1):
        yield from _of_year(business, TaxYear(starts_in), world)


def _of_year(business: Business, year: TaxYear, world: World) -> Iterator[dict[str, Any]]:
    sent = world.filings.reached(kind=UK_CUMULATIVE, business_id=business.business_id, tax_year=str(year))
    periods = zip(
        quarters.ends(year, quarterly_type=business.quarterly_type_in(str(year))), quarters.due_dates(year), strict=True
    )
    for end, due in periods:
        first = min((moment for to_date, moment in sent if to_date >= end), default=None)
        yield {
            "periodStartDate": quarters.start(year, business).isoformat(),
            "periodEndDate": end.isoformat(),
            "dueDate": due.isoformat(),
            "status": "open" if first is None else "fulfilled",
        } | ({} if first is None else {"receivedDate": to_london_date(first).isoformat()})


def _read_filter(query: Mapping[str, str], *, today: date) -> Filter:
    refuse_any(_format_problems(query))
    from_date, to_date = (read_date(query.get(name, "")) for name in ("fromDate", "toDate"))
    days = (from_date, to_date) if from_date and to_date else None
    refuse_any(_range_problems(*days) if days else ())
    if days is None and query.get("status") != "open":
        days = (today, today + LONGEST_RANGE)
    return Filter(
        type_of_business=query.get("typeOfBusiness"),
        business_id=query.get("businessId"),
        status=query.get("status"),
        days=days,
    )


def _format_problems(query: Mapping[str, str]) -> Iterator[Problem]:
    if "businessId" in query:
        yield from business_id_problems(query["businessId"])
    if "businessId" in query and "typeOfBusiness" not in query:
        yield MISSING_TYPE
    if query.get("typeOfBusiness", "uk-property") not in _TYPES:
        yield problems.TYPE_OF_BUSINESS
    if query.get("status", "open") not in {"open", "fulfilled"}:
        yield problems.STATUS
    yield from _date_problems(query, "fromDate", bad=problems.FROM_DATE, lonely=MISSING_TO, other="toDate")
    yield from _date_problems(query, "toDate", bad=problems.TO_DATE, lonely=MISSING_FROM, other="fromDate")


def _date_problems(
    query: Mapping[str, str], name: str, *, bad: Problem, lonely: Problem, other: str
) -> Iterator[Problem]:
    if name in query and other not in query:
        yield lonely
    if name in query and read_date(query[name]) is None:
        yield bad


def _range_problems(from_date: date, to_date: date) -> Iterator[Problem]:
    if from_date < EARLIEST_FROM:
        yield FROM_NOT_SUPPORTED
    if to_date < from_date:
        yield TO_BEFORE_FROM
    elif not timedelta(0) < to_date - from_date < LONGEST_RANGE:
        yield BAD_RANGE


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="obligations",
        method="GET",
        path=f"{BASE}/{{nino}}/income-and-expenditure",
        version="3.0",
        scope=READ,
        check=check_obligations,
        stateful=list_obligations,
    ),
)
