"""A landlord's way to HMRC, for one call: a connection that works, and a token with life in it. Runs in workers."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from hmrc_door.call import Call, Lane, call
from hmrc_door.outcomes import Outcome, Refused
from hmrc_oauth import access, refusals, standstill
from hmrc_oauth.models import Connection
from tenants import clock, due
from tenants.context import current_agency


class Line(NamedTuple):
    """Whom a call is for, with which token, and how urgent it is."""

    connection: Connection
    bearer: access.Bearer
    lane: due.Lane

    def send(self, request: Call, *, headers: Mapping[str, str]) -> Outcome:
        """Send it once, in its turn. A token that HMRC refuses is renewed; what it says of Quarterday or of the
        connection is heeded.

        Raises ReconnectRequired if the grant was wiped while the call waited.
        """
        nino = self.connection.landlord.nino
        outcome = call(
            request,
            bearer=self.bearer,
            lane=Lane[self.lane.name],
            agency=str(current_agency().pk),
            headers=headers,
        )
        now = clock.now()
        if standstill.note(request.api, outcome, now=now):
            return outcome
        if isinstance(outcome, Refused) and outcome.status == 401:  # noqa: PLR2004
            access.refused(self.connection, self.bearer, lane=self.lane, now=now)
        refusals.heed(self.connection, outcome, nino=nino, now=now)
        return outcome


def open_line(*, landlord_id: UUID, lane: due.Lane, now: datetime) -> Line:
    """Raises NotFound, NotConnected, ReconnectRequired; AwaitingToken, after asking for a refresh."""
    connection = access.get_usable(landlord_id=landlord_id, now=now)
    return Line(connection, access.bearer(connection, lane=lane, now=now), lane)
