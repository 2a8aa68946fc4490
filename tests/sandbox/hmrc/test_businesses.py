"""A business as it is written and read, and what of it is not one of HMRC's."""

from datetime import date
from typing import Any

import pytest

from sandbox.hmrc.businesses import Business, Latency, read_business

FULL = Business(
    business_id="XBIS10000000006",
    type_of_business="self-employment",
    trading_name="Thornycombe Frames",
    quarterly_type="calendar",
    year_of_choice="2026-27",
    commencement_date=date(2025, 6, 1),
    cessation_date=date(2027, 6, 1),
    accounting_type="ACCRUAL",
    accounting_period=(date(2025, 4, 6), date(2026, 4, 5)),
    latency=Latency(
        end_date=date(2027, 4, 5), tax_year_1="2025-26", indicator_1="A", tax_year_2="2026-27", indicator_2="Q"
    ),
    address_lines=("4 Chisel Yard", "Nether Quillcombe"),
    postcode="TS1 1PA",
    country_code="GB",
)


def test_a_business_is_read_as_it_was_written() -> None:
    assert read_business(FULL.describe()) == FULL


def test_a_business_needs_no_more_than_its_type() -> None:
    business = read_business({"type_of_business": "uk-property"})

    assert business == Business(business_id=business.business_id, type_of_business="uk-property")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"type_of_business": "castle"}, "type_of_business"),
        ({"type_of_business": None}, "type_of_business"),
        ({"business_id": "X1"}, "business_id"),
        ({"business_id": 7}, "business_id"),
        ({"quarterly_type": "weekly"}, "quarterly_type"),
        ({"year_of_choice": "2026"}, "year_of_choice"),
        ({"commencement_date": "long ago"}, "commencement_date"),
        ({"cessation_date": 2026}, "cessation_date"),
        ({"accounting_type": "BARTER"}, "accounting_type"),
        ({"accounting_period": ["2025-04-06"]}, "accounting_period"),
        ({"latency": {"tax_year_1": "2025-26"}}, "latency"),
        ({"latency": FULL.describe()["latency"] | {"indicator_1": "B"}}, "latency"),
        ({"latency": "A"}, "latency"),
        ({"address_lines": "4 Chisel Yard"}, "address_lines"),
        ({"address_lines": ["1", "2", "3", "4", "5"]}, "address_lines"),
        ({"moat": True}, "these fields"),
    ],
)
def test_a_field_that_is_not_one_of_hmrcs_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        read_business(FULL.describe() | change)


def test_what_is_no_object_is_no_business() -> None:
    with pytest.raises(ValueError, match="fields"):
        read_business(["uk-property"])
