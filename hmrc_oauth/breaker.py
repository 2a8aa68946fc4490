"""HMRC refuses the application itself: `invalid_client` with every secret. Nobody's token is spent until that is over.

While the switch is thrown one worker a minute tries; whatever HMRC says then but `invalid_client` turns it back. No
landlord is touched, and nobody is asked to connect again.
"""

from datetime import datetime

import structlog

from hmrc_door.outcomes import NotSent, Unknown
from hmrc_door.token_endpoint import TokenAnswer, TokenFault, TokenRefused
from tenants import switches
from tenants.switches import CLIENT_REFUSED

log = structlog.get_logger()


def waits_until(*, now: datetime) -> datetime | None:
    """When to come back; None if a token may be spent now."""
    return switches.waits_until(CLIENT_REFUSED, now=now)


def note(answer: TokenAnswer, *, now: datetime) -> None:
    """Throw the switch, or turn it back. An answer that did not come says nothing about it."""
    if isinstance(answer, NotSent | Unknown):
        return
    if isinstance(answer, TokenRefused) and answer.fault is TokenFault.INVALID_CLIENT:
        switches.throw(CLIENT_REFUSED, now=now)
        log.error("application.client_refused")
    elif switches.turn_back(CLIENT_REFUSED):
        log.warning("application.client_accepted")
