"""Django's session engine for staff: the key is stored as a digest, the data sealed, the user beside them.

A dump of the table signs nobody in and shows nothing. The rows live in the agency's schema, so a key of one agency is
unknown in every other; in the public schema there are no sessions at all.
"""

from typing import Any
from uuid import UUID

import structlog
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from people.models import Session
from people.sealed import SESSION_LABEL
from tenants import clock
from tenants.context import current_agency
from tenants.errors import KeyDenied, SealBroken, UnknownHost
from tenants.ids import digest
from tenants.vault import Purpose, open_value, seal_value

log = structlog.get_logger()


class SessionStore(SessionBase):
    """One session. What allauth calls `X-Session-Token` is its key, as is the value of the browser's cookie."""

    def exists(self, session_key: str) -> bool:
        """Whether the key opens a session that has not expired."""
        return _live().filter(digest=digest(session_key)).exists()

    def create(self) -> None:
        """Save an empty session under a new key. Raises UnknownHost in the public schema."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Seal and store. Raises CreateError if the key is taken, UpdateError if the session was ended meanwhile.

        Raises UnknownHost in the public schema.
        """
        if self.session_key is None:
            self.create()
            return
        mark, row = digest(self.session_key), self._row(no_load=must_create)
        if must_create:
            _insert(mark, row)
        elif not Session.objects.filter(digest=mark).update(**row):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """End the session, this one if no key is given. To end one that is not there is no error."""
        key = session_key or self.session_key
        if key is not None:
            _live().filter(digest=digest(key)).delete()

    def load(self) -> dict[str, Any]:
        """The stored data; nothing, and the key forgotten, if there is no such session or its seal is broken."""
        opened = None if self.session_key is None else _open(digest(self.session_key))
        if opened is None:
            self._session_key = None
            return {}
        return dict(self.serializer().loads(opened.encode()))

    @classmethod
    def clear_expired(cls) -> None:
        """Delete the current agency's expired sessions. Raises UnknownHost in the public schema."""
        Session.objects.filter(expires_at__lte=clock.now()).delete()

    def _row(self, *, no_load: bool) -> dict[str, Any]:
        data = self._get_session(no_load=no_load)  # type: ignore[attr-defined]
        mark = digest(str(self.session_key))
        text = self.serializer().dumps(data).decode()
        return {
            "data": seal_value(text, purpose=Purpose.PII, label=SESSION_LABEL, row=_place(mark)),
            "user_id": data.get(SESSION_KEY),
            "expires_at": self.get_expiry_date(modification=clock.now()),
        }


def end_sessions(*, user_id: UUID) -> int:
    """End every session of this member of staff, on every device. Returns how many there were."""
    ended, _ = Session.objects.filter(user_id=user_id).delete()
    return ended


def _live() -> QuerySet[Session]:
    try:
        current_agency()
    except UnknownHost:
        return Session.objects.none()
    return Session.objects.filter(expires_at__gt=clock.now())


def _insert(mark: bytes, row: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            Session.objects.create(digest=mark, **row)
    except IntegrityError:
        raise CreateError from None


def _open(mark: bytes) -> str | None:
    row = _live().filter(digest=mark).first()
    if row is None:
        return None
    try:
        return open_value(bytes(row.data), purpose=Purpose.PII, label=SESSION_LABEL, row=_place(mark))
    except (KeyDenied, SealBroken):
        # Not an error page: whoever holds the key could never sign in again to be rid of it.
        log.error("session.seal_broken", user=str(row.user_id))  # noqa: TRY400
        return None


def _place(mark: bytes) -> UUID:
    """The row a session's data is sealed to: half of the digest, in the shape the vault asks for."""
    return UUID(bytes=mark[:16])
