"""The tax on property profit: worked examples, and what holds for any profit."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.hmrc.api.calculations import rates
from sandbox.hmrc.api.calculations.figures import Figures, add_up
from sandbox.hmrc.api.calculations.tax import Tax, work_out
from sandbox.hmrc.api.fields import TaxYear

QUICK = settings(max_examples=100, deadline=None)
POUNDS = st.decimals(0, 500_000, places=2, allow_nan=False)
YEARS = st.integers(2017, 2030).map(TaxYear)


def tax_on(income: Decimal | str, *, year: TaxYear | None = None, costs: Decimal | str = "0", paid: str = "0") -> Tax:
    figures = Figures(
        income=Decimal(income),
        expenses=Decimal(0),
        finance_costs=Decimal(costs),
        tax_deducted=Decimal(paid),
        additions=Decimal(0),
        deductions=Decimal(0),
    )
    return work_out(figures, rates.of(year or TaxYear(2026)))


@pytest.mark.parametrize(
    ("income", "starts_in", "charged"),
    [
        ("12570.99", 2026, "0"),
        ("12571.00", 2026, "0.20"),
        ("50270", 2026, "7540.00"),
        ("50271.99", 2026, "7540.40"),
        ("54000", 2026, "9032.00"),
        ("110000", 2026, "33432.00"),
        ("125140", 2026, "42516.00"),
        ("200000", 2026, "76203.00"),
        ("160000", 2022, "56960.00"),
        ("20000", 2017, "1700.00"),
        ("20000", 2018, "1630.00"),
        ("20000", 2020, "1500.00"),
    ],
)
def test_worked_examples(income: str, starts_in: int, charged: str) -> None:
    assert tax_on(income, year=TaxYear(starts_in)).charged == Decimal(charged)


@pytest.mark.parametrize(
    ("income", "costs", "relievable", "reducer"),
    [
        ("54000", "4000", "4000", "800.00"),
        ("54000", "4000.55", "4000.55", "800.11"),
        ("15570", "4000", "3000", "600.00"),
        ("12000", "4000", "0", "0"),
    ],
)
def test_finance_costs_reduce_the_tax_at_the_basic_rate(income: str, costs: str, relievable: str, reducer: str) -> None:
    tax = tax_on(income, costs=costs)

    assert (tax.relievable, tax.reducer) == (Decimal(relievable), Decimal(reducer))
    assert tax.after_reliefs == tax.charged - Decimal(reducer)


def test_tax_that_was_deducted_may_come_back() -> None:
    assert tax_on("12000", paid="120.50").due == Decimal("-120.50")


def test_a_loss_bears_no_tax() -> None:
    body: dict[str, Any] = {"ukProperty": {"income": {"periodAmount": 100}, "expenses": {"other": Decimal("350.75")}}}

    tax = work_out(add_up([body], None), rates.of(TaxYear(2026)))

    assert (tax.profit, tax.loss, tax.charged) == (0, 250, Decimal(0))


@QUICK
@given(POUNDS, YEARS)
def test_the_bands_hold_all_taxable_income_and_no_more(income: Decimal, year: TaxYear) -> None:
    tax = tax_on(income, year=year)

    assert sum(band.income for band in tax.bands) == tax.taxable == int(income) - tax.allowance_used
    assert 0 <= tax.allowance_used <= min(tax.allowance, int(income))


@QUICK
@given(POUNDS, POUNDS, YEARS)
def test_more_income_never_means_less_tax_nor_a_rate_above_sixty_per_cent(
    income: Decimal, more: Decimal, year: TaxYear
) -> None:
    less_tax, more_tax = tax_on(income, year=year).charged, tax_on(income + more, year=year).charged

    # Where the allowance is tapered, two pounds more take one away: 40 % on three pounds for two, and rounding.
    assert 0 <= more_tax - less_tax <= (more + 4) * Decimal("0.6")


@QUICK
@given(POUNDS, POUNDS)
def test_relief_never_exceeds_the_tax_or_a_fifth_of_the_costs(income: Decimal, costs: Decimal) -> None:
    tax = tax_on(income, costs=costs)

    assert 0 <= tax.reducer <= min(tax.charged, costs / 5)


class TestFigures:
    UPDATE: dict[str, Any] = {
        "ukProperty": {
            "income": {"periodAmount": Decimal("1000.10"), "taxDeducted": 20, "rentARoom": {"rentsReceived": 50}},
            "expenses": {
                "travelCosts": Decimal("-0.10"),
                "other": 5,
                "rentARoom": {"amountClaimed": 10},
                "residentialFinancialCost": 100,
                "residentialFinancialCostsCarriedForward": 30,
            },
        }
    }

    def test_keep_finance_costs_and_tax_deducted_apart(self) -> None:
        figures = add_up([self.UPDATE], None)

        assert (figures.income, figures.expenses) == (Decimal("1050.10"), Decimal("14.90"))
        assert (figures.finance_costs, figures.tax_deducted) == (Decimal(130), Decimal(20))

    def test_add_up_several_periods_with_and_without_holiday_lettings(self) -> None:
        periods = [{"ukNonFhlProperty": self.UPDATE["ukProperty"]}, {"ukFhlProperty": {"income": {"periodAmount": 7}}}]

        assert add_up(periods, None).income == Decimal("1057.10")

    def test_take_in_the_annual_submission(self) -> None:
        annual = {
            "ukProperty": {
                "adjustments": {"balancingCharge": 8, "nonResidentLandlord": True, "rentARoom": {"jointlyLet": True}},
                "allowances": {"annualInvestmentAllowance": 3, "structuredBuildingAllowance": [{"amount": 4}]},
            }
        }

        figures = add_up([self.UPDATE], annual)

        assert (figures.additions, figures.deductions) == (Decimal(8), Decimal(7))
        assert figures.adjusted == figures.net + 1

    def test_have_the_property_allowance_instead_of_expenses(self) -> None:
        figures = add_up([self.UPDATE], {"ukProperty": {"allowances": {"propertyIncomeAllowance": 1000}}})

        assert (figures.expenses + figures.finance_costs, figures.adjusted) == (Decimal(0), Decimal("50.10"))
