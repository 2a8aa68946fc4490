"""
One SQLite file that holds the stand-in's world.

Every change is committed before it is answered, through a write-ahead log: a process killed at any moment
leaves a whole file, and a restart finds all that was answered.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

Row = sqlite3.Row

# Raised with every change to the tables: a file of another version is put away, and the stand-in starts afresh.
VERSION = 3
# What belongs to a taxpayer's test data: dropped, kept in checkpoints and brought back by NINO.
TEST_DATA = ("businesses", "filings", "reached", "records", "calculations", "itsa_statuses")
SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    user_id TEXT PRIMARY KEY, password TEXT NOT NULL, access_code TEXT NOT NULL, nino TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL, enrolled INTEGER NOT NULL, seeded INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS businesses (
    business_id TEXT PRIMARY KEY, nino TEXT NOT NULL REFERENCES users (nino) ON DELETE CASCADE, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS businesses_of_nino ON businesses (nino);
CREATE TABLE IF NOT EXISTS journeys (
    digest TEXT PRIMARY KEY, redirect_uri TEXT, scope TEXT, state TEXT, challenge TEXT,
    user_id TEXT, verified INTEGER NOT NULL DEFAULT 0, ends_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS codes (
    digest TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE, scope TEXT NOT NULL,
    redirect_uri TEXT NOT NULL, challenge TEXT, granted_at REAL NOT NULL, ends_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS grants (
    grant_id TEXT PRIMARY KEY, user_id TEXT REFERENCES users ON DELETE CASCADE, scope TEXT NOT NULL,
    granted_at REAL NOT NULL, ends_at REAL NOT NULL, ended_at REAL,
    access_digest TEXT UNIQUE, access_ends_at REAL NOT NULL, refresh_digest TEXT UNIQUE);
CREATE TABLE IF NOT EXISTS filings (
    kind TEXT NOT NULL, nino TEXT NOT NULL, business_id TEXT NOT NULL, tax_year TEXT NOT NULL, to_date TEXT,
    body TEXT NOT NULL, submitted_at REAL NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (kind, business_id, tax_year));
CREATE TABLE IF NOT EXISTS reached (
    kind TEXT NOT NULL, nino TEXT NOT NULL, business_id TEXT NOT NULL, tax_year TEXT NOT NULL, to_date TEXT NOT NULL,
    first_at REAL NOT NULL, PRIMARY KEY (kind, business_id, tax_year, to_date));
CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, nino TEXT NOT NULL, business_id TEXT NOT NULL, tax_year TEXT NOT NULL, record_id TEXT NOT NULL,
    from_date TEXT, to_date TEXT, body TEXT NOT NULL, submitted_at REAL NOT NULL,
    PRIMARY KEY (kind, nino, business_id, tax_year, record_id));
CREATE TABLE IF NOT EXISTS calculations (
    calculation_id TEXT PRIMARY KEY, nino TEXT NOT NULL, business_id TEXT NOT NULL, tax_year TEXT NOT NULL,
    kind TEXT NOT NULL, requested_at REAL NOT NULL, from_date TEXT NOT NULL, to_date TEXT NOT NULL,
    sources TEXT NOT NULL, liability TEXT NOT NULL, body TEXT NOT NULL, declared_at REAL);
CREATE INDEX IF NOT EXISTS calculations_of_year ON calculations (nino, tax_year);
CREATE TABLE IF NOT EXISTS itsa_statuses (
    nino TEXT NOT NULL, tax_year TEXT NOT NULL, details TEXT NOT NULL, PRIMARY KEY (nino, tax_year));
CREATE TABLE IF NOT EXISTS checkpoints (
    checkpoint_id TEXT PRIMARY KEY, nino TEXT NOT NULL REFERENCES users (nino) ON DELETE CASCADE,
    created_at REAL NOT NULL, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Store:
    """A connection that threads share, one at a time."""

    def __init__(self, *, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _put_away_other_version(file)
        self._lock = RLock()
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        # NORMAL leaves out the fsync per commit: proof against kill -9, which is asked, not against a power cut.
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "busy_timeout = 5000"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(f"{SCHEMA} PRAGMA user_version = {VERSION};")
        file.chmod(0o600)

    def rows(self, sql: str, **values: Any) -> list[Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, **values: Any) -> Row | None:
        return next(iter(self.rows(sql, **values)), None)

    def change(self, sql: str, **values: Any) -> int:
        """Carry out one statement and return how many rows it changed."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block's changes or none; other threads wait."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _put_away_other_version(file: Path) -> None:
    if not file.exists():
        return
    with closing(sqlite3.connect(file)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        for part in file.parent.glob(f"{file.name}*"):
            part.unlink()
