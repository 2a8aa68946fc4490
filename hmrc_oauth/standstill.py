"""HMRC refuses one of its APIs to Quarterday itself: a subscription is gone, or its edge lets nothing of ours through.

One switch an API, for the whole installation: while it is thrown nothing is asked of that API, and nobody's work ends.
Once a minute one worker tries with whatever is due; whatever HMRC then says about the work itself turns it back.
"""

from datetime import datetime, timedelta

import structlog

from hmrc_door.outcomes import NotSent, Outcome, Refused, Unknown
from hmrc_door.versions import Api
from hmrc_oauth import refusals
from tenants import switches
from tenants.switches import API_REFUSED, TRY_EVERY

log = structlog.get_logger()

# One piece of work may be what HMRC's edge does not like: it stops the others for a minute, and ever less often.
_LONGEST = timedelta(minutes=10)
# Said by the gateway before it looks at subscriptions.
_BEFORE = frozenset({401, 429})


def waits_until(api: Api, *, now: datetime) -> datetime | None:
    """When to come back; None if the API may be asked now."""
    return switches.waits_until(_name(api), now=now)


def note(api: Api, outcome: Outcome, *, now: datetime) -> bool:
    """Throw the switch, or turn it back. True if HMRC refused Quarterday: whatever was asked waits until `later`."""
    if refusals.is_of_application(outcome):
        switches.throw(_name(api), now=now)
        log.error("application.api_refused", api=api, status=getattr(outcome, "status", None))
        return True
    is_silent = isinstance(outcome, NotSent | Unknown) or (isinstance(outcome, Refused) and outcome.status in _BEFORE)
    if not is_silent and switches.turn_back(_name(api)):
        log.warning("application.api_accepted", api=api)
    return False


def later(*, tries: int, now: datetime) -> datetime:
    """When work that was refused for our own fault is tried again, after so many tries."""
    return now + min(TRY_EVERY * max(tries, 1), _LONGEST)


def refused_apis() -> list[Api]:
    """Those that stand still, as far as anybody knows."""
    thrown = switches.thrown(API_REFUSED)
    return [api for api in Api if _name(api) in thrown]


def _name(api: Api) -> str:
    return f"{API_REFUSED}{api}"
