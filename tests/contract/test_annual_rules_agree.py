"""What the product takes as an annual submission, the stand-in takes, and the other way about; HMRC's shape agrees."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mtd import annual_shape
from mtd.shapes import plain
from sandbox.hmrc.modes import PRODUCTION_LIKE
from tests.contract import facts
from tests.contract.samples import sample
from tests.contract.standin import Standin, codes
from tests.shapes import values

PUT = facts.find("PUT", "/individuals/business/property/uk/{nino}/{businessId}/annual/{taxYear}")
YEAR = "2026-27"
BUILDING = {"amount": 1, "building": {"postcode": "EH1 1AA", "name": "Plaza 2"}}
NAMELESS = {"amount": 1, "building": {"postcode": "EH1 1AA"}}

_amounts = st.one_of(
    st.decimals(-2, 2000, places=2),
    st.decimals(0, 10, places=3).filter(lambda amount: amount != round(amount, 2)),
    st.sampled_from([Decimal(text) for text in ("0", "1000", "1000.01", "99999999999.99", "100000000000", "1E+3")]),
)


@given(content=values(annual_shape.UK_PROPERTY, _amounts))
@example(content={"allowances": {"propertyIncomeAllowance": 1000}})
@example(content={"allowances": {"propertyIncomeAllowance": 1, "otherCapitalAllowance": 1}})
@example(
    content={
        "allowances": {"propertyIncomeAllowance": 1},
        "adjustments": {"nonResidentLandlord": True, "privateUseAdjustment": 1},
    }
)
@example(content={"adjustments": {"balancingCharge": 1}})
@example(content={"adjustments": {"nonResidentLandlord": True, "rentARoom": {"jointlyLet": False}}})
@example(content={"allowances": {"structuredBuildingAllowance": [BUILDING, NAMELESS]}})
@example(content={"allowances": {"enhancedStructuredBuildingAllowance": [BUILDING]}})
@settings(max_examples=150, deadline=None)
def test_an_annual_submission_is_taken_by_both_or_by_neither(
    content: dict[str, Any], standins: dict[str, Standin]
) -> None:
    request = sample(PUT).at(taxYear=YEAR)

    read, faults = annual_shape.read(content)

    body = {"ukProperty": content if faults else read}
    response = standins[PRODUCTION_LIKE].ask(replace(request, body=body))
    assert (response.status_code == PUT.success) == (not faults), (faults, response.text)
    if faults:
        # HMRC looks at the structure first, and tells of nothing else if that is wrong.
        assert set(codes(response)) <= {fault.code.upper() for fault in faults}
    else:
        assert facts.complaints(PUT.request, body, tax_year=YEAR) == []


@given(content=values(annual_shape.UK_PROPERTY, _amounts))
@settings(max_examples=50, deadline=None)
def test_what_was_read_and_sealed_is_read_again_to_the_penny(content: dict[str, Any]) -> None:
    read, faults = annual_shape.read(content)

    if not faults:
        assert annual_shape.read(plain(read)) == (read, [])
