"""A UK property business's annual submission: adjustments and allowances, HMRC's names, nesting, bounds and rules.

Source: hmrc/property-business-api, app/v6/createAmendUkPropertyAnnualSubmission, tax years from 2025-26 (bounds;
RULE_BOTH_ALLOWANCES_SUPPLIED, RULE_PROPERTY_INCOME_ALLOWANCE, RULE_BUILDING_NAME_NUMBER).
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from mtd.shapes import Amount, Day, Flag, Object, Several, Text
from tenants.faults import FieldFault

_PROPERTY_ALLOWANCE = "propertyIncomeAllowance"
_BUILDINGS = ("structuredBuildingAllowance", "enhancedStructuredBuildingAllowance")
_NAME = Text(re.compile(r"[0-9a-zA-Z{\u00c0-\u02ff\u2019}\- _&`():.'^]{1,90}"))
_POUNDS = Amount()
_FIRST_YEAR = Object(
    {"qualifyingDate": Day(), "qualifyingAmountExpenditure": _POUNDS},
    required=frozenset({"qualifyingDate", "qualifyingAmountExpenditure"}),
)
_BUILDING = Object(dict.fromkeys(("name", "number", "postcode"), _NAME), required=frozenset({"postcode"}))
_BUILDING_ALLOWANCE = Object(
    {"amount": _POUNDS, "firstYear": _FIRST_YEAR, "building": _BUILDING}, required=frozenset({"amount", "building"})
)
ADJUSTMENTS = Object(
    {
        "balancingCharge": _POUNDS,
        "privateUseAdjustment": _POUNDS,
        "businessPremisesRenovationAllowanceBalancingCharges": _POUNDS,
        "nonResidentLandlord": Flag(),
        "rentARoom": Object({"jointlyLet": Flag()}, required=frozenset({"jointlyLet"})),
    },
    required=frozenset({"nonResidentLandlord"}),
)
ALLOWANCES = Object(
    {
        "annualInvestmentAllowance": _POUNDS,
        "businessPremisesRenovationAllowance": _POUNDS,
        "otherCapitalAllowance": _POUNDS,
        "costOfReplacingDomesticItems": _POUNDS,
        "zeroEmissionsCarAllowance": _POUNDS,
        _PROPERTY_ALLOWANCE: Amount(high=Decimal(1000)),
        **dict.fromkeys(_BUILDINGS, Several(_BUILDING_ALLOWANCE)),
    }
)
UK_PROPERTY = Object({"adjustments": ADJUSTMENTS, "allowances": ALLOWANCES})


def read(given: Any) -> tuple[dict[str, Any], list[FieldFault]]:
    """What is sent as `ukProperty`, amounts as Decimal of two places; and every fault there is, with its pointer."""
    faults: list[FieldFault] = []
    content = UK_PROPERTY.read(given, "", faults)
    return content, [*faults, *_rules(content)]


def _rules(content: Mapping[str, Any]) -> Iterator[FieldFault]:
    allowances, adjustments = content.get("allowances", {}), content.get("adjustments", {})
    if _PROPERTY_ALLOWANCE in allowances and len(allowances) > 1:
        said = "The property income allowance goes with no other allowance."
        yield FieldFault("/allowances", "rule_both_allowances_supplied", said)
    if _PROPERTY_ALLOWANCE in allowances and "privateUseAdjustment" in adjustments:
        said = "The property income allowance does not go with a private use adjustment."
        yield FieldFault(f"/allowances/{_PROPERTY_ALLOWANCE}", "rule_property_income_allowance", said)
    for name in _BUILDINGS:
        for place, each in enumerate(allowances.get(name, [])):
            building = each.get("building", {})
            if building and not building.keys() & {"name", "number"}:
                said = "A building has a name or a number."
                yield FieldFault(f"/allowances/{name}/{place}/building", "rule_building_name_number", said)
