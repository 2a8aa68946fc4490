"""A taxpayer's ITSA status of each tax year: whether, and why, they report quarterly."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.hmrc.store import Store

ANNUAL = "Annual"

Detail = Mapping[str, Any]


class Statuses:
    """The statuses that tests have set. `details` is HMRC's `itsaStatusDetails`, newest last."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    def put(self, *, nino: str, tax_year: str, details: str) -> None:
        """Replace the details (JSON text) of a tax year."""
        sql = (
            "INSERT INTO itsa_statuses VALUES (:nino, :tax_year, :details)"
            " ON CONFLICT DO UPDATE SET details = excluded.details"
        )
        self._store.change(sql, nino=nino, tax_year=tax_year, details=details)

    def of(self, nino: str) -> dict[str, str]:
        """Return the details (JSON text) by tax year, oldest year first."""
        sql = "SELECT tax_year, details FROM itsa_statuses WHERE nino = :nino ORDER BY tax_year"
        return {row["tax_year"]: row["details"] for row in self._store.rows(sql, nino=nino)}

    def is_annual(self, *, nino: str, tax_year: str) -> bool:
        """Tell whether the newest status of that year is Annual."""
        details: Sequence[Detail] = json.loads(self.of(nino).get(tax_year, "[]"))
        newest = max(details, key=lambda one: str(one["submittedOn"]), default=None)
        return newest is not None and newest["status"] == ANNUAL
