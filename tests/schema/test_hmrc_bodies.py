"""HMRC's names in the document: it takes what the rooms take, and refuses nothing of it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from mtd import annual_shape, figures
from mtd.shapes import Amount, Object, Shape, plain
from schema import edition, hmrc_bodies
from tests.shapes import values

SHAPES = {"figures": figures.FIGURES, **annual_shape.UK_PROPERTY.members}
_written = st.from_regex(r"\A-?[0-9]{1,21}(\.[0-9]{1,3}0{0,2})?\Z") | st.sampled_from(
    [
        "0",
        "-0.00",
        "1",
        "1.5",
        "1200.00",
        "1200.0000",
        "99999999999.99",
        "100000000000",
        "-0.01",
        "",
        "1e2",
        "1_0",
        "£1",
    ]
)
_amounts: st.SearchStrategy[Any] = st.one_of(
    _written,
    st.integers(-(10**12), 10**12),
    st.decimals(-(10**12), 10**12, places=2),
    st.decimals(0, 10, places=3),
    st.sampled_from([None, True, [], {}, {"a": "1"}]),
)


def fits(said: dict[str, Any], value: Any) -> bool:
    return bool(Draft202012Validator(said, format_checker=FormatChecker()).is_valid(value))


def faults(shape: Shape, value: Any) -> list[str]:
    found: list[Any] = []
    shape.read(value, "", found)
    return [fault.code for fault in found]


@pytest.mark.parametrize("name", SHAPES)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_what_is_taken_is_in_the_document_and_what_is_shown_too(name: str, data: st.DataObject) -> None:
    shape = SHAPES[name]
    value = data.draw(values(shape, _amounts))

    if not faults(shape, value):
        assert fits(hmrc_bodies.asked(shape), value)
        assert fits(hmrc_bodies.answered(shape), plain(shape.read(value, "", [])))


@pytest.mark.parametrize("name", SHAPES)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_what_is_in_the_document_is_refused_for_an_amount_or_a_year_alone(name: str, data: st.DataObject) -> None:
    # JSON Schema holds no text to a number's bounds, and 0.01 is no binary fraction.
    shape = SHAPES[name]
    value = data.draw(values(shape, _amounts))

    if fits(hmrc_bodies.asked(shape), value):
        assert set(faults(shape, value)) <= {"format_value", "format_date"}


@pytest.mark.parametrize(
    ("low", "value", "is_taken"),
    [(0, 0, True), (0, -1, False), (-5, -5, True), (-5, -6, False), (0, 10, True), (0, 11, False)],
)
def test_an_amount_that_is_a_number_has_its_bounds(low: int, value: int, is_taken: bool) -> None:
    said = hmrc_bodies.asked(Amount(Decimal(low), Decimal(10)))

    assert fits(said, value) is is_taken


def test_a_shape_that_nobody_knows_is_not_left_open() -> None:
    with pytest.raises(TypeError):
        hmrc_bodies.answered(Object)  # type: ignore[arg-type]  # the class is no shape


def test_the_older_edition_has_text_alone_for_an_amount() -> None:
    document = {"openapi": "3.1.0", "paths": {}, "said": hmrc_bodies.asked(Amount())}

    said = edition.downgrade(document)["said"]

    assert said["type"] == "string"
    assert not said.keys() & {"minimum", "maximum"}
