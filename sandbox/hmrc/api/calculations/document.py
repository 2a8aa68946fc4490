"""
The calculation as HMRC writes it out.

HMRC's four schemas (up to 2023-24, 2024-25, 2025-26, from 2026-27) differ, for what is written here, in the
metadata's words and in whether a source lists its periods or its one period.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sandbox.hmrc.api.calculations.rates import BASIC
from sandbox.hmrc.api.calculations.tax import Band, Tax
from sandbox.hmrc.api.fields import FIRST_CUMULATIVE_YEAR, TaxYear
from sandbox.hmrc.clock import to_iso

Json = dict[str, Any]

IN_YEAR = "in-year"
# What a calculation is called in its own metadata once it is declared; the list has other words.
DECLARED_AS = {"final-declaration": "declare-finalisation", "confirm-amendment": "confirm-amendment"}
FINANCE_COSTS_NOTE = {"id": "C00001", "text": "Residential finance costs have reduced the tax, not the profit"}
LOSS_NOTE = {"id": "C00002", "text": "The expenses are more than the income: there is a loss and no tax on it"}


@dataclass(frozen=True, kw_only=True)
class Source:
    """A business and what was received of it for the year."""

    business_id: str
    commencement_date: date
    from_date: date
    to_date: date
    received_at: float
    type_of_business: str = "uk-property"


def noon(day: date) -> float:
    """Return the moment of a day's noon."""
    return datetime.combine(day, time(12), tzinfo=UTC).timestamp()


def write_metadata(
    *,
    calculation_id: str,
    year: TaxYear,
    kind: str,
    requested_at: float,
    declared_at: float | None,
    period: tuple[date, date],
) -> Json:
    """Write who asked for what and when. `kind` is the list's word: in-year, …, final-declaration."""
    common = {
        "calculationId": calculation_id,
        "taxYear": str(year),
        "requestedBy": "customer",
        "requestedTimestamp": to_iso(requested_at),
        "calculationReason": "customer-request",
        "calculationTimestamp": to_iso(requested_at),
        "periodFrom": period[0].isoformat(),
        "periodTo": period[1].isoformat(),
    }
    own = _own_words if year >= FIRST_CUMULATIVE_YEAR else _old_words
    return common | own(kind, to_iso(declared_at) if declared_at is not None else None)


def _own_words(kind: str, declared: str | None) -> Json:
    moment = "confirmationTimestamp" if kind == "confirm-amendment" else "finalisationTimestamp"
    return {"calculationType": DECLARED_AS.get(kind, kind)} | ({moment: declared} if declared else {})


def _old_words(kind: str, declared: str | None) -> Json:
    return {
        "calculationType": IN_YEAR if kind == IN_YEAR else "final-declaration",
        "intentToSubmitFinalDeclaration": kind == "intent-to-finalise",
        "finalDeclaration": declared is not None,
    } | ({"finalDeclarationTimestamp": declared} if declared else {})


def write_inputs(year: TaxYear, *, nino: str, source: Source, others: Sequence[str] = (), regime: str = "uk") -> Json:
    """Write what the calculation was made from; `others` are kinds of income that come from no business."""
    sources = {"businessIncomeSources": [_source(year, source)]}
    listed = [{"incomeSourceType": one, "startDate": year.start.isoformat(), "source": "MTD-SA"} for one in others]
    return {
        "personalInformation": {"identifier": nino.strip(), "taxRegime": regime},
        "incomeSources": sources | ({"nonBusinessIncomeSources": listed} if listed else {}),
    }


def _source(year: TaxYear, source: Source) -> Json:
    received = to_iso(source.received_at)
    period = {
        "startDate": source.from_date.isoformat(),
        "endDate": source.to_date.isoformat(),
        "receivedDateTime": received,
    }
    return {
        "incomeSourceId": source.business_id,
        "incomeSourceType": source.type_of_business,
        "accountingPeriodStartDate": year.start.isoformat(),
        "accountingPeriodEndDate": year.end.isoformat(),
        "source": "MTD-SA",
        "commencementDate": source.commencement_date.isoformat(),
        "latestPeriodEndDate": source.to_date.isoformat(),
        "latestReceivedDateTime": received,
    } | ({"submissionPeriod": period} if year >= FIRST_CUMULATIVE_YEAR else {"submissionPeriods": [period]})


def write_calculation(tax: Tax, *, kind: str, source: Source) -> Json:
    """Write the tax on the profit of one business, with an estimate of the year's end while the year runs."""
    return {
        "allowancesAndDeductions": {"personalAllowance": tax.allowance},
        "businessProfitAndLoss": [_profit_and_loss(tax, source)],
        "incomeSummaryTotals": _summary(tax, source),
        "taxCalculation": _tax_calculation(tax),
    } | _optional(
        {
            "reliefs": _reliefs(tax) if tax.figures.finance_costs else None,
            "taxDeductedAtSource": _deducted(tax) if tax.figures.tax_deducted else None,
            "endOfYearEstimate": _estimate(tax, source) if kind == IN_YEAR else None,
        }
    )


def write_messages(tax: Tax) -> Json:
    """Write the notes, none of which is an error."""
    return _optional(
        {
            "info": [FINANCE_COSTS_NOTE] if tax.figures.finance_costs else None,
            "warnings": [LOSS_NOTE] if tax.loss else None,
        }
    )


def _profit_and_loss(tax: Tax, source: Source) -> Json:
    figures = tax.figures
    net = {"netProfit": figures.net} if figures.net >= 0 else {"netLoss": -figures.net}
    outcome = {"adjustedIncomeTaxLoss": tax.loss} if tax.loss else {"taxableProfit": tax.profit}
    return (
        {
            "incomeSourceId": source.business_id,
            "incomeSourceType": source.type_of_business,
            "totalIncome": figures.income,
            "totalExpenses": figures.expenses,
        }
        | net
        | {"totalAdditions": figures.additions, "totalDeductions": figures.deductions}
        | outcome
    )


def _summary(tax: Tax, source: Source) -> Json:
    is_property = source.type_of_business == "uk-property"
    names = ("totalPropertyProfit", "totalUKOtherPropertyProfit") if is_property else ("totalSelfEmploymentProfit",)
    return dict.fromkeys(names, tax.profit)


def _reliefs(tax: Tax) -> Json:
    costs = tax.figures.finance_costs
    ours = {"amountClaimed": int(costs), "allowableAmount": tax.relievable}
    return {
        "residentialFinanceCosts": {
            "adjustedTotalIncome": Decimal(tax.taxable),
            "totalAllowableAmount": tax.relievable,
            "relievableAmount": tax.relievable,
            "rate": BASIC,
            "totalResidentialFinanceCostsRelief": tax.reducer,
            "ukProperty": ours | _optional({"carryForwardAmount": costs - tax.relievable or None}),
        }
    }


def _deducted(tax: Tax) -> Json:
    return {"ukLandAndProperty": tax.figures.tax_deducted}


def _tax_calculation(tax: Tax) -> Json:
    return {
        "incomeTax": {
            "totalIncomeReceivedFromAllSources": tax.profit,
            "totalAllowancesAndDeductions": tax.allowance_used,
            "totalTaxableIncome": tax.taxable,
            "payPensionsProfit": {
                "incomeReceived": tax.profit,
                "allowancesAllocated": tax.allowance_used,
                "taxableIncome": tax.taxable,
                "incomeTaxAmount": tax.charged,
                "taxBands": [_band(band) for band in tax.bands],
            },
            "incomeTaxCharged": tax.charged,
            "totalReliefs": tax.reducer,
            "incomeTaxDueAfterReliefs": tax.after_reliefs,
            "totalIncomeTaxDue": tax.after_reliefs,
        },
        "totalIncomeTaxNicsCharged": tax.after_reliefs,
        "totalTaxDeducted": tax.figures.tax_deducted,
        "totalIncomeTaxAndNicsDue": tax.due,
    }


def _band(band: Band) -> Json:
    return {
        "name": band.name,
        "rate": band.rate,
        "bandLimit": band.limit,
        "apportionedBandLimit": band.limit,
        "income": band.income,
        "taxAmount": band.tax,
    }


def _estimate(tax: Tax, source: Source) -> Json:
    # As HMRC's own in-year estimate may be, but simpler: what was sent so far, taken for the whole year.
    return {
        "incomeSource": [
            {
                "incomeSourceId": source.business_id,
                "incomeSourceType": source.type_of_business,
                "taxableIncome": tax.profit,
            }
        ],
        "totalEstimatedIncome": tax.profit,
        "totalAllowancesAndDeductions": tax.allowance_used,
        "totalTaxableIncome": tax.taxable,
        "incomeTaxAmount": tax.after_reliefs,
        "totalTaxDeducted": tax.figures.tax_deducted,
        "incomeTaxNicAmount": tax.due,
    }


def _optional(fields: Mapping[str, Any]) -> Json:
    return {name: value for name, value in fields.items() if value is not None}
