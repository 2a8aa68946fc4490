"""Every code and token that the stand-in ever issued, by digest. It forgets those that are over; we do not."""

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

# Run by the stand-in's own database connection: nothing of the stand-in has to know.
_TRIGGERS = """
CREATE TABLE IF NOT EXISTS witnessed (digest TEXT PRIMARY KEY, what TEXT NOT NULL, user_id TEXT);
CREATE TRIGGER IF NOT EXISTS code_issued AFTER INSERT ON codes BEGIN
    INSERT OR IGNORE INTO witnessed VALUES (new.digest, 'authorization code', new.user_id);
END;
CREATE TRIGGER IF NOT EXISTS tokens_issued AFTER INSERT ON grants BEGIN
    INSERT OR IGNORE INTO witnessed VALUES (new.access_digest, 'access token', new.user_id);
    INSERT OR IGNORE INTO witnessed VALUES (new.refresh_digest, 'refresh token', new.user_id);
END;
CREATE TRIGGER IF NOT EXISTS tokens_rotated AFTER UPDATE OF access_digest, refresh_digest ON grants BEGIN
    INSERT OR IGNORE INTO witnessed VALUES (new.access_digest, 'access token', new.user_id);
    INSERT OR IGNORE INTO witnessed VALUES (new.refresh_digest, 'refresh token', new.user_id);
END;
"""


class Witness:
    """Reads what the triggers wrote down. From before the first code on."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with closing(sqlite3.connect(file, timeout=10)) as store:
            store.executescript(_TRIGGERS)

    def digests(self, *, user_id: str = "") -> dict[str, str]:
        """What was issued (to this user): the digest, and what it is the digest of."""
        with closing(sqlite3.connect(self._file, timeout=10)) as store:
            found = store.execute("SELECT digest, what FROM witnessed WHERE ? IN ('', user_id)", [user_id])
            return dict(found.fetchall())

    def count(self, what: str, *, user_id: str) -> int:
        """How many of these were issued to the user."""
        return list(self.digests(user_id=user_id).values()).count(what)

    def plant(self, secret: str) -> None:
        """Have it count as issued."""
        with closing(sqlite3.connect(self._file, timeout=10)) as store, store:
            store.execute(
                "INSERT INTO witnessed VALUES (?, 'access token', NULL)", [sha256(secret.encode()).hexdigest()]
            )
