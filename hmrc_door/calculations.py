"""HMRC's Individual Calculations API: what the tax would be, and the final declaration. `tax_year` as `2026-27`."""

from typing import Literal

from hmrc_door.hidden import Secret
from hmrc_door.operation import operation
from hmrc_door.versions import Api

_YEAR = "/individuals/calculations/{nino}/self-assessment/{tax_year}"
_CALCULATION = _YEAR + "/{calculation_id}"


@operation(Api.CALCULATIONS, "POST", _YEAR + "/trigger/{calculation_type}")
def trigger_calculation(
    *,
    nino: Secret,
    tax_year: str,
    calculation_type: Literal["in-year", "intent-to-finalise", "intent-to-amend"],
) -> None:
    """Ask for a calculation; HMRC answers 202 and `calculationId`. It takes no body. Amending is for 2025-26 on."""


@operation(Api.CALCULATIONS, "GET", _YEAR)
def list_calculations(*, nino: Secret, tax_year: str, calculation_type: str | None = None) -> None:
    """The calculations of a tax year, of one type or of all."""


@operation(Api.CALCULATIONS, "GET", _CALCULATION)
def get_calculation(*, nino: Secret, tax_year: str, calculation_id: str) -> None:
    """One calculation. 404 until it is ready: HMRC asks to wait five seconds before the first try."""


@operation(Api.CALCULATIONS, "POST", _CALCULATION + "/{calculation_type}")
def submit_declaration(
    *,
    nino: Secret,
    tax_year: str,
    calculation_id: str,
    calculation_type: Literal["final-declaration", "confirm-amendment"],
) -> None:
    """Declare the tax year final, by the calculation that the landlord has seen; HMRC answers 204. It takes no body."""
