"""A user's way through the pages, from the authorize request to the consent."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from sandbox.hmrc.config import digest
from sandbox.hmrc.store import Store

JOURNEY_LASTS = timedelta(hours=24).total_seconds()
_ASKED = ("redirect_uri", "scope", "state", "challenge")


@dataclass(frozen=True, kw_only=True)
class Request:
    """An authorize request that keeps HMRC's rules."""

    redirect_uri: str
    scope: str
    state: str | None = field(default=None, repr=False)
    challenge: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Journey:
    """
    Where a user is: nobody signed in yet, signed in, or verified by the second step.

    Without a request of an application the user is on the way to manage what was given.
    """

    request: Request | None
    user_id: str | None
    verified: bool


class Journeys:
    """Journeys on their way. The id in the address is kept as a digest."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    def begin(self, request: Request | None, *, now: float) -> str:
        """Return the id of a new journey."""
        journey_id = secrets.token_urlsafe(24)
        self._store.change("DELETE FROM journeys WHERE ends_at <= :now", now=now)
        self._store.change(
            "INSERT INTO journeys (digest, redirect_uri, scope, state, challenge, ends_at)"
            " VALUES (:digest, :redirect_uri, :scope, :state, :challenge, :ends_at)",
            digest=digest(journey_id),
            ends_at=now + JOURNEY_LASTS,
            **(vars(request) if request else dict.fromkeys(_ASKED)),
        )
        return journey_id

    def find(self, journey_id: str, *, now: float) -> Journey | None:
        sql = "SELECT * FROM journeys WHERE digest = :digest AND ends_at > :now"
        row = self._store.row(sql, digest=digest(journey_id), now=now)
        if row is None:
            return None
        request = Request(**{name: row[name] for name in _ASKED}) if row["redirect_uri"] else None
        return Journey(request=request, user_id=row["user_id"], verified=bool(row["verified"]))

    def sign_in(self, journey_id: str, *, user_id: str) -> None:
        """Remember who gave the right password; the second step is to be done again."""
        sql = "UPDATE journeys SET user_id = :user_id, verified = 0 WHERE digest = :digest"
        self._store.change(sql, user_id=user_id, digest=digest(journey_id))

    def verify(self, journey_id: str) -> None:
        self._store.change("UPDATE journeys SET verified = 1 WHERE digest = :digest", digest=digest(journey_id))

    def finish(self, journey_id: str) -> bool:
        """End a journey. False if it had ended before: two answers to one consent page are one answer."""
        return self._store.change("DELETE FROM journeys WHERE digest = :digest", digest=digest(journey_id)) == 1

    def drop_all(self) -> None:
        self._store.change("DELETE FROM journeys")
