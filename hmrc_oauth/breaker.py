"""HMRC refuses the application itself: `invalid_client` with every secret. Nobody's token is spent until that is over.

The switch is one row for the whole installation. While it is thrown, one worker a minute tries; whatever HMRC says then
but `invalid_client` turns it back. No landlord is touched, and nobody is asked to connect again.
"""

from datetime import datetime, timedelta

import structlog

from hmrc_door.outcomes import NotSent, Unknown
from hmrc_door.token_endpoint import TokenAnswer, TokenFault, TokenRefused
from tenants.models import Switch

log = structlog.get_logger()
TRY_EVERY = timedelta(minutes=1)
_NAME = "application.client_refused"


def is_thrown() -> bool:
    """Whether HMRC refused the application when it was last asked."""
    return Switch.objects.filter(name=_NAME).exists()


def waits_until(*, now: datetime) -> datetime | None:
    """When to come back; None if tokens may be spent, or if it is the caller's turn to try."""
    if not is_thrown() or Switch.objects.filter(name=_NAME, next_try_at__lte=now).update(next_try_at=now + TRY_EVERY):
        return None
    return now + TRY_EVERY


def note(answer: TokenAnswer, *, now: datetime) -> None:
    """Throw the switch, or turn it back. An answer that did not come says nothing about it."""
    if isinstance(answer, NotSent | Unknown):
        return
    if isinstance(answer, TokenRefused) and answer.fault is TokenFault.INVALID_CLIENT:
        times = {"thrown_at": now, "next_try_at": now + TRY_EVERY}
        Switch.objects.get_or_create(name=_NAME, defaults=times)
        log.error("application.client_refused")
    elif Switch.objects.filter(name=_NAME).delete()[0]:
        log.warning("application.client_accepted")
