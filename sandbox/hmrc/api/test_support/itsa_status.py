"""Create or amend the ITSA status of a taxpayer for a tax year."""

from dataclasses import dataclass
from typing import Any

from sandbox.hmrc.api import exact, problems
from sandbox.hmrc.api.fields import tax_year_problems
from sandbox.hmrc.api.operation import WRITE, Answer, Call, Operation
from sandbox.hmrc.api.problems import Problem, refuse_any
from sandbox.hmrc.api.shapes import Array, Object, amount, moment, one_of, read
from sandbox.hmrc.api.test_support.vendor_state import BASE

STATUSES = ("No Status", "MTD Mandated", "MTD Voluntary", "Annual", "Non Digital", "Dormant", "MTD Exempt")
REASONS = (
    "Sign up - return available",
    "Sign up - no return available",
    "ITSA final declaration",
    "ITSA Q4 declaration",
    "CESA SA return",
    "Complex",
    "Ceased income source",
    "Reinstated income source",
    "Rollover",
    "Income Source Latency Changes",
    "MTD ITSA Opt-Out",
    "MTD ITSA Opt-In",
    "Digitally Exempt",
)
BAD_REASON = Problem("FORMAT_STATUS_REASON", "The provided status reason is invalid")
BAD_SUBMITTED_ON = Problem("FORMAT_SUBMITTED_ON", "The provided submitted on date is invalid")
BAD_INCOME = Problem("FORMAT_BUSINESS_INCOME_2_YEARS_PRIOR", "The provided business income is invalid")
DUPLICATE = Problem("DUPLICATE_SUBMITTED_ON", "The provided submittedOn values are not unique")

_DETAIL = Object(
    {
        "submittedOn": moment(BAD_SUBMITTED_ON),
        "status": one_of(*STATUSES, problem=problems.STATUS),
        "statusReason": one_of(*REASONS, problem=BAD_REASON),
        "businessIncome2YearsPrior": amount(problem=BAD_INCOME),
    },
    required=frozenset({"submittedOn", "status", "statusReason"}),
)
BODY = Object({"itsaStatusDetails": Array(_DETAIL)}, required=frozenset({"itsaStatusDetails"}))


@dataclass(frozen=True, kw_only=True)
class Amendment:
    tax_year: str
    details: list[dict[str, Any]]


def check(call: Call) -> Amendment:
    tax_year, reading = call.path["taxYear"], read(BODY, call.body)
    refuse_any(tax_year_problems(tax_year))
    refuse_any([*reading.body_problems, *reading.out_of_range])
    details = reading.known["itsaStatusDetails"]
    is_unique = len({one["submittedOn"] for one in details}) == len(details)
    refuse_any([] if is_unique else [DUPLICATE])
    return Amendment(tax_year=tax_year, details=details)


def amend(call: Call, amendment: Amendment) -> Answer:
    details = exact.dumps(amendment.details)
    call.world.statuses.put(nino=call.user.nino, tax_year=amendment.tax_year, details=details)
    return Answer(204)


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="itsa_status_post",
        method="POST",
        path=f"{BASE}/itsa-status/{{nino}}/{{taxYear}}",
        version="1.0",
        scope=WRITE,
        takes_body=True,
        check=check,
        stateful=amend,
    ),
)
