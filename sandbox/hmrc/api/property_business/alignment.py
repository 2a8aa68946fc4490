"""HMRC's rules about the dates of a cumulative update, held against the business and what was sent before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sandbox.hmrc.api import quarters
from sandbox.hmrc.api.fields import TaxYear
from sandbox.hmrc.api.problems import Problem
from sandbox.hmrc.api.property_business import problems
from sandbox.hmrc.businesses import Business

EARLIEST_BEFORE_END = timedelta(days=10)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What an update is held against. `today` is None where checks against it are suspended."""

    business: Business
    year: TaxYear
    is_annual: bool
    reached: date | None
    today: date | None


def find_problems(period: tuple[date, date] | None, standing: Standing) -> Iterator[Problem]:
    """Yield the rules that an update breaks, in the order in which HMRC looks at them."""
    if standing.today and standing.today > standing.year.last_amendment:
        yield problems.WINDOW_CLOSED
    if standing.is_annual:
        yield from [problems.DATES_NOT_ALLOWED] if period else []
        return
    if period is None:
        yield problems.MISSING_DATES
        return
    yield from _start_problems(period[0], standing)
    yield from _end_problems(period[1], standing)
    if standing.reached and period[1] < standing.reached:
        yield problems.BACKWARDS


def _start_problems(from_date: date, standing: Standing) -> Iterator[Problem]:
    start, commencement = quarters.start(standing.year, standing.business), standing.business.commencement_date
    if from_date != max(start, commencement):
        yield problems.NOT_COMMENCEMENT if commencement > start else problems.START_NOT_ALIGNED


def _end_problems(to_date: date, standing: Standing) -> Iterator[Problem]:
    """
    Updates more often than quarterly are allowed: one for days that are over may end on any of them.

    What does not fit the reporting type is the other type's quarter end, and a day after the year's last quarter.
    """
    chosen = standing.business.quarterly_type_in(str(standing.year))
    own_ends = quarters.ends(standing.year, quarterly_type=chosen)
    if to_date > own_ends[-1] or to_date in quarters.other_ends(standing.year, quarterly_type=chosen):
        yield problems.END_NOT_ALIGNED
    if standing.today is None:
        return
    if to_date >= standing.today and to_date not in own_ends:
        yield problems.ADVANCE
    if to_date - EARLIEST_BEFORE_END > standing.today:
        yield problems.TOO_EARLY
