"""Individual Calculations 8.0: a small but true calculation of the tax on what was sent about UK property."""

from typing import Any

from sandbox.hmrc.api import exact
from sandbox.hmrc.api.calculations import document, fixed, listing, problems
from sandbox.hmrc.api.calculations.asked import declare, list_calculations, retrieve, trigger
from sandbox.hmrc.api.calculations.asking import (
    DECLARES,
    IN_YEAR,
    Given,
    check_declare,
    check_list,
    check_one,
    check_trigger,
)
from sandbox.hmrc.api.operation import READ, WRITE, Answer, Call, Operation, Work, scenarios
from sandbox.hmrc.api.operation import fixed as always
from sandbox.hmrc.api.problems import NOT_FOUND, TAX_YEAR_NOT_SUPPORTED
from sandbox.hmrc.calculations import Calculation

BASE = "/individuals/calculations/{nino}/self-assessment"

# Fixed answers


def _fixed(example: fixed.Example) -> Work[Given]:
    def answer(call: Call, given: Given) -> Answer:
        body = fixed.write(given.calculation_id, given.year, nino=call.user.nino, example=example)
        return Answer(200, exact.dumps(body))

    return answer


def list_fixed(_: Call, given: Given) -> Answer:
    moment = document.noon(given.year.end)
    calculation = Calculation(
        calculation_id=fixed.SOME_ID,
        nino="",
        tax_year=str(given.year),
        kind=given.kind or IN_YEAR,
        requested_at=moment,
        from_date=given.year.start,
        to_date=given.year.end,
        business_id="",
        sources="",
        liability="12345.67",
        body="",
        declared_at=moment if given.kind in DECLARES else None,
    )
    return Answer(200, exact.dumps({"calculations": [listing.write_entry(calculation)]}))


_ONE = f"{BASE}/{{taxYear}}/{{calculationId}}"
_NOT_FOUND = {"NOT_FOUND": NOT_FOUND}

OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="calculation_trigger",
        method="POST",
        path=f"{BASE}/{{taxYear}}/trigger/{{calculationType}}",
        version="8.0",
        scope=WRITE,
        check=check_trigger,
        stateful=trigger,
        canned=always(202, {"calculationId": fixed.SOME_ID}),
        scenarios=scenarios(
            problems.INVALID_BUSINESS,
            problems.IN_PROGRESS,
            problems.DECLARED,
            problems.SOURCES_CHANGED,
            problems.NO_INCOME,
            problems.RECENT,
            problems.RESIDENCY,
            problems.NOT_ENDED,
        ),
        sandbox_keeps_state=False,
    ),
    Operation(
        name="calculation_list",
        method="GET",
        path=f"{BASE}/{{taxYear}}",
        version="8.0",
        scope=READ,
        check=check_list,
        stateful=list_calculations,
        canned=list_fixed,
        scenarios=_NOT_FOUND | {"DYNAMIC": list_fixed},
        sandbox_keeps_state=False,
    ),
    Operation(
        name="calculation_get",
        method="GET",
        path=_ONE,
        version="8.0",
        scope=READ,
        check=check_one,
        stateful=retrieve,
        canned=_fixed(fixed.Example()),
        scenarios=_NOT_FOUND
        | {"DYNAMIC": _fixed(fixed.Example())}
        | {name: _fixed(example) for name, example in fixed.EXAMPLES.items()},
        sandbox_keeps_state=False,
    ),
    Operation(
        name="calculation_declare",
        method="POST",
        path=f"{_ONE}/{{calculationType}}",
        version="8.0",
        scope=WRITE,
        check=check_declare,
        stateful=declare,
        canned=always(204),
        scenarios=_NOT_FOUND
        | scenarios(
            problems.DECLARING,
            problems.DECLARED,
            problems.DECLARED_TOO_EARLY,
            problems.SOURCES_CHANGED,
            problems.SOURCES_INVALID,
            problems.NO_INCOME,
            problems.WINDOW_CLOSED,
            problems.RECENT,
            problems.RESIDENCY,
            problems.FAILED,
            TAX_YEAR_NOT_SUPPORTED,
        ),
        sandbox_keeps_state=False,
    ),
)
