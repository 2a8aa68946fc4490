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

SEND_WITHIN_S = 60.0  # with the 20 s that HMRC has to answer, well within the leases

_NOTHING = "MATCHING_RESOURCE_NOT_FOUND"  # any other 404 is about the address or the version


class Line(NamedTuple):
    """Whom a call is for, with which token, and how urgent it is."""

    connection: Connection
    bearer: access.Bearer
    lane: due.Lane

    def send(self, request: Call, *, headers: Mapping[str, str], timeout_s: float = SEND_WITHIN_S) -> Outcome:
        """Send it once, if its turn comes within `timeout_s`. A token that HMRC refuses is renewed; what it says of
        Quarterday or of the connection is heeded.

        Raises ReconnectRequired if the grant was wiped while the call waited.
        """
        nino = self.connection.landlord.nino
        outcome = call(
            request,
            bearer=self.bearer,
            lane=Lane[self.lane.name],
            agency=str(current_agency().pk),
            headers=headers,
            timeout_s=timeout_s,
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


def is_nothing(outcome: Outcome) -> bool:
    """Whether HMRC says that it holds nothing of what was looked for."""
    return isinstance(outcome, Refused) and (outcome.status, outcome.code) == (404, _NOTHING)
