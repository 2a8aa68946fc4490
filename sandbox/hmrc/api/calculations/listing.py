"""A calculation's line in the list; HMRC's words for it changed with 2023-24 and grew with 2025-26."""

from decimal import Decimal
from typing import Any

from sandbox.hmrc.api.calculations.document import IN_YEAR
from sandbox.hmrc.calculations import Calculation
from sandbox.hmrc.clock import to_iso

_FIRST_WITH_OUTCOME, _FIRST_WITH_DATES = "2023-24", "2025-26"


def write_entry(calculation: Calculation) -> dict[str, Any]:
    common = {
        "calculationId": calculation.calculation_id,
        "calculationTimestamp": to_iso(calculation.requested_at),
    }
    if calculation.tax_year < _FIRST_WITH_OUTCOME:
        return common | _old_words(calculation)
    words = {
        "calculationType": calculation.kind,
        "calculationTrigger": "attended",
        "calculationOutcome": "PROCESSED",
        "liabilityAmount": Decimal(calculation.liability),
    }
    days = {"fromDate": calculation.from_date.isoformat(), "toDate": calculation.to_date.isoformat()}
    return common | words | (days if calculation.tax_year >= _FIRST_WITH_DATES else {})


def _old_words(calculation: Calculation) -> dict[str, Any]:
    is_declared = calculation.declared_at is not None
    return {
        "calculationType": IN_YEAR if calculation.kind == IN_YEAR else "final-declaration",
        "requestedBy": "customer",
        "taxYear": calculation.tax_year,
        "totalIncomeTaxAndNicsDue": Decimal(calculation.liability),
        "intentToSubmitFinalDeclaration": calculation.kind == "intent-to-finalise",
        "finalDeclaration": is_declared,
    } | ({"finalDeclarationTimestamp": to_iso(calculation.declared_at)} if calculation.declared_at else {})
