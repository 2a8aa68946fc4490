"""The walk that reads a body by its shape."""

from decimal import Decimal

import pytest

from sandbox.hmrc.api.problems import Problem
from sandbox.hmrc.api.shapes import (
    BOOLEAN,
    POUNDS,
    SIGNED_POUNDS,
    TEXT,
    Array,
    Object,
    Reading,
    Shape,
    day,
    moment,
    one_of,
    read,
    text,
)

UNFIT = Problem("UNFIT", "It does not fit")


def read_one(shape: Shape, value: object) -> Reading:
    return read(Object({"it": shape}), {"it": value})


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (POUNDS, 0),
        (POUNDS, Decimal("99999999999.99")),
        (SIGNED_POUNDS, Decimal("-0.01")),
        (BOOLEAN, False),
        (TEXT, ""),
        (one_of("a", "b", problem=UNFIT), "b"),
        (text(r"[a-z]+", problem=UNFIT), "abc"),
        (day(UNFIT), "2026-02-28"),
        (moment(UNFIT), "2026-02-28T09:00:00.000Z"),
        (Array(POUNDS), [1]),
        (Array(POUNDS, may_be_empty=True), []),
    ],
)
def test_what_fits_is_known_as_it_came(shape: Shape, value: object) -> None:
    reading = read_one(shape, value)

    assert reading.known == {"it": value}
    assert (reading.body_problems, reading.out_of_range) == ([], [])


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (POUNDS, Decimal("0.001")),
        (POUNDS, -1),
        (POUNDS, Decimal(100000000000)),
        (one_of("a", problem=UNFIT), "c"),
        (text(r"[a-z]+", problem=UNFIT), "abc1"),
        (day(UNFIT), "2026-02-29"),
        (day(UNFIT), "1899-12-31"),
        (moment(UNFIT), "2026-02-28T09:00:00Z"),
        (moment(UNFIT), "2026-02-29T09:00:00.000Z"),
        (moment(UNFIT), "2026-02-28T09:00:00.000+01:00"),
    ],
)
def test_what_is_out_of_range_has_a_problem_of_its_own(shape: Shape, value: object) -> None:
    reading = read_one(shape, value)

    assert [problem.paths for problem in reading.out_of_range] == [("/it",)]
    assert reading.body_problems == []


@pytest.mark.parametrize(
    ("shape", "value", "path"),
    [
        (POUNDS, True, "/it"),
        (POUNDS, "1", "/it"),
        (BOOLEAN, 1, "/it"),
        (TEXT, 1, "/it"),
        (one_of("a"), "c", "/it"),
        (Array(POUNDS), [], "/it"),
        (Array(POUNDS), {}, "/it"),
        (Array(POUNDS), [1, "2"], "/it/1"),
        (Array(Object({"x": TEXT}, required=frozenset({"x"}))), [{"x": ""}, {}], "/it/1/x"),
        (Object({"x": TEXT}), {}, "/it"),
        (Object({"x": TEXT}), [], "/it"),
    ],
)
def test_what_is_misshapen_is_told_by_its_path(shape: Shape, value: object, path: str) -> None:
    (problem,) = read_one(shape, value).body_problems

    assert (problem.code, problem.paths) == ("RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED", (path,))


def test_a_body_that_is_no_object_has_no_path() -> None:
    (problem,) = read(Object({"it": TEXT}), []).body_problems

    assert problem.paths == ()


def test_a_null_and_an_unknown_field_are_not_there() -> None:
    assert read(Object({"it": TEXT, "x": TEXT}), {"it": None, "x": "", "y": 1}).known == {"x": ""}
