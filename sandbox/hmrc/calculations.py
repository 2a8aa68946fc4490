"""The calculations that were asked for, kept in the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sandbox.hmrc.store import Row, Store


@dataclass(frozen=True, kw_only=True)
class Calculation:
    """
    A calculation of a taxpayer's year.

    `kind` is HMRC's word in its list of calculations. `body` is JSON text of all but the metadata, which change when
    the calculation is declared. `liability` is in pounds, as text.
    """

    calculation_id: str
    nino: str
    business_id: str
    tax_year: str
    kind: str
    requested_at: float
    from_date: date
    to_date: date
    sources: str
    liability: str
    body: str
    declared_at: float | None = None


class Calculations:
    """Every calculation since the stand-in was set up."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    # Mutators

    def add(self, calculation: Calculation) -> None:
        days = {name: getattr(calculation, name).isoformat() for name in ("from_date", "to_date")}
        self._store.change(
            "INSERT INTO calculations VALUES (:calculation_id, :nino, :business_id, :tax_year, :kind,"
            " :requested_at, :from_date, :to_date, :sources, :liability, :body, :declared_at)",
            **vars(calculation) | days,
        )

    def declare(self, calculation_id: str, *, kind: str, now: float) -> None:
        """Make a calculation the final declaration, or the confirmed amendment."""
        sql = "UPDATE calculations SET kind = :kind, declared_at = :now WHERE calculation_id = :calculation_id"
        self._store.change(sql, calculation_id=calculation_id, kind=kind, now=now)

    # Queries

    def of(self, *, nino: str, tax_year: str) -> Sequence[Calculation]:
        """Return a year's calculations, newest first."""
        sql = (
            "SELECT * FROM calculations WHERE nino = :nino AND tax_year = :tax_year"
            " ORDER BY requested_at DESC, rowid DESC"
        )
        return [_calculation(row) for row in self._store.rows(sql, nino=nino, tax_year=tax_year)]


def _calculation(row: Row) -> Calculation:
    days = {name: date.fromisoformat(row[name]) for name in ("from_date", "to_date")}
    return Calculation(**{name: row[name] for name in row.keys()} | days)  # noqa: SIM118 - a sqlite3.Row yields values
