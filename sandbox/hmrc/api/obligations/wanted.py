"""What the query of income-and-expenditure obligations asks for, and HMRC's rules about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.fields import business_id_problems, read_date
from sandbox.hmrc.api.problems import Problem, refuse_any

EARLIEST_FROM = date(2018, 4, 6)
LONGEST_RANGE = timedelta(days=366)

MISSING_TYPE = Problem("MISSING_TYPE_OF_BUSINESS", "The type of business must be provided with a business ID")
MISSING_FROM = Problem("MISSING_FROM_DATE", "The From date must be provided with a To date")
MISSING_TO = Problem("MISSING_TO_DATE", "The To date must be provided with a From date")
TO_BEFORE_FROM = Problem("RANGE_TO_DATE_BEFORE_FROM_DATE", "The To date must be after the From date")
FROM_NOT_SUPPORTED = Problem("RULE_FROM_DATE_NOT_SUPPORTED", "The From date is before 2018-04-06")
BAD_RANGE = Problem("RULE_DATE_RANGE_INVALID", "The date range must be at least a day and less than 366 days")
_TYPES = frozenset({"self-employment", "uk-property", "foreign-property"})
STATUSES = frozenset({"open", "fulfilled"})


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What is asked for; None asks for all."""

    type_of_business: str | None
    business_id: str | None
    status: str | None
    days: tuple[date, date] | None

    def takes_business(self, *, type_of_business: str, business_id: str) -> bool:
        return self.type_of_business in {None, type_of_business} and self.business_id in {None, business_id}

    def takes(self, obligation: Mapping[str, Any]) -> bool:
        return self.status in {None, obligation["status"]} and self._overlaps(obligation)

    def _overlaps(self, obligation: Mapping[str, Any]) -> bool:
        if self.days is None:
            return True
        start, end = (day.isoformat() for day in self.days)
        return bool(obligation["periodStartDate"] <= end and obligation["periodEndDate"] >= start)


def read_filter(query: Mapping[str, str], *, today: date) -> Filter:
    """
    Read the query. Without dates: what touches today and the next 366 days, or all that is open if status=open.

    The rounds are HMRC's: formats together, then the type of business alone, then the range. Raises Refusal.
    """
    refuse_any(_format_problems(query))
    refuse_any([MISSING_TYPE] if "businessId" in query and "typeOfBusiness" not in query else [])
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
    if query.get("typeOfBusiness", "uk-property") not in _TYPES:
        yield problems.TYPE_OF_BUSINESS
    yield from status_problems(query)
    yield from _date_problems(query, "fromDate", bad=problems.FROM_DATE, lonely=MISSING_TO, other="toDate")
    yield from _date_problems(query, "toDate", bad=problems.TO_DATE, lonely=MISSING_FROM, other="fromDate")


def status_problems(query: Mapping[str, str]) -> Iterator[Problem]:
    if query.get("status", "open") not in STATUSES:
        yield problems.STATUS


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
