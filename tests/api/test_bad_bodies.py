"""Whatever is posted, the answer is a problem document with a listed code, and nothing is half-written."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenants.ids import new_id
from tenants.models import Agency
from tests.api.callers import Caller, pointers, problem
from tests.api.document import OPERATIONS, Operation, kind_of, name_of, resolve
from tests.api.world import World, row_counts

_WITH_BODY = [operation for operation in OPERATIONS if operation.body is not None]
_FUZZ = settings(
    max_examples=8,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

Everywhere = Callable[..., dict[str, Any]]

_NOT_JSON = {
    "nothing but a brace": b"{",
    "an object cut short": b'{"full_name": "A',
    "two objects": b"{}{}",
    "single quotes": b"{'a': 1}",
    "NaN": b'{"full_name": NaN}',
    "Infinity": b'{"figures": {"income": {"periodAmount": -Infinity}}}',
    "nested too deep": b'{"figures": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "bytes that are no UTF-8": b'{"full_name": "\xff\xfe"}',
    "a NUL": b"\0",
    "a page": b"<html><body>hello</body></html>",
    "a form": b"full_name=Lena",
}
_NOT_AN_OBJECT: dict[str, Any] = {
    "a list": [],
    "a list of objects": [{}],
    "a number": 1,
    "null": None,
    "a string": "something",
    "true": True,
}
_WRONG: dict[str, list[Any]] = {
    "string": [5, [], {"a": "b"}, "a\0b", "x" * 5000, "\ud800"],
    "object": ["a", 1, [], [{}], "{}", {"\0": "\0"}, {"a": {"b": [{"c": None}]}}],
    "array": ["a", 1, {}, [None], [[]], [{}], [1.5], ["\0"], ["a"] * 500],
    "integer": ["a", 1.5, [], {}, 10**30, -1],
    "boolean": ["perhaps", 2, [], {}, 0, 1, "true", "on", "1"],
}


@pytest.fixture
def everywhere(machine: Caller, operator: Caller, alphas: World) -> Everywhere:
    """Send the same to every operation that takes a body; the answers by the operation's id."""

    def send(**sent: Any) -> dict[str, Any]:
        return {each.id: _send(_who(each, machine, operator), each, alphas, **sent) for each in _WITH_BODY}

    return send


@pytest.mark.parametrize("raw", _NOT_JSON.values(), ids=_NOT_JSON)
def test_a_body_that_is_not_json_is_refused_everywhere(raw: bytes, everywhere: Everywhere, alpha: Agency) -> None:
    before = row_counts(alpha)

    answers = everywhere(raw=raw)

    refusals = {name: problem(answer) for name, answer in answers.items()}
    assert refusals == dict.fromkeys(answers, (400, "request.malformed_json"))
    assert row_counts(alpha) == before


@pytest.mark.parametrize("value", _NOT_AN_OBJECT.values(), ids=_NOT_AN_OBJECT)
def test_a_body_that_is_no_object_is_refused_everywhere(value: Any, everywhere: Everywhere, alpha: Agency) -> None:
    before = row_counts(alpha)

    answers = everywhere(raw=json.dumps(value).encode())

    refusals = {name: problem(answer) for name, answer in answers.items()}
    assert refusals == dict.fromkeys(answers, (422, "request.invalid"))
    assert row_counts(alpha) == before


def test_a_body_of_two_megabytes_is_refused_everywhere(everywhere: Everywhere, alpha: Agency) -> None:
    before = row_counts(alpha)

    answers = everywhere(raw=json.dumps({"full_name": "x" * 2_000_000}).encode())

    for larger in ("submission_batches_create", "landlord_imports_create"):
        assert problem(answers.pop(larger)) == (422, "request.invalid")
    assert {problem(answer) for answer in answers.values()} == {(413, "request.too_large")}
    assert row_counts(alpha) == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "text/html", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "x"]
)
def test_a_body_of_another_kind_is_refused_everywhere(kind: str, everywhere: Everywhere, alpha: Agency) -> None:
    before = row_counts(alpha)

    answers = everywhere(raw=b"{}", content_type=kind)

    if kind.startswith("multipart"):
        assert problem(answers.pop("landlord_imports_create")) == (422, "request.invalid")
    assert {problem(answer) for answer in answers.values()} == {(415, "request.unsupported_media_type")}
    assert row_counts(alpha) == before


def test_a_member_that_does_not_exist_is_named_and_refused_everywhere(
    machine: Caller, operator: Caller, alpha: Agency, alphas: World
) -> None:
    before = row_counts(alpha)
    bodies = {each: {**each.sample(), "no~such/member": 1} for each in _WITH_BODY}

    answers = [_send(_who(each, machine, operator), each, alphas, body=body) for each, body in bodies.items()]

    assert {problem(answer) for answer in answers} == {(422, "request.invalid")}
    assert {pointers(answer)["/no~0such~1member"] for answer in answers} == {"unknown_field"}
    assert row_counts(alpha) == before


def test_a_body_without_what_is_required_names_every_missing_member(everywhere: Everywhere, alpha: Agency) -> None:
    needed = {each.id: (each.body or {}).get("required", []) for each in _WITH_BODY}

    answers = everywhere(body={})

    named = {name: pointers(answers[name]) for name, required in needed.items() if required}
    assert named == {name: {f"/{each}": "required" for each in needed[name]} for name in named}
    assert {problem(answers[name]) for name in named} == {(422, "request.invalid")}


@pytest.mark.parametrize("operation", [each for each in _WITH_BODY if each.fields()], ids=name_of)
def test_a_member_of_the_wrong_type_or_with_control_characters_is_refused(
    operation: Operation, machine: Caller, operator: Caller, alpha: Agency, alphas: World
) -> None:
    caller, before = _who(operation, machine, operator), row_counts(alpha)

    answers = [(name, wrong, _send(caller, operation, alphas, body=body)) for name, wrong, body in _wrong(operation)]

    accepted = [(name, wrong) for name, wrong, answer in answers if answer.status_code < 400]
    assert accepted == []
    assert {problem(answer)[0] // 100 for _, _, answer in answers} == {4}
    assert row_counts(alpha) == before


@pytest.mark.parametrize("number", [10**400, -(10**30), 1e308, 0.1 + 0.2, 12345678901234567890.123])
def test_huge_and_crooked_numbers_among_the_figures_are_refused(
    number: float, machine: Caller, alpha: Agency, alphas: World
) -> None:
    body = {
        **next(each for each in _WITH_BODY if each.id == "submissions_create").sample(),
        "landlord_id": alphas.landlord_id,
        "figures": {"income": {"periodAmount": number}},
    }
    before = row_counts(alpha)

    answer = machine.post("submissions", body, Idempotency_Key="k")

    assert problem(answer)[0] in {400, 422}
    assert row_counts(alpha) == before


_LETTERS = st.sampled_from("aZ09 -_./:@%'\"\\{<\0\n\x1b\x7f\u00e9\u202e\ufffe\U0001f600\ud800")
_TEXT = st.text(_LETTERS, max_size=12)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("operation", [each for each in _WITH_BODY if each.fields()], ids=name_of)
@_FUZZ
@given(data=st.data())
def test_any_json_at_all_is_answered_without_a_fault_of_ours(
    operation: Operation, data: st.DataObject, machine: Caller, operator: Caller, alphas: World
) -> None:
    names = st.sampled_from(sorted(operation.fields()))
    body = data.draw(st.dictionaries(names, _JSON, max_size=4) | _JSON)

    answer = _send(_who(operation, machine, operator), operation, alphas, raw=json.dumps(body).encode())

    assert answer.status_code < 500
    assert answer.status_code < 400 or problem(answer)


def _who(operation: Operation, machine: Caller, operator: Caller) -> Caller:
    return operator if operation.scope == "operator" else machine


def _send(caller: Caller, operation: Operation, ids: World, **sent: Any) -> Any:
    return caller.call(operation.method, operation.at(**ids.ids()), **sent, Idempotency_Key=str(new_id()))


def _wrong(operation: Operation) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Every member in turn, replaced by what it can't be."""
    right = operation.sample()
    for name, schema in operation.fields().items():
        for wrong in _WRONG.get(kind_of(schema), []):
            if not (wrong == [] and "minItems" not in resolve(schema) and kind_of(schema) == "array"):
                yield name, wrong, {**right, name: wrong}


@pytest.mark.parametrize("word", ["true", "on", "yes", "1", 1])
def test_nothing_stands_for_a_persons_agreement(machine: Caller, word: Any) -> None:
    refused = machine.post(
        "submissions", {"declaration": {"accepted": word, "covers_whole_business": word}}, Idempotency_Key="k"
    )

    told = {each["pointer"]: each["code"] for each in refused.json()["errors"]}
    assert told["/declaration/accepted"] == told["/declaration/covers_whole_business"] == "invalid"
