"""Fixed answers, made from the shape of what is sent: every field once, with a value that its shape takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.hmrc.api.property_business.rules import BESIDE_CONSOLIDATED
from sandbox.hmrc.api.shapes import Array, Object, Shape, Value

SUBMITTED_ON = "2026-07-07T10:59:47.544Z"
SOME_ID = "4557ecb5-fd32-48cc-81f5-e6acd1099f3c"
_BY_NAME = {
    "countryCode": "FRA",
    "name": "Thornycombe House",
    "number": "7",
    "postcode": "TS1 1PA",
    "propertyName": "Villa Quillcombe",
    "fromDate": "2026-04-06",
    "toDate": "2027-04-05",
    "endDate": "2027-01-31",
    "qualifyingDate": "2020-04-06",
    "propertyId": SOME_ID,
}
_BY_TYPE = (Decimal("1250.50"), Decimal("999.99"), True, "disposal")
_CONSOLIDATED = "consolidatedExpenses"
_ALLOWANCE = "propertyIncomeAllowance"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Which of the fields an answer has: those of one part, and one kind of expenses and of allowances."""

    part: str | None = None
    consolidated: bool = False
    property_allowance: bool = False
    is_empty: bool = False

    def of(self, shape: Object) -> dict[str, Any]:
        """Fill a shape. A part that the year does not have counts as none asked for."""
        has_part = self.part in shape.fields
        kept = {name: field for name, field in shape.fields.items() if not has_part or self._keeps_part(name)}
        return {name: self._fill(name, field) for name, field in self._choose(kept).items()}

    def _keeps_part(self, name: str) -> bool:
        return name == self.part or not name.endswith(("Property", "Eea"))

    def _fill(self, name: str, shape: Shape) -> Any:
        if isinstance(shape, Object):
            return {each: self._fill(each, field) for each, field in self._choose(shape.fields).items()}
        if isinstance(shape, Array):
            return [self._fill(name, shape.items)]
        return _value(name, shape)

    def _choose(self, fields: Mapping[str, Shape]) -> Mapping[str, Shape]:
        left_out: set[str] = set()
        if _CONSOLIDATED in fields:
            left_out |= fields.keys() - BESIDE_CONSOLIDATED if self.consolidated else {_CONSOLIDATED}
        if _ALLOWANCE in fields:
            left_out |= fields.keys() - {_ALLOWANCE} if self.property_allowance else {_ALLOWANCE}
        if "privateUseAdjustment" in fields and self.property_allowance:
            left_out |= {"privateUseAdjustment"}
        return {name: field for name, field in fields.items() if name not in left_out}


def _value(name: str, shape: Value) -> Any:
    candidates = [_BY_NAME[name]] if name in _BY_NAME else list(_BY_TYPE)
    return next(one for one in candidates if type(one) in shape.types and shape.takes(one))
