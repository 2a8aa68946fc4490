"""What is asked of a calculation, checked by itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sandbox.hmrc.api.calculations import fixed, problems
from sandbox.hmrc.api.fields import FIRST_CUMULATIVE_YEAR, TaxYear, tax_year_problems
from sandbox.hmrc.api.operation import Call
from sandbox.hmrc.api.problems import TAX_YEAR_NOT_SUPPORTED, Problem, refuse_any

EARLIEST_YEAR = TaxYear(2017)
IN_YEAR, TO_FINALISE, TO_AMEND = "in-year", "intent-to-finalise", "intent-to-amend"
FINAL, CONFIRM = "final-declaration", "confirm-amendment"
TRIGGERS = frozenset({IN_YEAR, TO_FINALISE, TO_AMEND})
# What may be declared, and what must have been asked for to declare it.
DECLARES = {FINAL: TO_FINALISE, CONFIRM: TO_AMEND}
AMENDMENTS = frozenset({TO_AMEND, CONFIRM})
_ID = re.compile(r"[0-9]{8}|[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@dataclass(frozen=True, kw_only=True)
class Given:
    """A sound request; what it does not have is ""."""

    year: TaxYear
    kind: str
    calculation_id: str


# Checks


def check_trigger(call: Call) -> Given:
    return _check(call, kind=call.path["calculationType"], kinds=TRIGGERS)


def check_list(call: Call) -> Given:
    return _check(call, kind=call.query.get("calculationType", ""), kinds=TRIGGERS | DECLARES.keys() | {""})


def check_one(call: Call) -> Given:
    return _check(call, kind="", kinds=frozenset({""}))


def check_declare(call: Call) -> Given:
    return _check(call, kind=call.path["calculationType"], kinds=frozenset(DECLARES))


def _check(call: Call, *, kind: str, kinds: frozenset[str]) -> Given:
    refuse_any(_problems(call.path, kind, kinds))
    year = TaxYear.parse(call.path["taxYear"])
    # HMRC refuses the declaration of an amendment by its tax year, and has no code of its own for it.
    too_early = TAX_YEAR_NOT_SUPPORTED if "calculationId" in call.path else problems.TYPE_NOT_ALLOWED
    refuse_any([too_early] if kind in AMENDMENTS and year < FIRST_CUMULATIVE_YEAR else [])
    return Given(year=year, kind=kind, calculation_id=call.path.get("calculationId", ""))


def _problems(path: Mapping[str, str], kind: str, kinds: frozenset[str]) -> Iterator[Problem]:
    yield from tax_year_problems(path["taxYear"], earliest=EARLIEST_YEAR)
    if kind not in kinds:
        yield problems.BAD_TYPE
    if not _ID.fullmatch(path.get("calculationId", fixed.SOME_ID)):
        yield problems.BAD_ID
