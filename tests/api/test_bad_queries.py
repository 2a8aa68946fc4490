"""Cursors, limits and filters that nobody handed out. Generated from the OpenAPI document."""

import base64
import json
from urllib.parse import quote

import pytest

from tests.api.callers import Caller, pointers, problem
from tests.api.document import OPERATIONS, Operation, name_of
from tests.api.world import World

_LISTS = [operation for operation in OPERATIONS if "cursor" in operation.query]
_FILTERED = [(each, name) for each in OPERATIONS for name in each.query if name not in {"cursor", "limit"}]
_NEVER_EMPTY = [(each, name) for each in OPERATIONS if each.method == "GET" for name in sorted(each.kinds())]
_LIMITS = ["0", "-1", "101", "1.5", "1e1", "", "ten", "\u0663", "9" * 400, "9" * 5000, "\0"]
_NASTY = [
    "\0",
    "'",
    '"',
    "%",
    "_",
    "\\",
    "{}",
    "[]",
    "a\nb",
    "\u202e",
    "\U0001f600",
    "x" * 5000,
    "\ud800",
    "-1",
    "1e999",
]


def _cursor(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _who(operation: Operation, machine: Caller, operator: Caller) -> Caller:
    return operator if operation.scope == "operator" else machine


_CURSORS = [
    "something",
    "%",
    "\0",
    "e30",
    _cursor([]),
    _cursor({"d": "x", "k": []}),
    _cursor({"d": "n", "k": []}),
    _cursor({"d": "n", "k": [1, 2]}),
    _cursor({"d": "n", "k": ["not a time", "not an id"]}),
    _cursor({"d": "n", "k": ["2026-13-45T00:00:00Z", "0"]}),
    _cursor({"d": "p", "k": ["\0", "\0"]}),
    _cursor({"d": "n", "k": [["a"], {"b": 1}]}),
    _cursor(None),
    _cursor("n"),
]


@pytest.mark.parametrize("operation", _LISTS, ids=name_of)
def test_a_cursor_that_is_not_ours_is_refused(
    operation: Operation, machine: Caller, operator: Caller, alphas: World
) -> None:
    path = operation.at(**alphas.ids())

    answers = {cursor: _who(operation, machine, operator).get(f"{path}?cursor={quote(cursor)}") for cursor in _CURSORS}

    assert {problem(answer) for answer in answers.values()} == {(400, "request.bad_cursor")}


@pytest.mark.parametrize("operation", _LISTS, ids=name_of)
def test_a_cursor_beyond_all_numbers_leads_nowhere(
    operation: Operation, machine: Caller, operator: Caller, alphas: World
) -> None:
    far = _cursor({"d": "n", "k": ["9" * 400] * 2})

    answer = _who(operation, machine, operator).get(f"{operation.at(**alphas.ids())}?cursor={far}")

    assert answer.status_code in {200, 400}
    assert answer.json().get("results", []) == []


@pytest.mark.parametrize("operation", _LISTS, ids=name_of)
def test_a_limit_is_a_whole_number_from_1_to_100(
    operation: Operation, machine: Caller, operator: Caller, alphas: World
) -> None:
    path = operation.at(**alphas.ids())

    answers = {limit: _who(operation, machine, operator).get(f"{path}?limit={quote(limit)}") for limit in _LIMITS}

    assert {problem(answer) for answer in answers.values()} == {(422, "request.invalid")}
    assert {tuple(pointers(answer)) for answer in answers.values()} == {("?limit",)}


@pytest.mark.parametrize(("operation", "name"), _FILTERED, ids=name_of)
def test_a_filter_takes_anything_or_says_what_it_takes(
    operation: Operation, name: str, machine: Caller, operator: Caller, alphas: World
) -> None:
    path = operation.at(**{key: alphas.ids()[key] for key in operation.keys})
    nasty = [quote(value.encode(errors="surrogatepass")) for value in _NASTY]

    answers = [_who(operation, machine, operator).get(f"{path}?{name}={value}") for value in nasty]

    refused = [answer for answer in answers if answer.status_code not in {200, 202}]
    assert {problem(answer) for answer in refused} <= {(422, "request.invalid")}
    assert {tuple(pointers(answer)) for answer in refused} <= {(f"?{name}",)}


@pytest.mark.parametrize(("operation", "name"), _NEVER_EMPTY, ids=name_of)
def test_an_empty_filter_does_not_let_everything_through(
    operation: Operation, name: str, machine: Caller, operator: Caller, alphas: World
) -> None:
    path = operation.at(**{key: alphas.ids()[key] for key in operation.keys})

    answer = _who(operation, machine, operator).get(f"{path}?{name}=")

    assert (problem(answer), tuple(pointers(answer))) == ((422, "request.invalid"), (f"?{name}",))


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00%2B01:00"])
@pytest.mark.parametrize("name", ["landlords?updated_after", "connections?grant_expires_before"])
def test_a_moment_beyond_the_calendar_is_the_filters_fault_and_no_cursors(
    name: str, moment: str, machine: Caller
) -> None:
    answer = machine.get(f"{name}={moment}")

    assert (problem(answer), pointers(answer)) == ((422, "request.invalid"), {f"?{name.partition('?')[2]}": "invalid"})


def test_a_format_is_no_parameter_of_ours(machine: Caller) -> None:
    assert machine.get("landlords?format=xml").status_code == 200


@pytest.mark.parametrize("path", ["landlords/1", "landlords/%00", "submissions/x", "landlords/" + "a" * 5000])
def test_an_id_that_is_no_uuid_is_not_found(path: str, machine: Caller) -> None:
    assert problem(machine.get(path)) == (404, "not_found")


@pytest.mark.parametrize("rest", ["quarterly-type", "annual-submissions/2026-27", "annual-submissions/2026%0027"])
def test_a_nul_in_a_path_is_not_found(rest: str, machine: Caller, alphas: World) -> None:
    assert problem(machine.get(f"landlords/{alphas.landlord_id}/businesses/X%00/{rest}")) == (404, "not_found")


@pytest.mark.parametrize("charset", ["zlib", "rot13", "idna", "utf-16", "x"])
def test_a_query_is_utf_8_whatever_charset_is_declared(charset: str, machine: Caller) -> None:
    answer = machine.call("GET", "landlords?search=%C3%A9", content_type=f"application/json; charset={charset}")

    assert answer.status_code == 200
