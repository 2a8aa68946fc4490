"""Calculations of what was sent: triggered, listed, retrieved and declared."""

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

from sandbox.hmrc.api import exact, quarters
from sandbox.hmrc.api.calculations import document, listing, problems, rates, tax
from sandbox.hmrc.api.calculations.asking import CONFIRM, DECLARES, FINAL, IN_YEAR, TO_AMEND, TO_FINALISE, Given
from sandbox.hmrc.api.calculations.submissions import Submissions, find_submissions
from sandbox.hmrc.api.fields import TaxYear
from sandbox.hmrc.api.operation import Answer, Call
from sandbox.hmrc.api.problems import NOT_FOUND, Problem, Refusal, refuse
from sandbox.hmrc.api.reporting import is_annual
from sandbox.hmrc.calculations import Calculation
from sandbox.hmrc.filings import FINAL_DECLARATION, Filing
from sandbox.hmrc.people import User

SECONDS_TO_CALCULATE = 5


def trigger(call: Call, given: Given) -> Answer:
    """Calculate at once, to be had in five seconds. Raises Refusal."""
    with call.world.store.transaction():
        found = find_submissions(call.user, given.year, call.world)
        for problem in _trigger_problems(call, given, found):
            raise Refusal(problem)
        calculation = _calculate(call, given, found or refuse(problems.NO_INCOME))
        call.world.calculations.add(calculation)
    return Answer(202, {"calculationId": calculation.calculation_id})


def list_calculations(call: Call, given: Given) -> Answer:
    found = [listing.write_entry(one) for one in _ready(call, given) if given.kind in {"", one.kind}]
    return Answer(200, exact.dumps({"calculations": found or refuse(NOT_FOUND)}))


def retrieve(call: Call, given: Given) -> Answer:
    found = _find(call, given)
    metadata = document.write_metadata(
        calculation_id=found.calculation_id,
        year=given.year,
        kind=found.kind,
        requested_at=found.requested_at,
        declared_at=found.declared_at,
        period=(found.from_date, found.to_date),
    )
    return Answer(200, f'{{"metadata":{exact.dumps(metadata)},{found.body[1:]}')


def declare(call: Call, given: Given) -> Answer:
    """Make a calculation the final declaration, or the confirmed amendment. Raises Refusal."""
    with call.world.store.transaction():
        found = _find(call, given)
        for problem in _declare_problems(call, given, found):
            raise Refusal(problem)
        _declare(call, given, found)
    return Answer(204)


def _ready(call: Call, given: Given) -> list[Calculation]:
    by_now = call.world.clock.now() - SECONDS_TO_CALCULATE
    found = call.world.calculations.of(nino=call.user.nino, tax_year=str(given.year))
    return [one for one in found if one.requested_at <= by_now]


def _find(call: Call, given: Given) -> Calculation:
    found = (one for one in _ready(call, given) if one.calculation_id == given.calculation_id)
    return next(found, None) or refuse(NOT_FOUND)


def _trigger_problems(call: Call, given: Given, found: Submissions | None) -> Iterator[Problem]:
    is_declared, is_amendment, today = _is_declared(call, given), given.kind == TO_AMEND, _today(call)
    if is_declared and not is_amendment:
        yield problems.DECLARED
    if is_amendment and not is_declared:
        yield problems.NOT_DECLARED
    if is_amendment and today and today > given.year.last_amendment:
        yield problems.WINDOW_CLOSED
    if given.kind == TO_FINALISE and today and today <= given.year.end:
        yield problems.NOT_ENDED
    if given.kind == TO_FINALISE and found and found.source.to_date < _last_day(call, given.year, found):
        yield problems.PREMATURE


def _last_day(call: Call, year: TaxYear, found: Submissions) -> date:
    if is_annual(business=found.business, nino=call.user.nino, year=year, world=call.world):
        return year.end
    return quarters.ends(year, quarterly_type=found.business.quarterly_type_in(str(year)))[-1]


def _declare_problems(call: Call, given: Given, calculation: Calculation) -> Iterator[Problem]:
    found, today = find_submissions(call.user, given.year, call.world), _today(call)
    if given.kind == FINAL and _is_declared(call, given):
        yield problems.DECLARED
    if given.kind == FINAL and today and today <= given.year.end:
        yield problems.DECLARED_TOO_EARLY
    if given.kind == CONFIRM and today and today > given.year.last_amendment:
        yield problems.WINDOW_CLOSED
    if calculation.kind != DECLARES[given.kind]:
        yield problems.FAILED
    if found is None:
        yield problems.NO_INCOME
    if calculation.sources != _sources(call.user):
        yield problems.SOURCES_CHANGED
    if found and found.source.received_at > calculation.requested_at:
        yield problems.RECENT


def _declare(call: Call, given: Given, calculation: Calculation) -> None:
    world, now = call.world, call.world.clock.now()
    world.calculations.declare(calculation.calculation_id, kind=given.kind, now=now)
    world.filings.put(
        Filing(
            kind=FINAL_DECLARATION,
            nino=calculation.nino,
            business_id=calculation.business_id,
            tax_year=calculation.tax_year,
            body=exact.dumps({"calculationId": calculation.calculation_id}),
            to_date=None,
            submitted_at=now,
        )
    )


def _is_declared(call: Call, given: Given) -> bool:
    return call.world.filings.declared_at(nino=call.user.nino, tax_year=str(given.year)) is not None


def _today(call: Call) -> date | None:
    return None if call.suspends_dates else call.world.clock.today()


def _sources(user: User) -> str:
    return " ".join(sorted(business.business_id for business in user.businesses))


def _calculate(call: Call, given: Given, found: Submissions) -> Calculation:
    outcome = tax.work_out(found.figures, rates.of(given.year))
    body = {
        "inputs": document.write_inputs(given.year, nino=call.user.nino, source=found.source),
        "calculation": document.write_calculation(outcome, kind=given.kind, source=found.source),
        "messages": document.write_messages(outcome),
    }
    return Calculation(
        calculation_id=str(uuid4()),
        nino=call.user.nino,
        tax_year=str(given.year),
        kind=given.kind,
        requested_at=call.world.clock.now(),
        from_date=found.source.from_date,
        to_date=found.source.to_date if given.kind == IN_YEAR else given.year.end,
        business_id=found.business.business_id,
        sources=_sources(call.user),
        liability=str(outcome.due),
        body=exact.dumps(body),
    )
