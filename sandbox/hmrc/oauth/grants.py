"""
Codes, grants and tokens. Only digests are kept; a lost token can't be read back from the stand-in.

A grant holds at most one living access token and one living refresh token, so a refresh is one guarded UPDATE:
it puts new digests in the place of the old ones, and both old tokens are dead in the same moment.
"""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from sandbox.hmrc.config import LONGEST_GRANT, digest
from sandbox.hmrc.magic import grant_lasts
from sandbox.hmrc.settings import Setting
from sandbox.hmrc.store import Row, Store

CODE_LASTS = timedelta(minutes=10).total_seconds()
ACCESS_LASTS = 14_400
A_DAY = timedelta(days=1).total_seconds()


@dataclass(frozen=True, kw_only=True)
class Code:
    """An authorization code that can still be spent."""

    digest: str
    user_id: str
    scope: str
    redirect_uri: str
    challenge: str | None = field(repr=False)
    granted_at: float


@dataclass(frozen=True, kw_only=True)
class Tokens:
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    scope: str


@dataclass(frozen=True, kw_only=True)
class Bearer:
    """Who a living access token speaks for; no user for an application's own token."""

    user_id: str | None
    scopes: frozenset[str]


def new_token() -> str:
    """32 hex characters, as HMRC's sandbox gives them."""
    return secrets.token_hex(16)


class Grants:
    """Permissions that users gave to the application, and the application's own tokens."""

    def __init__(self, *, store: Store, days: int) -> None:
        self._store = store
        self.days = Setting(store=store, name="grant_days", default=days, takes=lambda few: 0 < few <= LONGEST_GRANT)

    # Codes

    def issue_code(self, *, user_id: str, scope: str, redirect_uri: str, challenge: str | None, now: float) -> str:
        code = new_token()
        self._store.change("DELETE FROM codes WHERE ends_at <= :now", now=now)
        self._store.change(
            "INSERT INTO codes VALUES (:digest, :user_id, :scope, :redirect_uri, :challenge, :now, :ends_at)",
            digest=digest(code),
            user_id=user_id,
            scope=scope,
            redirect_uri=redirect_uri,
            challenge=challenge,
            now=now,
            ends_at=now + CODE_LASTS,
        )
        return code

    def find_code(self, code: str, *, now: float) -> Code | None:
        sql = "SELECT * FROM codes WHERE digest = :digest AND ends_at > :now"
        row = self._store.row(sql, digest=digest(code), now=now)
        return _code(row) if row else None

    def spend_code(self, code: Code, *, now: float) -> Tokens | None:
        """Turn a code into a grant. None if somebody spent it first."""
        tokens = Tokens(access=new_token(), refresh=new_token(), scope=code.scope)
        with self._store.transaction():
            if not self._store.change("DELETE FROM codes WHERE digest = :digest", digest=code.digest):
                return None
            self._insert(code.user_id, tokens, granted_at=code.granted_at, now=now)
        return tokens

    # Tokens

    def _insert(self, user_id: str | None, tokens: Tokens, *, granted_at: float, now: float) -> None:
        self._store.change(
            "INSERT INTO grants"
            " (grant_id, user_id, scope, granted_at, ends_at, access_digest, access_ends_at, refresh_digest)"
            " VALUES (:grant_id, :user_id, :scope, :granted_at, :ends_at, :access, :access_ends_at, :refresh)",
            grant_id=secrets.token_hex(8),
            user_id=user_id,
            scope=tokens.scope,
            granted_at=granted_at,
            # Counted from the user's consent, not from each refresh.
            ends_at=granted_at + (self._fixed(user_id) or self.days.get() * A_DAY),
            access=digest(tokens.access),
            access_ends_at=now + ACCESS_LASTS,
            refresh=digest(tokens.refresh) if user_id else None,
        )

    def _fixed(self, user_id: str | None) -> float | None:
        row = self._store.row("SELECT nino FROM users WHERE user_id = :user_id", user_id=user_id)
        return grant_lasts(row["nino"]) if row else None

    def rotate(self, refresh_token: str, *, now: float) -> Tokens | None:
        """Spend a refresh token; the old access token dies with it. None if it is unknown, used, revoked or ended."""
        row = self._store.row(
            "UPDATE grants SET access_digest = :access, access_ends_at = :access_ends_at, refresh_digest = :refresh"
            " WHERE refresh_digest = :spent AND ended_at IS NULL AND ends_at > :now RETURNING scope",
            access=digest(access := new_token()),
            access_ends_at=now + ACCESS_LASTS,
            refresh=digest(refresh := new_token()),
            spent=digest(refresh_token),
            now=now,
        )
        return Tokens(access=access, refresh=refresh, scope=row["scope"]) if row else None

    def issue_application(self, *, scope: str, now: float) -> str:
        """Return an access token for the application itself; it has no refresh token."""
        tokens = Tokens(access=new_token(), refresh="", scope=scope)
        with self._store.transaction():
            self._store.change("DELETE FROM grants WHERE user_id IS NULL AND access_ends_at <= :now", now=now)
            self._insert(None, tokens, granted_at=now, now=now)
        return tokens.access

    def bearer(self, access_token: str, *, now: float) -> Bearer | None:
        row = self._store.row(
            "SELECT user_id, scope FROM grants WHERE access_digest = :digest AND access_ends_at > :now"
            " AND ends_at > :now AND ended_at IS NULL",
            digest=digest(access_token),
            now=now,
        )
        return Bearer(user_id=row["user_id"], scopes=frozenset(row["scope"].split())) if row else None

    # Endings

    def revoke(self, *, user_id: str, now: float) -> int:
        """End all grants of a user, as the user can at HMRC. Returns how many there were; waiting codes go too."""
        with self._store.transaction():
            self._store.change("DELETE FROM codes WHERE user_id = :user_id", user_id=user_id)
            return self._store.change(
                "UPDATE grants SET ended_at = :now WHERE user_id = :user_id AND ended_at IS NULL",
                user_id=user_id,
                now=now,
            )

    def end(self, *, user_id: str, now: float) -> int:
        """Let the time of a user's living grants run out now, as after eighteen months. Returns how many there were."""
        return self._store.change(
            "UPDATE grants SET ends_at = :now WHERE user_id = :user_id AND ended_at IS NULL AND ends_at > :now",
            user_id=user_id,
            now=now,
        )

    # Queries

    def nino_behind(self, secret: str) -> str | None:
        """Return whose code or refresh token this is, living or not; None if it is nobody's any more."""
        row = self._store.row(
            "SELECT nino FROM users JOIN (SELECT user_id, refresh_digest AS digest FROM grants"
            " UNION ALL SELECT user_id, digest FROM codes) USING (user_id) WHERE digest = :digest",
            digest=digest(secret),
        )
        return row["nino"] if row else None

    def living(self, *, user_id: str, now: float) -> list[Row]:
        """Return a user's living grants, newest first: scope, granted_at, ends_at."""
        return self._store.rows(
            "SELECT scope, granted_at, ends_at FROM grants"
            " WHERE user_id = :user_id AND ended_at IS NULL AND ends_at > :now ORDER BY granted_at DESC, rowid DESC",
            user_id=user_id,
            now=now,
        )

    def of_users(self) -> list[Row]:
        """Return the users' grants, newest first: user_id, full_name, nino, scope, granted_at, ends_at, ended_at."""
        return self._store.rows(
            "SELECT u.user_id, u.full_name, u.nino, g.scope, g.granted_at, g.ends_at, g.ended_at"
            " FROM grants g JOIN users u USING (user_id) ORDER BY g.granted_at DESC, g.rowid DESC"
        )

    def refresh_digests(self, *, now: float) -> list[Row]:
        """Return nino and refresh_digest of every grant that lives."""
        return self._store.rows(
            "SELECT u.nino, g.refresh_digest FROM grants g JOIN users u USING (user_id)"
            " WHERE g.ended_at IS NULL AND g.ends_at > :now",
            now=now,
        )

    def drop_all(self) -> None:
        with self._store.transaction():
            for table in ("codes", "grants"):
                self._store.change(f"DELETE FROM {table}")  # noqa: S608 - both names stand above


def _code(row: Row) -> Code:
    return Code(**{key: row[key] for key in row.keys() if key != "ends_at"})  # noqa: SIM118 - a sqlite3.Row yields values
