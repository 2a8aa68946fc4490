"""What must have happened before a request can succeed by the state of the world: who makes what it is about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.contract import facts
from tests.contract.facts import Operation
from tests.contract.samples import Request, sample
from tests.contract.standin import Standin, content

_PROPERTY = "/individuals/business/property"
_DETAILS = "/individuals/business/details/{nino}/{businessId}/{taxYear}"
_ELECTION = f"{_DETAILS}/late-accounting-date-rule-election"
_TEST = "/individuals/self-assessment-test-support"
_CALCULATIONS = "/individuals/calculations/{nino}/self-assessment/{taxYear}"
_HISTORIC = f"{_PROPERTY}/uk/period/%sfurnished-holiday-lettings/{{nino}}"
_YEAR_2025 = {"taxYear": "2025-26", "fromDate": "2025-04-06", "toDate": "2025-07-05"}
_CALCULATION_S = 6  # HMRC wants five seconds before a calculation is asked for


@dataclass(frozen=True)
class Maker:
    """
    A request that comes first. `makes`: the field of its answer that later requests name, and, where their path names
    it otherwise, `part`. `at`: what parts of its path and fields of its body become.
    """

    method: str
    path: str
    makes: str = ""
    part: str = ""
    at: Mapping[str, str] = field(default_factory=dict)


_UK_PERIOD = Maker("POST", f"{_PROPERTY}/uk/{{nino}}/{{businessId}}/period/{{taxYear}}", "submissionId")
_FOREIGN_PERIOD = Maker("POST", f"{_PROPERTY}/foreign/{{nino}}/{{businessId}}/period/{{taxYear}}", "submissionId")
_FOREIGN_PLACE = Maker(
    "POST", f"{_PROPERTY}/foreign/{{nino}}/{{businessId}}/details/{{taxYear}}", "propertyId", part="propId"
)
_INCOME = Maker("PUT", f"{_PROPERTY}/uk/{{nino}}/{{businessId}}/cumulative/{{taxYear}}", at=_YEAR_2025)
_IN_YEAR = Maker("POST", f"{_CALCULATIONS}/trigger/{{calculationType}}", "calculationId")
_YEARS_INCOME = replace(_INCOME, at={**_YEAR_2025, "toDate": "2026-04-05"})
_AT_THE_END = replace(_IN_YEAR, at={"calculationType": "intent-to-finalise"})
_CHECKPOINT = Maker("POST", f"{_TEST}/vendor-state/checkpoints", "checkpointId")

_PERIODS = Maker(
    "PUT",
    f"{_DETAILS}/periods-of-account",
    at={"taxYear": "2025-26", "startDate": "2025-04-06", "endDate": "2026-03-31"},
)

# By the end of the path: what comes first, in order.
_FIRST: Mapping[str, tuple[Maker, ...]] = {
    "/uk/{nino}/{businessId}/period/{taxYear}/{submissionId}": (_UK_PERIOD,),
    f"{_PROPERTY}/{{nino}}/{{businessId}}/period/{{taxYear}}": (_UK_PERIOD,),
    "/foreign/{nino}/{businessId}/period/{taxYear}/{submissionId}": (_FOREIGN_PERIOD,),
    f"{_PROPERTY}/{{nino}}/{{businessId}}/annual/{{taxYear}}": (
        Maker("PUT", f"{_PROPERTY}/uk/{{nino}}/{{businessId}}/annual/{{taxYear}}"),
    ),
    "/foreign/{nino}/{businessId}/cumulative/{taxYear}": (_FOREIGN_PLACE,),
    "/foreign/{nino}/{businessId}/annual/{taxYear}": (_FOREIGN_PLACE,),
    "/foreign/{nino}/details/{propId}/{taxYear}": (_FOREIGN_PLACE,),
    _HISTORIC % "" + "/{periodId}": (Maker("POST", _HISTORIC % "", "periodId"),),
    _HISTORIC % "non-" + "/{periodId}": (Maker("POST", _HISTORIC % "non-", "periodId"),),
    f"{_ELECTION}/disapply": (_PERIODS,),
    f"{_ELECTION}/withdraw": (
        _PERIODS,
        Maker("POST", f"{_ELECTION}/disapply"),
    ),
    "/person/itsa-status/{nino}/{taxYear}": (Maker("POST", f"{_TEST}/itsa-status/{{nino}}/{{taxYear}}"),),
    "/trigger/{calculationType}": (_INCOME,),
    _CALCULATIONS: (_INCOME, _IN_YEAR),
    "/self-assessment/{taxYear}/{calculationId}": (_INCOME, _IN_YEAR),
    "/{calculationId}/{calculationType}": (_YEARS_INCOME, _AT_THE_END),
    "/checkpoints/{checkpointId}": (_CHECKPOINT,),
    "/checkpoints/{checkpointId}/restore": (_CHECKPOINT,),
    f"{_TEST}/business/{{nino}}/{{businessId}}": (Maker("POST", f"{_TEST}/business/{{nino}}", "businessId"),),
    "/foreign/{nino}/{businessId}/details/{taxYear}": (_FOREIGN_PLACE,),
}


def prepare(standin: Standin, operation: Operation, *, scenario: str = "") -> Request:
    """Bring the stand-in to where the operation's sample succeeds, and return that sample; all in a scenario."""
    known: dict[str, str] = {}
    for maker in _makers(operation):
        known |= _make(standin, maker, known, scenario)
    if "calculationId" in known:
        standin.hmrc.pass_time(_CALCULATION_S)
    return _naming(sample(operation), known, scenario)


def _makers(operation: Operation) -> Iterator[Maker]:
    ends = [end for end in _FIRST if operation.path.endswith(end)]
    first = _FIRST[max(ends, key=len)] if ends else ()
    yield from (maker for maker in first if (maker.method, maker.path) != (operation.method, operation.path))
    if operation.method in {"GET", "DELETE"} and any(
        str(each) == f"PUT {operation.path}" for each in facts.operations()
    ):
        yield Maker("PUT", operation.path)


def _make(standin: Standin, maker: Maker, known: Mapping[str, str], scenario: str) -> dict[str, str]:
    operation = facts.find(maker.method, maker.path)
    made = standin.ask(_naming(sample(operation), {**known, **maker.at}, scenario))
    assert made.status_code == operation.success, f"{operation}: {made.text}"
    if not maker.makes:
        return {}
    value = content(made)[maker.makes]
    return {maker.makes: value, maker.part or maker.makes: value}


def _naming(request: Request, known: Mapping[str, str], scenario: str) -> Request:
    path = {name: known.get(name, value) for name, value in request.path.items()}
    headers = {"Gov-Test-Scenario": scenario} if scenario in request.operation.scenarios else {}
    return replace(request, path=path, body=_named(request.body, known), headers=headers)


def _named(body: Any, known: Mapping[str, str]) -> Any:
    if isinstance(body, dict):
        return {key: known[key] if key in known else _named(each, known) for key, each in body.items()}
    return [_named(each, known) for each in body] if isinstance(body, list) else body
