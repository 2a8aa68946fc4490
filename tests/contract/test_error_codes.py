"""Every error that HMRC lists for an operation can be had from the stand-in, in HMRC's form."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from sandbox.hmrc.api.catalogue import OPERATIONS
from sandbox.hmrc.modes import HMRC_SANDBOX, MODES, PRODUCTION_LIKE
from tests.contract import facts
from tests.contract.facts import Operation
from tests.contract.samples import Request, sample
from tests.contract.standin import CORRELATION_ID, Standin, codes, content
from tests.contract.troubles import TROUBLES, scenario_of

EVERY_ERROR = [(operation, status, code) for operation in facts.operations() for status, code in operation.codes]
NAMES = {(each.method, each.path): each.name for each in OPERATIONS}
A_PROBLEM = {"code*": "~^[A-Z0-9_]+$", "message*": "s 1 -", "paths": ["~^/", 1]}
SEVERAL = {"code*": "=INVALID_REQUEST", "message*": "s 1 -", "errors*": [A_PROBLEM, 2]}


# Of the rest, HMRC's records alone decide: they are had as faults that the control API lets befall a request.
WAYS = {
    PRODUCTION_LIKE: {"request": 525, "scenario": 75, "fault": 30},
    HMRC_SANDBOX: {"request": 470, "scenario": 114, "fault": 46},
}
TROUBLE_AT_HMRC = {
    429: "MESSAGE_THROTTLED_OUT",
    500: "INTERNAL_SERVER_ERROR",
    501: "NOT_IMPLEMENTED",
    503: "SERVER_ERROR",
    504: "GATEWAY_TIMEOUT",
}


def _with(**headers: str) -> Callable[[Request], Request]:
    return lambda request: request.within(**headers)


def _with_token(of_user: str, of_application: str = "") -> Callable[[Request], Request | None]:
    """Change the grant: to one for an operation that a user permits, and to another, if any, for the others."""
    return lambda request: (
        replace(request, token=token) if (token := of_user if request.operation.scope else of_application) else None
    )


def _without_scope(request: Request) -> Request | None:
    other = {"read:self-assessment": "writer", "write:self-assessment": "reader"}.get(request.operation.scope or "")
    return replace(request, token=other) if other else None


def _without_json(request: Request) -> Request | None:
    return request.within(Content_Type="text/plain") if request.operation.request is not None else None


# What the gateway and every API's front do before the operation is looked at: the change that brings it about.
GATEWAY: Mapping[tuple[int, str], Callable[[Request], Request | None]] = {
    (406, "ACCEPT_HEADER_INVALID"): _with(Accept="application/json"),
    (404, "NOT_FOUND"): _with(Accept="application/vnd.hmrc.9.9+json"),
    (401, "MISSING_CREDENTIALS"): _with(Authorization=""),
    (401, "INVALID_CREDENTIALS"): _with(Authorization=f"Bearer {'0' * 32}"),
    (401, "INCORRECT_ACCESS_TOKEN_TYPE"): _with_token("application", "taxpayer"),
    (403, "INVALID_SCOPE"): _without_scope,
    (415, "INVALID_BODY_TYPE"): _without_json,
}


def _error_id(error: tuple[Operation, int, str]) -> str:
    operation, status, code = error
    return f"{operation} {status} {code}"


def _is_well_formed(response: TestResponse) -> bool:
    shape = SEVERAL if "errors" in content(response) else A_PROBLEM
    assert facts.complaints(shape, content(response)) == []
    assert re.fullmatch(CORRELATION_ID, response.headers["X-CorrelationId"])
    assert response.mimetype == "application/json"
    return True


def _ways(standin: Standin, operation: Operation, status: int, code: str) -> Iterator[tuple[str, TestResponse]]:
    """Ask for one error: by a request that is at fault, by a scenario, and, where HMRC offers neither, by a fault."""
    if code in TROUBLES:
        yield "request", _ask(standin, TROUBLES[code].make(operation))
    scenario = scenario_of(operation, code)
    if scenario:
        yield "scenario", _ask(standin, sample(operation).within(Gov_Test_Scenario=scenario))
    name = NAMES[operation.method, operation.path]
    standin.strike({"kind": "status", "operation": name, "status": status, "code": code})
    yield "fault", standin.ask(sample(operation))


def _ask(standin: Standin, request: Request) -> TestResponse:
    response = standin.ask(request)
    if response.status_code < 300 and request.operation.method != "GET":
        standin.begin()  # it was no fault after all, and must not be one of the next request's
    return response


def _is_it(response: TestResponse, status: int, code: str) -> bool:
    # Of several errors found together, HMRC answers 400 whatever each of them would be alone.
    return response.status_code == status and response.data != b"" and code in codes(response)


@pytest.fixture(scope="module")
def tally() -> dict[str, Counter[str]]:
    """How the errors came about, by mode."""
    return {mode: Counter() for mode in MODES}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("error", EVERY_ERROR, ids=_error_id)
def test_every_listed_error_is_produced(
    error: tuple[Operation, int, str], mode: str, standins: dict[str, Standin], tally: dict[str, Counter[str]]
) -> None:
    operation, status, code = error

    way, response = next(
        (way, response)
        for way, response in _ways(standins[mode], operation, status, code)
        if _is_it(response, status, code)
    )

    assert _is_well_formed(response)
    tally[mode][way] += 1


def test_most_errors_are_the_requests_own_fault_or_a_scenario(tally: dict[str, Counter[str]]) -> None:
    if tally[MODES[0]].total() < len(EVERY_ERROR):
        pytest.skip("counts only when all of the errors were asked for")

    assert tally == WAYS


@pytest.mark.parametrize("operation", facts.operations(), ids=str)
def test_the_gateway_answers_for_every_operation(operation: Operation, standins: dict[str, Standin]) -> None:
    standin = standins[HMRC_SANDBOX]
    for (status, code), change in GATEWAY.items():
        request = change(sample(operation))
        if request is not None:
            response = standin.ask(request)
            assert (response.status_code, codes(response)) == (status, [code]), code
            assert _is_well_formed(response)


@pytest.mark.parametrize("operation", facts.operations(), ids=str)
def test_trouble_at_hmrc_befalls_every_operation(operation: Operation, standins: dict[str, Standin]) -> None:
    standin = standins[HMRC_SANDBOX]
    name = NAMES[operation.method, operation.path]
    for status, code in TROUBLE_AT_HMRC.items():
        standin.strike({"kind": "rate_limited" if status == 429 else "status", "operation": name, "status": status})
        response = standin.ask(sample(operation))
        assert (response.status_code, codes(response)) == (status, [code])
        assert _is_well_formed(response)
