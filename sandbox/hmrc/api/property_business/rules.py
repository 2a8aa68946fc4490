"""
HMRC's rules about a body by itself. Each yields every problem it finds, with its paths.

A body is one that fits its shape; a value in it may still be out of its bounds.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from sandbox.hmrc.api.fields import TaxYear, read_date
from sandbox.hmrc.api.problems import Problem
from sandbox.hmrc.api.property_business import problems
from sandbox.hmrc.api.property_business.countries import COUNTRIES

Body = Mapping[str, Any]
Rule = Callable[[Body, TaxYear | None], Iterator[Problem]]

BESIDE_CONSOLIDATED = frozenset(
    {
        "consolidatedExpenses",
        "residentialFinancialCost",
        "residentialFinancialCostsCarriedForward",
        "broughtFwdResidentialFinancialCost",
        "rentARoom",
    }
)
_ALLOWANCE = "propertyIncomeAllowance"


def dates_in_order(body: Body, _: TaxYear | None) -> Iterator[Problem]:
    start, end = date_of(body, "fromDate"), date_of(body, "toDate")
    if start and end and end < start:
        yield problems.TO_BEFORE_FROM


def both_dates_or_none(body: Body, _: TaxYear | None) -> Iterator[Problem]:
    if ("fromDate" in body) != ("toDate" in body):
        yield problems.MISSING_DATES


def one_kind_of_expenses(body: Body, _: TaxYear | None) -> Iterator[Problem]:
    for path, expenses in _every(body, "expenses"):
        if "consolidatedExpenses" in expenses and expenses.keys() - BESIDE_CONSOLIDATED:
            yield problems.BOTH_EXPENSES.at(path)


def one_kind_of_allowances(body: Body, _: TaxYear | None) -> Iterator[Problem]:
    for path, allowances in _every(body, "allowances"):
        if _ALLOWANCE in allowances and allowances.keys() - {_ALLOWANCE}:
            yield problems.BOTH_ALLOWANCES.at(path)


def no_private_use_with_allowance(body: Body, _: TaxYear | None) -> Iterator[Problem]:
    private = {_parent(path) for path, found in _every(body, "adjustments") if "privateUseAdjustment" in found}
    for path, allowances in _every(body, "allowances"):
        if _ALLOWANCE in allowances and _parent(path) in private:
            yield problems.PROPERTY_ALLOWANCE.at(f"{path}/{_ALLOWANCE}")


def named_buildings(body: Body, _: TaxYear | None) -> Iterator[Problem]:
    for path, building in _every(body, "building"):
        if not building.keys() & {"name", "number"}:
            yield problems.BUILDING.at(path)


def known_countries(body: Body, _: TaxYear | None) -> Iterator[Problem]:
    for path, code in _every(body, "countryCode"):
        if len(code) == 3 and code.isupper() and code not in COUNTRIES:  # noqa: PLR2004 - alpha-3
            yield problems.NO_SUCH_COUNTRY.at(path)


def each_country_once(body: Body, _: TaxYear | None) -> Iterator[Problem]:
    yield from _repeated(body, "countryCode", problems.SAME_COUNTRY)


def each_property_once(body: Body, _: TaxYear | None) -> Iterator[Problem]:
    yield from _repeated(body, "propertyId", problems.SAME_PROPERTY)


def end_in_tax_year(body: Body, year: TaxYear | None) -> Iterator[Problem]:
    if ("endDate" in body) != ("endReason" in body):
        yield problems.MISSING_END
    end = date_of(body, "endDate")
    if end and year and end < year.start:
        yield problems.END_TOO_EARLY.at("/endDate")
    if end and year and end > year.end:
        yield problems.END_TOO_LATE.at("/endDate")


def date_of(body: Body, name: str) -> date | None:
    """Read a date of a body; None if there is none, or no good one."""
    return read_date(body.get(name, ""))


def _repeated(body: Body, name: str, problem: Problem) -> Iterator[Problem]:
    found = list(_every(body, name))
    counts = Counter(value for _, value in found)
    paths = [path for path, value in found if counts[value] > 1]
    if paths:
        yield problem.at(*paths)


def _every(value: object, name: str, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every field of that name, however deep, with its path."""
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from _every(item, name, f"{path}/{place}")
    if isinstance(value, dict):
        for key, item in value.items():
            if key == name:
                yield f"{path}/{key}", item
            yield from _every(item, name, f"{path}/{key}")


def _parent(path: str) -> str:
    return path.rpartition("/")[0]
