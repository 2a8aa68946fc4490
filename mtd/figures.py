"""A cumulative update's figures: HMRC's names and nesting, its bounds, exact to the penny.

Source: hmrc/property-business-api, app/v6/createAmendUkPropertyCumulativeSummary/def1 (bounds, FORMAT_VALUE,
RULE_BOTH_EXPENSES_SUPPLIED, RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED).
"""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mtd.shapes import MOST, Amount, Object, plain
from tenants.faults import FieldFault

_THRESHOLD = Decimal(90_000)
_ZERO = Decimal(0)
_POUNDS, _SIGNED = Amount(), Amount(low=-MOST)

_INCOME = Object(
    {
        **dict.fromkeys(
            ("premiumsOfLeaseGrant", "reversePremiums", "periodAmount", "taxDeducted", "otherIncome"), _POUNDS
        ),
        "rentARoom": Object({"rentsReceived": _POUNDS}),
    }
)
_EXPENSES = Object(
    {
        "premisesRunningCosts": _SIGNED,
        "repairsAndMaintenance": _SIGNED,
        "financialCosts": _SIGNED,
        "professionalFees": _SIGNED,
        "costOfServices": _SIGNED,
        "other": _SIGNED,
        "travelCosts": _SIGNED,
        "consolidatedExpenses": _SIGNED,
        "residentialFinancialCost": _POUNDS,
        "residentialFinancialCostsCarriedForward": _POUNDS,
        "rentARoom": Object({"amountClaimed": _POUNDS}),
    }
)
FIGURES = Object({"income": _INCOME, "expenses": _EXPENSES})
_BESIDE_CONSOLIDATED = {
    "consolidatedExpenses",
    "residentialFinancialCost",
    "residentialFinancialCostsCarriedForward",
    "rentARoom",
}


def read(given: Any, *, pointer: str = "/figures") -> tuple[dict[str, Any], list[FieldFault]]:
    """The figures with every amount a Decimal of two places, and every fault there is, each with its pointer.

    An amount that is none is None.
    """
    faults: list[FieldFault] = []
    figures = FIGURES.read(given, pointer, faults)
    expenses = figures.get("expenses", {}).keys()
    if "consolidatedExpenses" in expenses and expenses - _BESIDE_CONSOLIDATED:
        faults.append(
            FieldFault(
                f"{pointer}/expenses",
                "rule_both_expenses_supplied",
                "Consolidated expenses can't stand beside itemised ones.",
            )
        )
    return figures, faults


def beyond_threshold(figures: Mapping[str, Any], *, pointer: str = "/figures") -> list[FieldFault]:
    """Whether expenses are consolidated although the income is over £90,000 already: itemised ones are wanted then.

    HMRC does not look at this when it takes an update, but at the year's end (hmrc/self-assessment-bsas-api,
    RULE_OVER_CONSOLIDATED_EXPENSES_THRESHOLD; service guide).
    """
    if "consolidatedExpenses" not in figures.get("expenses", {}) or _turnover(figures.get("income", {})) <= _THRESHOLD:
        return []
    place, said = f"{pointer}/expenses/consolidatedExpenses", f"Above £{_THRESHOLD:,} of income expenses are itemised."
    return [FieldFault(place, "rule_over_consolidated_expenses_threshold", said)]


def _turnover(income: Mapping[str, Any]) -> Decimal:
    received = (amount for name, amount in income.items() if name not in {"taxDeducted", "rentARoom"})
    rents = income.get("rentARoom", {}).get("rentsReceived")
    return sum((amount for amount in (rents, *received) if amount is not None), _ZERO)


def digest(figures: Mapping[str, Any], *, business_id: str, tax_year: str, start: str, end: str) -> bytes:
    """SHA-256 of exactly what will be sent, 32 bytes: two submissions of the same figures have the same."""
    return hashlib.sha256(
        json.dumps([business_id, tax_year, start, end, plain(figures)], sort_keys=True).encode()
    ).digest()


def from_plain(figures: Any) -> Any:
    """The reverse of shapes.plain."""
    if isinstance(figures, Mapping):
        return {name: from_plain(inner) for name, inner in figures.items()}
    return Decimal(figures)
