"""A taxpayer's test data as a whole: dropped, kept as a checkpoint, and brought back."""

import json
import secrets
from dataclasses import dataclass

from sandbox.hmrc.store import TEST_DATA, Store

# 36 letters and digits pass both of HMRC's patterns for the id; a UUID passes only one.
_ID_BYTES = 18


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    checkpoint_id: str
    created_at: float


class VendorState:
    """The tables of the test data, found by NINO."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    # Mutators

    def drop(self, *, nino: str) -> bool:
        """Forget all that is held of a taxpayer, businesses included. False if nothing is."""
        with self._store.transaction():
            return self._delete(nino) > 0

    def keep(self, *, nino: str, now: float) -> str | None:
        """Keep a checkpoint and return its id; None if nothing is held."""
        with self._store.transaction():
            data = self._read(nino)
            if not any(data.values()):
                return None
            checkpoint_id = secrets.token_hex(_ID_BYTES)
            self._store.change(
                "INSERT INTO checkpoints VALUES (:checkpoint_id, :nino, :now, :data)",
                checkpoint_id=checkpoint_id,
                nino=nino,
                now=now,
                data=json.dumps(data),
            )
        return checkpoint_id

    def restore(self, checkpoint_id: str, *, nino: str) -> bool:
        """Put a taxpayer's data back to what it was. False if they have no such checkpoint."""
        sql = "SELECT data FROM checkpoints WHERE checkpoint_id = :checkpoint_id AND nino = :nino"
        with self._store.transaction():
            row = self._store.row(sql, checkpoint_id=checkpoint_id, nino=nino)
            if row is None:
                return False
            self._delete(nino)
            self._write(json.loads(row["data"]))
        return True

    def drop_checkpoint(self, checkpoint_id: str, *, nino: str) -> bool:
        sql = "DELETE FROM checkpoints WHERE checkpoint_id = :checkpoint_id AND nino = :nino"
        return self._store.change(sql, checkpoint_id=checkpoint_id, nino=nino) == 1

    def drop_all(self) -> None:
        """Forget the test data and the checkpoints of everyone."""
        with self._store.transaction():
            for table in (*TEST_DATA, "checkpoints"):
                self._store.change(f"DELETE FROM {table}")  # noqa: S608 - the names are ours

    def _delete(self, nino: str) -> int:
        return sum(
            self._store.change(f"DELETE FROM {table} WHERE nino = :nino", nino=nino)  # noqa: S608 - the names are ours
            for table in TEST_DATA
        )

    def _write(self, data: dict[str, list[dict[str, object]]]) -> None:
        for table, rows in data.items():
            for row in rows:
                places = ", ".join(f":{column}" for column in row)
                self._store.change(f"INSERT INTO {table} VALUES ({places})", **row)  # noqa: S608 - the names are ours

    # Queries

    def checkpoints(self, *, nino: str) -> list[Checkpoint]:
        """Return a taxpayer's checkpoints, oldest first."""
        sql = "SELECT checkpoint_id, created_at FROM checkpoints WHERE nino = :nino ORDER BY rowid"
        return [Checkpoint(**dict(row)) for row in self._store.rows(sql, nino=nino)]

    def _read(self, nino: str) -> dict[str, list[dict[str, object]]]:
        return {
            table: [
                dict(row)
                for row in self._store.rows(
                    f"SELECT * FROM {table} WHERE nino = :nino ORDER BY rowid",  # noqa: S608 - the names are ours
                    nino=nino,
                )
            ]
            for table in TEST_DATA
        }
