"""What HMRC holds beside the cumulative updates: annual submissions, period summaries, foreign properties."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sandbox.hmrc.store import Row, Store


@dataclass(frozen=True, kw_only=True)
class Place:
    """
    Where records of one kind lie.

    A business id is "" where HMRC keeps the records by taxpayer, a tax year where it keeps them by date.
    """

    kind: str
    nino: str
    business_id: str = ""
    tax_year: str = ""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record; `record_id` tells several of a place apart. `body` is JSON text, exact to the penny."""

    place: Place
    body: str
    submitted_at: float
    record_id: str = ""
    from_date: date | None = None
    to_date: date | None = None


class Records:
    """Records of any kind, in the store."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    # Mutators

    def put(self, record: Record) -> None:
        """Add a record, or replace the one with its id."""
        self._store.change(
            "INSERT INTO records VALUES (:kind, :nino, :business_id, :tax_year, :record_id, :from_date, :to_date,"
            " :body, :submitted_at) ON CONFLICT DO UPDATE SET from_date = excluded.from_date,"
            " to_date = excluded.to_date, body = excluded.body, submitted_at = excluded.submitted_at",
            **vars(record.place),
            record_id=record.record_id,
            from_date=record.from_date.isoformat() if record.from_date else None,
            to_date=record.to_date.isoformat() if record.to_date else None,
            body=record.body,
            submitted_at=record.submitted_at,
        )

    def drop(self, place: Place, *, record_id: str = "") -> bool:
        """Forget a record. False if there is none."""
        sql = (
            "DELETE FROM records WHERE kind = :kind AND nino = :nino AND business_id = :business_id"
            " AND tax_year = :tax_year AND record_id = :record_id"
        )
        return self._store.change(sql, **vars(place), record_id=record_id) == 1

    # Queries

    def find(self, place: Place, *, record_id: str = "") -> Record | None:
        return next((record for record in self.at(place) if record.record_id == record_id), None)

    def at(self, place: Place) -> Iterator[Record]:
        """Yield what lies in a place, by date and then as it came."""
        sql = (
            "SELECT * FROM records WHERE kind = :kind AND nino = :nino AND business_id = :business_id"
            " AND tax_year = :tax_year ORDER BY from_date, rowid"
        )
        return map(_record, self._store.rows(sql, **vars(place)))


def _record(row: Row) -> Record:
    place = Place(**{name: row[name] for name in ("kind", "nino", "business_id", "tax_year")})
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("from_date", "to_date")}
    return Record(place=place, body=row["body"], submitted_at=row["submitted_at"], record_id=row["record_id"], **days)
