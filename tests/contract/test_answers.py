"""Every success that HMRC describes can be had from the stand-in, and is as HMRC describes it."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from sandbox.hmrc.modes import HMRC_SANDBOX, PRODUCTION_LIKE
from tests.contract import facts
from tests.contract.facts import Operation
from tests.contract.preludes import prepare
from tests.contract.samples import Request, sample
from tests.contract.shapes import has_year
from tests.contract.standin import CORRELATION_ID, Standin, codes, faults_of_success
from tests.contract.troubles import scenario_of

# Those that are answered by the state of the world have a test of their own.
SCENARIOS = [
    (operation, name)
    for operation in facts.operations()
    for name in operation.scenarios
    if not name.startswith("STATEFUL")
]
# Scenarios named after what HMRC would find there, where the operation is for something else.
OF_ANOTHER_KIND = {"FOREIGN_PROPERTY": "/uk/", "UK_PROPERTY": "/foreign/"}
WRONG_KIND = "RULE_TYPE_OF_BUSINESS_INCORRECT"
# HMRC's sandbox has no fixed answer for these: what they are about has to be there.
NOT_FIXED = re.compile(r"self-assessment-test-support")


def _years(operation: Operation) -> list[str]:
    """The tax years whose answers differ, or the sample's own."""
    shape = operation.request or operation.response
    return [year for year in ("2023-24", "2024-25", "2025-26", "2026-27") if has_year(shape, year)] or [""]


FIXED = [
    (operation, year)
    for operation in facts.operations()
    for year in _years(operation)
    if not NOT_FIXED.search(operation.path)
]


def _has_correlation_id(response: TestResponse) -> bool:
    return re.fullmatch(CORRELATION_ID, response.headers["X-CorrelationId"]) is not None


def _known_to_hmrc(request: Request) -> Request:
    """The same for a business that HMRC's sandbox knows: some fixed answers are to these alone."""
    known = {name: value.replace("9000000000", "1234567890") for name, value in request.path.items()}
    return replace(request, path=known)


def _error_named(operation: Operation, scenario: str) -> str | None:
    """Return the code of the error that a scenario is named after, or None if it is a success."""
    if OF_ANOTHER_KIND.get(scenario, "?") in operation.path:
        return WRONG_KIND
    named = [code for _, code in operation.codes if scenario_of(operation, code) == scenario]
    return min(named, key=len, default=None)


@pytest.mark.parametrize("operation", facts.operations(), ids=str)
def test_the_state_of_the_world_is_told_as_hmrc_describes_it(
    operation: Operation, fresh: Callable[[str], Standin]
) -> None:
    standin = fresh(PRODUCTION_LIKE)
    request = prepare(standin, operation)

    response = standin.ask(request)

    assert faults_of_success(operation, response, request.tax_year) == []
    assert _has_correlation_id(response)


@pytest.mark.parametrize(("operation", "year"), FIXED, ids=str)
def test_the_fixed_answer_of_each_tax_year_is_as_hmrc_describes_it(
    operation: Operation, year: str, standins: dict[str, Standin]
) -> None:
    request = sample(operation, year=year)

    response = standins[HMRC_SANDBOX].ask(request)

    assert faults_of_success(operation, response, request.tax_year) == []
    assert _has_correlation_id(response)


@pytest.mark.parametrize("mode", [PRODUCTION_LIKE, HMRC_SANDBOX])
@pytest.mark.parametrize(("operation", "scenario"), SCENARIOS, ids=str)
def test_a_scenario_answers_what_it_is_named_for(
    operation: Operation, scenario: str, mode: str, standins: dict[str, Standin]
) -> None:
    request = _known_to_hmrc(sample(operation)).within(Gov_Test_Scenario=scenario)

    response = standins[mode].ask(request)

    error = _error_named(operation, scenario)
    if error:
        assert codes(response) == [error]
        assert (response.status_code, error) in operation.codes
    else:
        assert faults_of_success(operation, response, request.tax_year) == []
    assert _has_correlation_id(response)


@pytest.mark.parametrize("operation", [each for each in facts.operations() if each.scenarios], ids=str)
def test_hmrcs_sandbox_keeps_state_only_where_hmrc_says_so(operation: Operation, standins: dict[str, Standin]) -> None:
    response = standins[HMRC_SANDBOX].ask(sample(operation).within(Gov_Test_Scenario="STATEFUL"))

    is_refused = "RULE_INCORRECT_GOV_TEST_SCENARIO" in response.text
    assert is_refused == ("STATEFUL" not in operation.scenarios)


@pytest.mark.parametrize("operation", [each for each in facts.operations() if "STATEFUL" in each.scenarios], ids=str)
def test_what_hmrcs_sandbox_keeps_is_told_as_hmrc_describes_it(
    operation: Operation, fresh: Callable[[str], Standin]
) -> None:
    standin = fresh(HMRC_SANDBOX)
    request = prepare(standin, operation, scenario="STATEFUL")

    response = standin.ask(request)

    assert faults_of_success(operation, response, request.tax_year) == []
