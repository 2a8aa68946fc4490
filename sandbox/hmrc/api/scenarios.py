"""
Which answer an operation gives, once the request itself is sound.

    Gov-Test-Scenario          production_like            hmrc_sandbox
    none                       stateful, else canned      canned, else stateful
    DEFAULT, N/A - DEFAULT     canned                     canned
    STATEFUL                   stateful, else canned      stateful, if HMRC's sandbox keeps state here
    one that is listed         that answer                that answer
    any other                  RULE_INCORRECT_GOV_TEST_SCENARIO
"""

from typing import Any

from sandbox.hmrc.api.operation import Answer, Call, Operation, Work
from sandbox.hmrc.api.problems import Problem, Refusal
from sandbox.hmrc.modes import HMRC_SANDBOX

STATEFUL = "STATEFUL"
DEFAULTS = frozenset({"DEFAULT", "N/A - DEFAULT"})
INCORRECT = Problem("RULE_INCORRECT_GOV_TEST_SCENARIO", "The supplied Gov-Test-Scenario is not valid")


def carry_out(operation: Operation[Any], call: Call) -> Answer:
    """Check the request and give the answer that was asked for. Raises Refusal."""
    read = operation.check(call)
    chosen = _choose(operation, call)
    if isinstance(chosen, Problem):
        raise Refusal(chosen)
    return chosen(call, read)


def _choose(operation: Operation[Any], call: Call) -> Problem | Work[Any]:
    asked = call.headers.get("gov-test-scenario", "").strip() if operation.scenarios else ""
    in_sandbox = call.world.mode.get() == HMRC_SANDBOX
    if asked in operation.scenarios:
        return operation.scenarios[asked]
    if asked in DEFAULTS or (not asked and in_sandbox):
        return operation.canned or operation.stateful or INCORRECT
    if not asked or (asked == STATEFUL and (operation.sandbox_keeps_state or not in_sandbox)):
        return operation.stateful or operation.canned or INCORRECT
    return INCORRECT
