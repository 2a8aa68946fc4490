"""What a taxpayer has sent about UK property for a tax year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sandbox.hmrc.api import exact
from sandbox.hmrc.api.calculations.document import Source
from sandbox.hmrc.api.calculations.figures import Figures, add_up
from sandbox.hmrc.api.fields import FIRST_CUMULATIVE_YEAR, TaxYear
from sandbox.hmrc.api.operation import World
from sandbox.hmrc.api.property_business.shared import ANNUAL, PERIOD, UK_CUMULATIVE
from sandbox.hmrc.businesses import Business
from sandbox.hmrc.people import User
from sandbox.hmrc.records import Place


@dataclass(frozen=True, kw_only=True)
class Submissions:
    """A business with what was received of it."""

    business: Business
    source: Source
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class _Update:
    body: dict[str, Any]
    dates: tuple[date, date]
    received_at: float


def find_submissions(user: User, year: TaxYear, world: World) -> Submissions | None:
    """Return the year's submissions of the taxpayer's UK property business, of which HMRC knows one; None if none."""
    for business in user.businesses:
        updates = _updates(user, business, year, world) if business.type_of_business == "uk-property" else []
        if updates:
            return _gather(user, business, year, world, updates)
    return None


def _gather(user: User, business: Business, year: TaxYear, world: World, updates: Sequence[_Update]) -> Submissions:
    annual = world.records.find(_place(ANNUAL, user, business, year))
    moments = [one.received_at for one in updates] + ([annual.submitted_at] if annual else [])
    source = Source(
        business_id=business.business_id,
        commencement_date=business.commencement_date,
        from_date=min(one.dates[0] for one in updates),
        to_date=max(one.dates[1] for one in updates),
        received_at=max(moments),
    )
    figures = add_up([one.body for one in updates], _read(annual.body) if annual else None)
    return Submissions(business=business, source=source, figures=figures)


def _updates(user: User, business: Business, year: TaxYear, world: World) -> list[_Update]:
    if year < FIRST_CUMULATIVE_YEAR:
        periods = world.records.at(_place(PERIOD, user, business, year))
        return [_update(one.body, one.from_date, one.to_date, one.submitted_at, year) for one in periods]
    held = world.filings.find(kind=UK_CUMULATIVE, business_id=business.business_id, tax_year=str(year))
    return [_update(held.body, None, held.to_date, held.submitted_at, year)] if held else []


def _update(body: str, start: date | None, end: date | None, received_at: float, year: TaxYear) -> _Update:
    # Who reports annually sends no dates and means the whole year.
    return _Update(body=_read(body), dates=(start or year.start, end or year.end), received_at=received_at)


def _place(kind: str, user: User, business: Business, year: TaxYear) -> Place:
    return Place(kind=kind, nino=user.nino, business_id=business.business_id, tax_year=str(year))


def _read(body: str) -> dict[str, Any]:
    found: dict[str, Any] = exact.loads(body.encode())
    return found
