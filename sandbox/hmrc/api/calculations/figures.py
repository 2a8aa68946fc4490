"""What a year's submissions about UK property come to, in exact pounds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Body = Mapping[str, Any]

_PARTS = ("ukProperty", "ukNonFhlProperty", "ukFhlProperty")
_TAX_DEDUCTED = "taxDeducted"
_FINANCE = frozenset({"residentialFinancialCost", "residentialFinancialCostsCarriedForward"})
_PROPERTY_ALLOWANCE = "propertyIncomeAllowance"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """
    Totals of one business and year.

    `finance_costs` of residential property are no expense: they reduce the tax. `additions` are balancing charges
    and private use, `deductions` the allowances.
    """

    income: Decimal
    expenses: Decimal
    finance_costs: Decimal
    tax_deducted: Decimal
    additions: Decimal
    deductions: Decimal

    @property
    def net(self) -> Decimal:
        return self.income - self.expenses

    @property
    def adjusted(self) -> Decimal:
        """Return the profit, or below nought the loss, after additions and deductions."""
        return self.net + self.additions - self.deductions


def add_up(updates: Iterable[Body], annual: Body | None) -> Figures:
    """Add up a year's updates (one if they are cumulative) and its annual submission."""
    parts = [part for update in updates for part in _parts(update)]
    incomes = [part.get("income", {}) for part in parts]
    expenses = [part.get("expenses", {}) for part in parts]
    allowances = [part.get("allowances", {}) for part in _parts(annual or {})]
    adjustments = [part.get("adjustments", {}) for part in _parts(annual or {})]
    # Who claims the £1,000 property allowance claims it instead of all expenses.
    has_allowance = any(_PROPERTY_ALLOWANCE in one for one in allowances)
    return Figures(
        income=_sum(incomes, without={_TAX_DEDUCTED}),
        expenses=Decimal(0) if has_allowance else _sum(expenses, without=_FINANCE),
        finance_costs=Decimal(0) if has_allowance else _sum(expenses, only=_FINANCE),
        tax_deducted=_sum(incomes, only={_TAX_DEDUCTED}),
        additions=_sum(adjustments),
        deductions=_sum(allowances),
    )


def _parts(body: Body) -> list[Body]:
    return [body[name] for name in _PARTS if name in body]


def _sum(
    objects: Iterable[Body], *, only: Iterable[str] | None = None, without: Iterable[str] = frozenset()
) -> Decimal:
    return sum(
        (
            _amount(value)
            for one in objects
            for name, value in one.items()
            if (only is None or name in only) and name not in without
        ),
        Decimal(0),
    )


def _amount(value: object) -> Decimal:
    """Return an amount, or those of a rent-a-room object or of a list of buildings; a boolean is none."""
    if isinstance(value, dict):
        return _sum([value])
    if isinstance(value, list):
        return sum((Decimal(one["amount"]) for one in value), Decimal(0))
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else Decimal(0)
