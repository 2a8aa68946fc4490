"""The old access token as a witness: HMRC ends it in the moment of a refresh, so that it tells whether there was one.

One read with it settles doubt and spends nothing. It can speak for as long as it has life left by its own time, and is
asked no sooner than the lease is over: by then HMRC is done with what was sent.
"""

from contextlib import suppress

import structlog

from hmrc_door import business_details
from hmrc_door.call import Lane, call
from hmrc_door.outcomes import Answered, Outcome, Refused
from hmrc_oauth import access, fraud_contexts
from hmrc_oauth.backoff import Wait
from hmrc_oauth.errors import ReconnectRequired
from hmrc_oauth.failpoints import failpoint
from hmrc_oauth.models import Grant
from hmrc_oauth.models.states import GrantEvent
from hmrc_oauth.settling import atomic, bury, users_of
from hmrc_oauth.telling import tell
from landlords.models import Landlord
from tenants import clock, due
from tenants.context import current_agency
from tenants.vault import Sealed

log = structlog.get_logger()
_SLOT_S = 5.0
# Said by the API itself, behind the gateway that looks at tokens: the token was accepted.
_BEHIND_THE_GATE = {
    "CLIENT_OR_AGENT_NOT_AUTHORISED",
    "CLIENT_NOT_MTD_ENROLLED",
    "FORMAT_NINO",
    "MATCHING_RESOURCE_NOT_FOUND",
    "NO_BUSINESS_FOUND",
}
_ENDED = "INVALID_CREDENTIALS"


def settles(grant: Grant, *, wait: Wait) -> bool:
    """Whether the old access token has put an end to the doubt. If it lives, the grant is active, and looked at again
    after `wait`: it may still need a refresh. If not, the grant is dead.
    """
    # What HMRC says of a token whose time is over says nothing about a refresh.
    if grant.access_expires_at <= clock.now() + access.NEEDED:
        return False
    nino = _nino(grant)
    if nino is None:
        return False
    outcome = _ask(grant, nino)
    failpoint("witness.after_answer")
    if _was_accepted(outcome):
        _believe(grant, wait)
        return True
    if isinstance(outcome, Refused) and outcome.code == _ENDED:
        bury(grant, fence=grant.fence, reason="lost", now=clock.now())
        return True
    return False


def _ask(grant: Grant, nino: Sealed) -> Outcome | None:
    with suppress(ReconnectRequired):  # wiped meanwhile
        return call(
            business_details.list_businesses(nino),
            bearer=access.Bearer(grant),
            lane=Lane.TOKEN,
            agency=str(current_agency().pk),
            headers=fraud_contexts.of_host(),
            timeout_s=_SLOT_S,
        )
    return None


def _was_accepted(outcome: Outcome | None) -> bool:
    return isinstance(outcome, Answered) or (isinstance(outcome, Refused) and outcome.code in _BEHIND_THE_GATE)


def _believe(grant: Grant, wait: Wait) -> None:
    """HMRC never rotated: the refresh token works. Guarded by the fence, so that a claim made meanwhile stands."""
    with atomic():
        now, users = clock.now(), users_of(grant)
        if not grant.release(GrantEvent.WITNESSED, fence=grant.fence):
            return
        failpoint("witness.in_verdict")
        tell(users, "connection.recovered", now=now)
        due.put_off(kind=due.Kind.REFRESH, subject_id=grant.pk, until=wait.after(now, tries=grant.tries))
    log.info("grant.witnessed", grant=str(grant.pk))


def _nino(grant: Grant) -> Sealed | None:
    nino: Sealed | None = Landlord.objects.get(pk=grant.landlord_id).nino
    return nino
