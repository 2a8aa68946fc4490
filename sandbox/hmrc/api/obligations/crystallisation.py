"""The final declarations of a taxpayer's last tax years."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.fields import FIRST_CUMULATIVE_YEAR, TaxYear, tax_year_problems
from sandbox.hmrc.api.obligations import samples
from sandbox.hmrc.api.obligations.income_and_expenditure import BASE, NONE_FOUND
from sandbox.hmrc.api.obligations.wanted import status_problems
from sandbox.hmrc.api.operation import READ, Answer, Call, Operation, fixed
from sandbox.hmrc.api.problems import Refusal, refuse_any
from sandbox.hmrc.clock import to_london_date

EARLIEST_YEAR = TaxYear(2017)
YEARS_BACK = 4


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The tax years asked for, both included, and the status; None asks for both."""

    first: TaxYear
    last: TaxYear
    status: str | None


def check(call: Call) -> Wanted:
    """Read the query. Without a tax year: this one and the four before it."""
    query, asked = call.query, call.query.get("taxYear")
    bad_year = tax_year_problems(asked, earliest=EARLIEST_YEAR) if asked is not None else ()
    refuse_any([*bad_year, *status_problems(query)])
    last = TaxYear.parse(asked) if asked else TaxYear.of(call.world.clock.today())
    first = last if asked else TaxYear(last.starts_in - YEARS_BACK)
    return Wanted(first=first, last=last, status=query.get("status"))


def list_obligations(call: Call, wanted: Wanted) -> Answer:
    listed = [one for one in _obligations(call, wanted) if wanted.status in {None, one["status"]}]
    if not listed:
        raise Refusal(NONE_FOUND)
    return Answer(200, {"obligations": listed})


def _obligations(call: Call, wanted: Wanted) -> Iterator[dict[str, Any]]:
    begun = min((business.commencement_date for business in call.user.businesses), default=date.max)
    last = min(wanted.last, TaxYear.of(call.world.clock.today()))
    for starts_in in range(max(wanted.first, FIRST_CUMULATIVE_YEAR).starts_in, last.starts_in + 1):
        if TaxYear(starts_in).end >= begun:
            yield _of_year(call, TaxYear(starts_in))


def _of_year(call: Call, year: TaxYear) -> dict[str, Any]:
    declared_at = call.world.filings.declared_at(nino=call.user.nino, tax_year=str(year))
    received = to_london_date(declared_at).isoformat() if declared_at else None
    return {
        "periodStartDate": year.start.isoformat(),
        "periodEndDate": year.end.isoformat(),
        "dueDate": year.declaration_due.isoformat(),
        "status": "fulfilled" if received else "open",
    } | ({"receivedDate": received} if received else {})


def echo(_: Call, wanted: Wanted) -> Answer:
    """Answer with the last tax year asked for, as DYNAMIC does."""
    year = wanted.last
    return Answer(
        200,
        {"obligations": [samples.echo_final(start=year.start, end=year.end, due=year.declaration_due)]},
    )


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="crystallisation",
        method="GET",
        path=f"{BASE}/{{nino}}/crystallisation",
        version="3.0",
        scope=READ,
        check=check,
        stateful=list_obligations,
        canned=fixed(200, {"obligations": [samples.FINAL_OPEN]}),
        scenarios={
            "MULTIPLE": fixed(200, {"obligations": samples.FINAL_MULTIPLE}),
            "DYNAMIC": echo,
            "INSOLVENT_TRADER": problems.INSOLVENT,
            "NOT_FOUND": problems.NOT_FOUND,
        },
        sandbox_keeps_state=False,
    ),
)
