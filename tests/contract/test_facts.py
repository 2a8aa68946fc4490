"""The facts themselves: how much there is, and that every shape can be read, exemplified and told from another."""

from decimal import Decimal

import pytest

from tests.contract import facts
from tests.contract.facts import Operation
from tests.contract.samples import sample
from tests.contract.shapes import Shape, complaints, in_year

# What the contract covers. A change here is a change of the contract.
COUNTS = {"operations": 64, "errors": 630, "codes": 113, "scenarios": 214, "statuses": 235}
WITH_A_BODY = [operation for operation in facts.operations() if operation.request is not None]


def test_the_contract_is_as_large_as_this() -> None:
    operations = facts.operations()

    assert {
        "operations": len(operations),
        "errors": sum(len(each.codes) for each in operations),
        "codes": len({code for each in operations for _, code in each.codes}),
        "scenarios": sum(len(each.scenarios) for each in operations),
        "statuses": sum(1 + len(each.errors) for each in operations),
    } == COUNTS


def test_no_operation_is_there_twice() -> None:
    assert len({(each.method, each.path) for each in facts.operations()}) == len(facts.operations())


@pytest.mark.parametrize("correction", facts.CORRECTIONS, ids=lambda each: each.operation)
def test_a_correction_is_to_what_hmrc_still_publishes(correction: facts.Correction) -> None:
    operation = facts.find(*correction.operation.split(" "))
    part: object = getattr(operation, str(correction.at[0]))
    for key in correction.at[1:]:
        part = part[key]  # type: ignore[index]

    assert part == correction.shape
    assert correction.why


@pytest.mark.parametrize("operation", WITH_A_BODY, ids=str)
@pytest.mark.parametrize("full", [False, True], ids=["least", "full"])
def test_a_body_can_be_made_of_every_request_shape(operation: Operation, full: bool) -> None:
    request = sample(operation, full=full)

    assert complaints(operation.request, request.body, tax_year=request.tax_year) == []


@pytest.mark.parametrize(
    ("shape", "body"),
    [
        ("£", Decimal("-0.01")),
        ("£", Decimal("0.001")),
        ("£", Decimal("100000000000.00")),
        ("£", "1.00"),
        ("£0dp", Decimal("1.5")),
        ("±£", Decimal("-100000000000.00")),
        ("n 0 1000 0.01", Decimal("1000.01")),
        ("s 1 3", ""),
        ("s 1 3", "four"),
        ("=a|b", "c"),
        ("~^X", "Y"),
        ("date", "2026-13-01"),
        ("datetime", "2026-11-22T10:00:00"),
        ("b", 1),
        (["s", 1], []),
        (["s"], [1]),
        ({"a*": "s"}, {}),
        ({"a": "s"}, {"b": "c"}),
        ({"@..2024-25": {"a*": "s"}, "@2025-26..": {"b*": "s"}}, {"b": "c"}),
    ],
    ids=str,
)
def test_what_does_not_fit_a_shape_is_complained_of(shape: Shape, body: object) -> None:
    assert complaints(shape, body, tax_year="2024-25") != []


def test_amounts_are_judged_as_decimals_not_floats() -> None:
    assert complaints(["£"], facts.loads(b"[0.07, 1.1, 2.2, 4321.09, 99999999999.99]")) == []


def test_a_shape_by_tax_year_is_that_of_the_year() -> None:
    shape: Shape = {"@..2024-25": "b", "@2025-26..2025-26": "s", "@2026-27..": "£"}

    assert [in_year(shape, year) for year in ("2017-18", "2025-26", "2030-31")] == ["b", "s", "£"]
    assert complaints(shape, Decimal("1.00")) == []
    with pytest.raises(LookupError):
        in_year({"@..2024-25": "b"}, "2025-26")
