"""Fixed answers: a calculation of the same figures, whoever asks for whichever year."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.hmrc.api.calculations import document, rates, tax
from sandbox.hmrc.api.calculations.document import IN_YEAR, Source
from sandbox.hmrc.api.calculations.figures import Figures
from sandbox.hmrc.api.fields import TaxYear

SOME_ID = "717f3a7a-db8e-41e9-a2b1-0f4ae50b6b2d"
_FIGURES = Figures(
    income=Decimal("68500.75"),
    expenses=Decimal("9312.40"),
    finance_costs=Decimal("6200.00"),
    tax_deducted=Decimal("120.00"),
    additions=Decimal(0),
    deductions=Decimal("1500.00"),
)


@dataclass(frozen=True, kw_only=True)
class Example:
    """Which kinds of income a fixed calculation names, beside the business's."""

    business_id: str = "XPIS12345678901"
    type_of_business: str = "uk-property"
    others: tuple[str, ...] = ()
    regime: str = "uk"
    has_errors: bool = False


_SHOP: Mapping[str, Any] = {"business_id": "XBIS12345678901", "type_of_business": "self-employment"}
EXAMPLES = {
    "UK_SE_SAVINGS_EXAMPLE": Example(**_SHOP, others=("uk-savings-and-gains",)),
    "UK_SE_GIFTAID_EXAMPLE": Example(**_SHOP, others=("charitable-giving",)),
    "SCOT_SE_DIVIDENDS_EXAMPLE": Example(**_SHOP, others=("uk-dividends",), regime="scotland"),
    "UK_PROP_SAVINGS_EXAMPLE": Example(others=("uk-savings-and-gains",)),
    "UK_PROP_DIVIDENDS_EXAMPLE": Example(others=("uk-dividends",)),
    "UK_PROP_GIFTAID_EXAMPLE": Example(others=("charitable-giving",)),
    "UK_MULTIPLE_INCOMES_EXAMPLE": Example(others=("uk-savings-and-gains", "uk-dividends")),
    "ERROR_MESSAGES_EXIST": Example(has_errors=True),
}


def write(calculation_id: str, year: TaxYear, *, nino: str, example: Example) -> dict[str, Any]:
    """Write a whole calculation, or, with errors, one without results."""
    moment = document.noon(year.end)
    source = Source(
        business_id=example.business_id,
        type_of_business=example.type_of_business,
        commencement_date=TaxYear(2016).start,
        from_date=year.start,
        to_date=year.end,
        received_at=moment,
    )
    outcome = tax.work_out(_FIGURES, rates.of(year))
    metadata = document.write_metadata(
        calculation_id=calculation_id,
        year=year,
        kind=IN_YEAR,
        requested_at=moment,
        declared_at=None,
        period=(year.start, year.end),
    )
    inputs = document.write_inputs(year, nino=nino, source=source, others=example.others, regime=example.regime)
    if example.has_errors:
        errors = [{"id": "C00003", "text": "The updates of the tax year do not agree with one another"}]
        return {"metadata": metadata, "inputs": inputs, "messages": {"errors": errors}}
    return {
        "metadata": metadata,
        "inputs": inputs,
        "calculation": document.write_calculation(outcome, kind=IN_YEAR, source=source),
        "messages": document.write_messages(outcome),
    }
