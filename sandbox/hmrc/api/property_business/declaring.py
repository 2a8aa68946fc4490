"""
How an operation of Property Business is declared, and what every declared one has in common: its checks, its
scenarios and its fixed answer.

HMRC chooses its schema by the tax year, so a bad year is reported alone, before all else; then path, query and the
structure of the body; then its values and the rules about them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.hmrc.api import exact
from sandbox.hmrc.api.fields import TaxYear, business_id_problems
from sandbox.hmrc.api.operation import READ, WRITE, Answer, Call, Operation, Work
from sandbox.hmrc.api.problems import BODY, Problem, Refusal, refuse, refuse_any
from sandbox.hmrc.api.property_business import problems
from sandbox.hmrc.api.property_business.bodies import PERIOD, UUID, ByYear
from sandbox.hmrc.api.property_business.rules import Rule
from sandbox.hmrc.api.property_business.samples import Sample
from sandbox.hmrc.api.shapes import Object, Reading, read
from sandbox.hmrc.businesses import Business

BASE = "/individuals/business/property"
UUID_4 = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Declared:
    """
    One operation.

    `kind` says where its records lie, `years` which tax years it takes ("" is no bound), `owners` which types of
    business it is for (none: it goes by taxpayer), `body` what is sent, `work` what is done with the state of the
    world, `sample` makes the fixed answer, `scenarios` are HMRC's names.
    """

    name: str
    method: str
    path: str
    kind: str
    work: "Work[Given]"
    years: tuple[str, str] = ("", "")
    owners: frozenset[str] = frozenset()
    wrong_type: Problem = problems.WRONG_TYPE
    body: ByYear = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    status: int = 200
    sample: "Callable[[Given, Sample], Json | None]" = lambda _given, _sample: None
    scenarios: str = "STATEFUL"


@dataclass(frozen=True, kw_only=True)
class Given:
    """A request that is sound by itself. Fields that it does not have are ""; the body is what HMRC knows of it."""

    declared: Declared
    year: TaxYear | None
    business_id: str
    record_id: str
    property_id: str
    body: Mapping[str, Any]

    @property
    def tax_year(self) -> str:
        return str(self.year or "")


def find_business(call: Call, given: Given) -> Business:
    """Return the taxpayer's business that the request is about. Raises Refusal."""
    owned = (one for one in call.businesses if one.business_id == given.business_id)
    business = next(owned, None) or refuse(problems.NOT_FOUND)
    return business if business.type_of_business in given.declared.owners else refuse(given.declared.wrong_type)


def shape_in(by_year: ByYear, tax_year: str) -> Object:
    """Return the shape that a body has in a tax year; one without a year is of the earliest."""
    return by_year[max(first for first in by_year if first <= tax_year)]


def build(declared: Declared) -> Operation[Given]:
    """Make an operation of a declaration."""
    return Operation(
        name=declared.name,
        method=declared.method,
        path=f"{BASE}{declared.path}",
        version="6.0",
        scope=READ if declared.method == "GET" else WRITE,
        takes_body=bool(declared.body),
        check=_checks(declared),
        stateful=declared.work,
        canned=_canned(declared, Sample()),
        scenarios={name: _scenario(declared, name) for name in declared.scenarios.split()},
    )


# Checks


def _checks(declared: Declared) -> Callable[[Call], Given]:
    def check(call: Call) -> Given:
        year = _year(declared, call)
        reading = read(shape_in(declared.body, str(year or "")), call.body) if declared.body else Reading()
        refuse_any([*_place_problems(call), *_structure_problems(declared, reading)])
        broken = (problem for rule in declared.rules for problem in rule(reading.known, year))
        refuse_any([*reading.out_of_range, *broken])
        return Given(
            declared=declared,
            year=year,
            business_id=call.path.get("businessId", ""),
            record_id=next((call.path[name] for name in _RECORD_IDS if name in call.path), ""),
            property_id=call.query.get("propertyId", ""),
            body=reading.known,
        )

    return check


def _year(declared: Declared, call: Call) -> TaxYear | None:
    if "taxYear" not in call.path:
        return None
    year = TaxYear.parse(call.path["taxYear"])
    first, last = declared.years
    if not first <= str(year) <= (last or "9"):
        raise Refusal(problems.TAX_YEAR_NOT_SUPPORTED)
    return year


def _place_problems(call: Call) -> Iterator[Problem]:
    if "businessId" in call.path:
        yield from business_id_problems(call.path["businessId"])
    for name, (pattern, problem) in _RECORD_IDS.items():
        if name in call.path and not re.fullmatch(pattern, call.path[name]):
            yield problem
    if not re.fullmatch(UUID, call.query.get("propertyId") or NO_PROPERTY):
        yield problems.BAD_PROPERTY_ID


def _structure_problems(declared: Declared, reading: Reading) -> Iterator[Problem]:
    yield from reading.body_problems
    # Dates by themselves report nothing.
    if declared.body and not reading.body_problems and not reading.known.keys() - PERIOD.keys():
        yield BODY


NO_PROPERTY = "00000000-0000-0000-0000-000000000000"
_RECORD_IDS = {
    "submissionId": (UUID_4, problems.BAD_SUBMISSION_ID),
    "periodId": (r"\d{4}-\d{2}-\d{2}_\d{4}-\d{2}-\d{2}", problems.BAD_PERIOD_ID),
    "propId": (UUID, problems.BAD_PROPERTY_ID),
}


# Scenarios and fixed answers

_SAMPLES = {
    "EMPTY": Sample(is_empty=True),
    "DELETE": Sample(),
    "CONSOLIDATED": Sample(consolidated=True),
    "UK_PROPERTY_CONSOLIDATED": Sample(consolidated=True),
    "UK_PROPERTY_FULL_EXPENSES": Sample(),
    "UK_PROPERTY_ALLOWANCE": Sample(part="ukProperty", property_allowance=True),
    "UK_ALL_OTHER_ALLOWANCES": Sample(part="ukProperty"),
    "UK_FHL_PROPERTY_ALLOWANCE": Sample(part="ukFhlProperty", property_allowance=True),
    "UK_FHL_ALL_OTHER_ALLOWANCES": Sample(part="ukFhlProperty"),
    "UK_FHL_CONSOLIDATED": Sample(part="ukFhlProperty", consolidated=True),
    "UK_FHL_FULL_EXPENSES": Sample(part="ukFhlProperty"),
    "UK_NON_FHL_CONSOLIDATED": Sample(part="ukNonFhlProperty", consolidated=True),
    "UK_NON_FHL_FULL_EXPENSES": Sample(part="ukNonFhlProperty"),
    "FOREIGN_FHL_CONSOLIDATED": Sample(part="foreignFhlEea", consolidated=True),
    "FOREIGN_FHL_FULL_EXPENSES": Sample(part="foreignFhlEea"),
    "FOREIGN_NON_FHL_CONSOLIDATED": Sample(part="foreignNonFhlProperty", consolidated=True),
    "FOREIGN_NON_FHL_FULL_EXPENSES": Sample(part="foreignNonFhlProperty"),
}
_STATEFUL = frozenset({"STATEFUL", "STATEFUL_DELETE"})
# Scenarios of one type of business that are asked of an operation for the other.
_TYPES = {"UK_PROPERTY": "uk-property", "FOREIGN_PROPERTY": "foreign-property"}
_BY_CODE = {one.code: one for one in vars(problems).values() if isinstance(one, Problem)}


def _scenario(declared: Declared, name: str) -> Problem | Work[Given]:
    if name in _STATEFUL:
        return declared.work
    if name in _TYPES:
        return _canned(declared, Sample()) if _TYPES[name] in declared.owners else problems.WRONG_TYPE
    if name in _SAMPLES:
        return _canned(declared, _SAMPLES[name])
    if name == "NOT_FOUND":
        return problems.NOT_FOUND
    return _BY_CODE.get(f"RULE_{name}") or _BY_CODE[f"RULE_{name}_PERIOD"]


def _canned(declared: Declared, sample: Sample) -> Work[Given]:
    def canned(_: Call, given: Given) -> Answer:
        body = declared.sample(given, sample)
        return Answer(declared.status, None if body is None else exact.dumps(body))

    return canned
