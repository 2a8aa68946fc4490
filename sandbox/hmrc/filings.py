"""What HMRC holds: the newest version of each submission, and when each end date was first reached."""

from dataclasses import dataclass
from datetime import date

from sandbox.hmrc.store import Row, Store

FINAL_DECLARATION = "final-declaration"


@dataclass(frozen=True, kw_only=True)
class Filing:
    """One accepted submission. `body` is the JSON text as it was accepted, exact to the penny."""

    kind: str
    nino: str
    business_id: str
    tax_year: str
    body: str
    to_date: date | None
    submitted_at: float
    times: int = 1


class Filings:
    """Accepted submissions of any kind ("uk-cumulative", …); one per business and tax year."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    # Mutators

    def put(self, filing: Filing) -> None:
        """Replace what was held, and count. Call it inside a transaction."""
        values = vars(filing) | {"to_date": filing.to_date.isoformat() if filing.to_date else None}
        self._store.change(
            "INSERT INTO filings VALUES"
            " (:kind, :nino, :business_id, :tax_year, :to_date, :body, :submitted_at, :times)"
            " ON CONFLICT DO UPDATE SET nino = excluded.nino, to_date = excluded.to_date, body = excluded.body,"
            " submitted_at = excluded.submitted_at, times = times + 1",
            **values,
        )
        self._store.change(
            "INSERT OR IGNORE INTO reached SELECT kind, nino, business_id, tax_year, to_date, submitted_at FROM filings"
            " WHERE kind = :kind AND business_id = :business_id AND tax_year = :tax_year AND to_date IS NOT NULL",
            **values,
        )

    def drop(self, *, kind: str, business_id: str, tax_year: str) -> bool:
        """Forget one. False if there is none."""
        sql = "DELETE FROM filings WHERE kind = :kind AND business_id = :business_id AND tax_year = :tax_year"
        return self._store.change(sql, kind=kind, business_id=business_id, tax_year=tax_year) == 1

    # Queries

    def find(self, *, kind: str, business_id: str, tax_year: str) -> Filing | None:
        sql = "SELECT * FROM filings WHERE kind = :kind AND business_id = :business_id AND tax_year = :tax_year"
        row = self._store.row(sql, kind=kind, business_id=business_id, tax_year=tax_year)
        return _filing(row) if row else None

    def declared_at(self, *, nino: str, tax_year: str) -> float | None:
        """Return when the year's final declaration was received."""
        sql = "SELECT submitted_at FROM filings WHERE kind = :kind AND nino = :nino AND tax_year = :tax_year"
        row = self._store.row(sql, kind=FINAL_DECLARATION, nino=nino, tax_year=tax_year)
        return float(row["submitted_at"]) if row else None

    def reached(self, *, business_id: str, tax_year: str) -> list[tuple[date, float]]:
        """Return the end dates that were sent, each with the moment it was sent first."""
        sql = "SELECT to_date, first_at FROM reached WHERE business_id = :business_id AND tax_year = :tax_year"
        rows = self._store.rows(sql, business_id=business_id, tax_year=tax_year)
        return [(date.fromisoformat(row["to_date"]), row["first_at"]) for row in rows]

    def held(self, *, nino: str | None = None) -> list[Filing]:
        """Return all that HMRC holds, or what it holds of one NINO, newest first."""
        sql = "SELECT * FROM filings WHERE :nino IS NULL OR nino = :nino ORDER BY submitted_at DESC"
        return [_filing(row) for row in self._store.rows(sql, nino=nino)]


def _filing(row: Row) -> Filing:
    values = {key: row[key] for key in row.keys()}  # noqa: SIM118 - a sqlite3.Row yields values
    return Filing(**values | {"to_date": date.fromisoformat(row["to_date"]) if row["to_date"] else None})
