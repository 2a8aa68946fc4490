"""Using a grant: the access token for one call, refreshed just before use when it must be."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from hmrc_oauth import connections
from hmrc_oauth.errors import ReconnectRequired
from hmrc_oauth.models import Connection, Grant, GrantStatus
from tenants import due
from tenants.lanes import more_urgent

log = structlog.get_logger()
# A call may wait for its slot; a token with less life than this is refreshed first.
NEEDED = timedelta(minutes=2)


class AwaitingToken(Exception):  # noqa: N818 - not an error: come back in a moment
    """A refresh was asked for; try again shortly."""


class Bearer:
    """The access token of a grant, read anew at the last line: a refresh may replace it while a call waits."""

    def __init__(self, grant: Grant) -> None:
        self._grant_id = grant.pk
        self.version = grant.token_version

    @contextmanager
    def open(self, *, reason: str) -> Iterator[str]:
        """Yield the token. Raises ReconnectRequired if the grant was wiped meanwhile."""
        grant = Grant.objects.get(pk=self._grant_id)
        if grant.access_token is None:
            raise ReconnectRequired
        self.version = grant.token_version
        with grant.access_token.open(reason=reason) as token:
            yield token


def get_usable(*, landlord_id: UUID, now: datetime) -> Connection:
    """The landlord's connection, if something can be sent. Raises NotFound, NotConnected, ReconnectRequired."""
    connection = connections.get(landlord_id=landlord_id, now=now)
    connections.require_usable(connection)
    return connection


def bearer(connection: Connection, *, lane: due.Lane, now: datetime) -> Bearer:
    """The access token for one call.

    Raises AwaitingToken, after asking for a refresh, if it is spent, short-lived or in doubt.
    """
    return bearer_of(_grant(connection), lane=lane, now=now)


def bearer_of(grant: Grant, *, lane: due.Lane, now: datetime) -> Bearer:
    """The same, of a grant that may not be its connection's yet. Raises AwaitingToken."""
    if grant.status != GrantStatus.ACTIVE or grant.access_expires_at <= now + NEEDED:
        due.want(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=_lane_of_its_refresh(lane))
        raise AwaitingToken
    return Bearer(grant)


def refused(connection: Connection, used: Bearer, *, lane: due.Lane, now: datetime) -> None:
    """HMRC answered 401: unless a newer token has come meanwhile, ask for one. What HMRC says to that decides."""
    grant = _grant(connection)
    if grant.expire_access(version=used.version, now=now):
        due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=_lane_of_its_refresh(lane))
        if grant.refusals:
            log.error("grant.fresh_token_refused", grant=str(grant.pk), in_a_row=grant.refusals + 1)


def _lane_of_its_refresh(lane: due.Lane) -> due.Lane:
    """Work that waits for a token must not overtake it."""
    return more_urgent(lane, due.Lane.TOKEN)


def _grant(connection: Connection) -> Grant:
    if connection.grant is None:
        raise AwaitingToken
    return connection.grant
