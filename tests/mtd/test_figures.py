"""Figures: exact to the penny whatever is sent, and every fault with its pointer."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtd import figures
from mtd.figures import FIGURES
from mtd.shapes import Amount, Object, plain
from tenants.faults import FieldFault

MOST = Decimal("99999999999.99")
POSITIVE = st.decimals(min_value=0, max_value=MOST, places=2)
SIGNED = st.decimals(min_value=-MOST, max_value=MOST, places=2)
INCOME, EXPENSES = (dict(FIGURES.members[part].members) for part in ("income", "expenses"))  # type: ignore[attr-defined]
NOT_CONSOLIDATED = [
    name for name, each in EXPENSES.items() if name not in {"consolidatedExpenses", "rentARoom"} and each != Amount()
]
NAMES = st.text() | st.sampled_from([*FIGURES.members, *INCOME, *EXPENSES])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner),
    max_leaves=8,
)


def amounts(shape: Object) -> st.SearchStrategy[dict[str, Any]]:
    """Some of HMRC's figures of this shape, at least one, within their bounds."""
    each = {
        name: amounts(inner) if isinstance(inner, Object) else (POSITIVE if inner == Amount() else SIGNED)
        for name, inner in shape.members.items()
        if name != "consolidatedExpenses"
    }
    return st.fixed_dictionaries({}, optional=each).filter(bool)


def written(node: Any) -> Any:
    """As a client writes it."""
    return {name: written(inner) for name, inner in node.items()} if isinstance(node, dict) else str(node)


def pointers(faults: list[FieldFault]) -> list[str]:
    return [fault.pointer for fault in faults]


class TestTheThreshold:
    @pytest.mark.parametrize(
        ("income", "is_beyond"),
        [
            ({"periodAmount": "90000.00"}, False),
            ({"periodAmount": "90000.01"}, True),
            ({"periodAmount": "60000", "otherIncome": "20000", "rentARoom": {"rentsReceived": "10001"}}, True),
            ({"periodAmount": "90000", "taxDeducted": "5000"}, False),  # tax is no income
        ],
    )
    def test_of_income_ends_consolidated_expenses(self, income: dict[str, Any], is_beyond: bool) -> None:
        read, _ = figures.read({"income": income, "expenses": {"consolidatedExpenses": "1"}})

        faults = figures.beyond_threshold(read)

        assert pointers(faults) == (["/figures/expenses/consolidatedExpenses"] if is_beyond else [])

    @pytest.mark.parametrize("expenses", [{}, {"expenses": {"travelCosts": "1"}}])
    def test_is_nothing_to_itemised_expenses(self, expenses: dict[str, Any]) -> None:
        read, _ = figures.read({"income": {"periodAmount": "200000"}, **expenses})

        assert figures.beyond_threshold(read) == []


class TestGoodFigures:
    @given(amounts(FIGURES))
    def test_come_back_to_the_penny(self, sent: dict[str, Any]) -> None:
        read, faults = figures.read(written(sent))

        assert faults == []
        assert read == sent

    @given(amounts(FIGURES))
    def test_survive_sealing_to_the_penny(self, sent: dict[str, Any]) -> None:
        kept = json.dumps(plain(sent))

        again = figures.from_plain(json.loads(kept))
        assert again == sent
        assert json.dumps(plain(again)) == kept

    @given(SIGNED)
    def test_may_be_text_or_a_number_and_mean_the_same(self, amount: Decimal) -> None:
        as_text, _ = figures.read({"expenses": {"other": f"{amount:.2f}"}})
        as_number, _ = figures.read({"expenses": {"other": amount}})

        assert as_text == as_number

    @pytest.mark.parametrize(("sent", "kept"), [("1", "1.00"), ("1.5", "1.50"), (7, "7.00")])
    def test_are_kept_with_two_places(self, sent: Any, kept: str) -> None:
        read, faults = figures.read({"income": {"periodAmount": sent}})

        assert (plain(read), faults) == ({"income": {"periodAmount": kept}}, [])

    def test_may_hold_consolidated_expenses_beside_finance_costs_and_rent_a_room(self) -> None:
        sent = {
            "consolidatedExpenses": "1.00",
            "residentialFinancialCost": "2.00",
            "residentialFinancialCostsCarriedForward": "3.00",
            "rentARoom": {"amountClaimed": "4.00"},
        }

        assert figures.read({"expenses": sent})[1] == []


class TestBadFigures:
    @pytest.mark.parametrize(
        "amount",
        [
            *("0.001", "1.005", "100000000000.00", "-0.01", "NaN", "Infinity", "-Infinity", "sNaN", "", "1,00", "£1"),
            *(None, True, False, 1.5, [], ["1"], {}, {"a": "1"}, "1_000.00 x", "9" * 400, "1e999999999"),
        ],
    )
    def test_name_the_amount_that_is_none(self, amount: Any) -> None:
        _, faults = figures.read({"income": {"periodAmount": amount}})

        assert [(fault.pointer, fault.code) for fault in faults] == [("/figures/income/periodAmount", "format_value")]

    @given(st.sampled_from(sorted(set(INCOME) - {"rentARoom"})), st.decimals(max_value=-1, allow_nan=False, places=2))
    def test_name_income_below_zero(self, name: str, amount: Decimal) -> None:
        _, faults = figures.read({"income": {name: str(amount)}})

        assert pointers(faults) == [f"/figures/income/{name}"]

    @given(amounts(FIGURES), st.integers(min_value=1, max_value=4))
    def test_name_every_fault_and_not_only_the_first(self, sent: dict[str, Any], many: int) -> None:
        bad = {f"unheardOf{number}": "1.00" for number in range(many)}

        _, faults = figures.read({**written(sent), **bad})

        assert pointers(faults) == [f"/figures/{name}" for name in bad]

    @pytest.mark.parametrize("sent", [None, [], "1.00", {}, 1])
    def test_that_are_none_at_all_are_named_whole(self, sent: Any) -> None:
        read, faults = figures.read(sent)

        assert (read, pointers(faults)) == ({}, ["/figures"])
        assert faults[0].code == "rule_incorrect_or_empty_body_submitted"

    @pytest.mark.parametrize("part", ["income", "expenses"])
    def test_with_an_empty_part_name_the_part(self, part: str) -> None:
        assert pointers(figures.read({part: {}})[1]) == [f"/figures/{part}"]

    def test_tell_of_a_bad_amount_and_of_the_mixture_it_is_part_of_together(self) -> None:
        _, faults = figures.read({"expenses": {"consolidatedExpenses": "0.001", "travelCosts": "1.00"}})

        assert {fault.code for fault in faults} == {"format_value", "rule_both_expenses_supplied"}

    @pytest.mark.parametrize("name", NOT_CONSOLIDATED)
    def test_with_consolidated_expenses_beside_itemised_ones_name_the_expenses(self, name: str) -> None:
        _, faults = figures.read({"expenses": {"consolidatedExpenses": "1.00", name: "1.00"}})

        assert [(fault.pointer, fault.code) for fault in faults] == [
            ("/figures/expenses", "rule_both_expenses_supplied")
        ]

    def test_escape_what_a_pointer_must_escape(self) -> None:
        assert pointers(figures.read({"a/b~c": "1.00"})[1]) == ["/figures/a~1b~0c"]

    @settings(max_examples=40)
    @given(ANYTHING)
    def test_of_any_kind_are_told_and_never_raise(self, sent: Any) -> None:
        read, faults = figures.read(sent)

        assert all(fault.pointer.startswith("/figures") for fault in faults)
        assert faults or read


class TestTheDigest:
    PLACE = {"business_id": "XAIS12345678901", "tax_year": "2026-27", "start": "2026-04-06", "end": "2026-07-05"}

    def test_does_not_depend_on_the_order_or_the_writing_of_the_figures(self) -> None:
        one, _ = figures.read({"income": {"periodAmount": "1.5", "otherIncome": "2"}})
        two, _ = figures.read({"income": {"otherIncome": "2.00", "periodAmount": "1.50"}})

        assert figures.digest(one, **self.PLACE) == figures.digest(two, **self.PLACE)
        assert len(figures.digest(one, **self.PLACE)) == 32

    @pytest.mark.parametrize("part", ["business_id", "tax_year", "start", "end"])
    def test_differs_for_another_place(self, part: str) -> None:
        sent, _ = figures.read({"income": {"periodAmount": "1.50"}})

        assert figures.digest(sent, **self.PLACE) != figures.digest(sent, **{**self.PLACE, part: "another"})

    @given(amounts(FIGURES), amounts(FIGURES))
    def test_differs_for_other_figures(self, one: dict[str, Any], two: dict[str, Any]) -> None:
        same = plain(one) == plain(two)

        assert (figures.digest(one, **self.PLACE) == figures.digest(two, **self.PLACE)) is same
