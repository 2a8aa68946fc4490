"""Income tax on property profit: allowance, bands, the finance cost reducer, tax already deducted."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from sandbox.hmrc.api.calculations.figures import Figures
from sandbox.hmrc.api.calculations.rates import BASIC, Rates

PENNY = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Band:
    """The income that fell into a band, in whole pounds, and the tax on it."""

    name: str
    rate: Decimal
    limit: int
    income: int
    tax: Decimal


@dataclass(frozen=True, kw_only=True)
class Tax:
    """The outcome. Income is in whole pounds, rounded down; tax is to the penny."""

    figures: Figures
    profit: int
    loss: int
    allowance: int
    allowance_used: int
    bands: tuple[Band, ...]
    relievable: Decimal
    reducer: Decimal

    @property
    def taxable(self) -> int:
        return self.profit - self.allowance_used

    @property
    def charged(self) -> Decimal:
        return sum((band.tax for band in self.bands), Decimal(0))

    @property
    def after_reliefs(self) -> Decimal:
        return self.charged - self.reducer

    @property
    def due(self) -> Decimal:
        """Return what is left to pay; below nought it is a repayment."""
        return self.after_reliefs - self.figures.tax_deducted


def work_out(figures: Figures, rates: Rates) -> Tax:
    """Tax the profit, as if the taxpayer had no other income."""
    profit, loss = _whole(figures.adjusted), _whole(-figures.adjusted)
    allowance = rates.allowance(profit)
    used = min(allowance, profit)
    bands = tuple(_split(profit - used, rates))
    # Relief is on the least of finance costs, profit, and income above the allowance (section 274AA ITTOIA 2005).
    relievable = min(figures.finance_costs, Decimal(profit - used))
    charged = sum((band.tax for band in bands), Decimal(0))
    return Tax(
        figures=figures,
        profit=profit,
        loss=loss,
        allowance=allowance,
        allowance_used=used,
        bands=bands,
        relievable=relievable,
        reducer=min(_percent(relievable, BASIC), charged),
    )


def _split(taxable: int, rates: Rates) -> Iterator[Band]:
    reached = 0
    for name, rate, limit in rates.bands():
        income = min(taxable, limit) - reached
        if income <= 0:
            return
        yield Band(name=name, rate=rate, limit=limit, income=income, tax=_percent(Decimal(income), rate))
        reached += income


def _whole(amount: Decimal) -> int:
    return max(0, int(amount.to_integral_value(ROUND_DOWN)))


def _percent(amount: Decimal, rate: Decimal) -> Decimal:
    return (amount * rate / 100).quantize(PENNY, ROUND_DOWN)
