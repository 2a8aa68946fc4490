"""Using a grant: the access token for one call, refreshed just before use when it must be."""

from datetime import datetime, timedelta
from uuid import UUID

from hmrc_oauth import connections
from hmrc_oauth.models import Connection, Grant, GrantStatus
from tenants import due
from tenants.vault import Sealed

# A call may wait for its slot; a token with less life than this is refreshed first.
NEEDED = timedelta(minutes=2)


class AwaitingToken(Exception):  # noqa: N818 - not an error: come back in a moment
    """A refresh was asked for; try again shortly."""


def get_usable(*, landlord_id: UUID, now: datetime) -> Connection:
    """The landlord's connection, if something can be sent. Raises NotFound, NotConnected, ReconnectRequired."""
    connection = connections.get(landlord_id=landlord_id, now=now)
    connections.require_usable(connection)
    return connection


def bearer(connection: Connection, *, lane: due.Lane, now: datetime) -> Sealed:
    """The sealed access token for one call. Raises AwaitingToken after asking for a refresh, if it is spent, short-lived or in doubt."""
    grant = _grant(connection)
    if grant.status != GrantStatus.ACTIVE or grant.access_expires_at <= now + NEEDED:
        if grant.lease_ends_at is None:
            due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=lane)
        raise AwaitingToken
    token: Sealed = grant.access_token
    return token


def refused(connection: Connection, *, lane: due.Lane, now: datetime) -> None:
    """HMRC answered 401 to a call: unless a newer token has come meanwhile, ask for one. What HMRC then says decides."""
    grant = _grant(connection)
    if grant.expire_access(version=grant.token_version, now=now):
        due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=lane)


def _grant(connection: Connection) -> Grant:
    if connection.grant is None:
        raise AwaitingToken
    return connection.grant
