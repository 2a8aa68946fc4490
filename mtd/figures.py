"""A cumulative update's figures: HMRC's names and nesting, its bounds, exact to the penny.

Source: hmrc/property-business-api, app/v6/createAmendUkPropertyCumulativeSummary/def1 (bounds, FORMAT_VALUE,
RULE_BOTH_EXPENSES_SUPPLIED, RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED).
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tenants.faults import FieldFault

_MOST = Decimal("99999999999.99")
_ZERO = Decimal(0)
_THRESHOLD = Decimal(90_000)
_WRITTEN = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?\Z")

# name → least amount; a mapping → nested object.
INCOME: dict[str, Any] = {
    **dict.fromkeys(("premiumsOfLeaseGrant", "reversePremiums", "periodAmount", "taxDeducted", "otherIncome"), _ZERO),
    "rentARoom": {"rentsReceived": _ZERO},
}
_SIGNED = (
    "premisesRunningCosts",
    "repairsAndMaintenance",
    "financialCosts",
    "professionalFees",
    "costOfServices",
    "other",
    "travelCosts",
    "consolidatedExpenses",
)
EXPENSES: dict[str, Any] = {
    **dict.fromkeys(_SIGNED, -_MOST),
    **dict.fromkeys(("residentialFinancialCost", "residentialFinancialCostsCarriedForward"), _ZERO),
    "rentARoom": {"amountClaimed": _ZERO},
}
FIGURES: dict[str, Any] = {"income": INCOME, "expenses": EXPENSES}
_BESIDE_CONSOLIDATED = {
    "consolidatedExpenses",
    "residentialFinancialCost",
    "residentialFinancialCostsCarriedForward",
    "rentARoom",
}


def read(given: Any, *, pointer: str = "/figures") -> tuple[dict[str, Any], list[FieldFault]]:
    """The figures with every amount a Decimal of two places, and every fault there is, each with its pointer."""
    faults: list[FieldFault] = []
    figures = _object(given, FIGURES, pointer, faults)
    expenses = _expenses_named(given)
    if "consolidatedExpenses" in expenses and expenses - _BESIDE_CONSOLIDATED:
        faults.append(
            FieldFault(
                f"{pointer}/expenses",
                "rule_both_expenses_supplied",
                "Consolidated expenses can't stand beside itemised ones.",
            )
        )
    return figures, faults


def _expenses_named(given: Any) -> set[str]:
    """The expenses that are there, sound or not: HMRC tells of an amount and of the mixture together."""
    expenses = given.get("expenses") if isinstance(given, Mapping) else None
    return expenses.keys() & EXPENSES.keys() if isinstance(expenses, Mapping) else set()


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
    rents: Decimal = income.get("rentARoom", {}).get("rentsReceived", _ZERO)
    return sum(received, rents)


def digest(figures: Mapping[str, Any], *, business_id: str, tax_year: str, start: str, end: str) -> bytes:
    """SHA-256 of exactly what will be sent, 32 bytes: two submissions of the same figures have the same."""
    return hashlib.sha256(
        json.dumps([business_id, tax_year, start, end, plain(figures)], sort_keys=True).encode()
    ).digest()


def plain(figures: Any) -> Any:
    """Amounts as strings of two places: for sealing, comparing and showing."""
    if isinstance(figures, Mapping):
        return {name: plain(inner) for name, inner in figures.items()}
    return f"{figures:.2f}"


def from_plain(figures: Any) -> Any:
    """The reverse of `plain`."""
    if isinstance(figures, Mapping):
        return {name: from_plain(inner) for name, inner in figures.items()}
    return Decimal(figures)


def _object(given: Any, shape: Mapping[str, Any], pointer: str, faults: list[FieldFault]) -> dict[str, Any]:
    if not isinstance(given, Mapping) or not given:
        faults.append(
            FieldFault(
                pointer, "rule_incorrect_or_empty_body_submitted", "An object with at least one figure is needed."
            )
        )
        return {}
    return dict(_members(given, shape, pointer, faults))


def _members(
    given: Mapping[str, Any], shape: Mapping[str, Any], pointer: str, faults: list[FieldFault]
) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        place = f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
        known = shape.get(name)
        if known is None:
            faults.append(FieldFault(place, "unknown_field", "HMRC has no such figure."))
        elif isinstance(known, Mapping):
            yield name, _object(value, known, place, faults)
        elif (amount := _amount(value, known, place, faults)) is not None:
            yield name, amount


def _amount(value: Any, least: Decimal, pointer: str, faults: list[FieldFault]) -> Decimal | None:
    try:
        amount = Decimal(value) if _is_amount(value) else None
    except InvalidOperation:
        amount = None
    if (
        amount is None
        or not amount.is_finite()
        or not least <= amount <= _MOST
        or amount != amount.quantize(Decimal("0.01"))
    ):
        faults.append(
            FieldFault(pointer, "format_value", f"An amount from {least:.2f} to {_MOST:.2f} with at most two decimals.")
        )
        return None
    return amount.quantize(Decimal("0.01")) + 0  # no minus nought


def _is_amount(value: Any) -> bool:
    # Python's own reading of numbers takes underscores, spaces and the digits of every script.
    if isinstance(value, str):
        return _WRITTEN.match(value) is not None
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
