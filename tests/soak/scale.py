"""Time in the soak: every wait of a refresh is a tenth of what it is in production, and the pace is raised.

Set in the process that the workers are forked from; the product knows nothing of it.
"""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from django.conf import settings

from hmrc_door import pace
from hmrc_door.environment import Deadlines
from hmrc_oauth import backoff, exchange, persist, refresh
from hmrc_oauth.models import grant, session

FACTOR = 10
REQUESTS_PER_SECOND = 200
LEASE: timedelta = grant.LEASE / FACTOR
DEADLINE_S = Deadlines().total_s / FACTOR
_SCALED = {
    grant: ["LEASE"],
    session: ["LEASE"],
    exchange: ["LEASE", "SEND_WITHIN_S", "_RETRY"],
    refresh: ["LEASE", "SEND_WITHIN_S", "_RETRY"],
    persist: ["_FIRST_S", "_LONGEST_S"],
    backoff: ["MOST"],
    pace: ["CONNECTING_MS", "HEARTBEAT_MS", "LONGEST_NAP_S"],
}


_USUAL = {(module, name): getattr(module, name) for module, names in _SCALED.items() for name in names}


def scale(factor: int = FACTOR) -> None:
    """Make everything so much faster than it usually is, for the workers that are forked from now on."""
    for (module, name), usual in _USUAL.items():
        setattr(module, name, _faster(usual, factor))
    deadlines = {name: span / factor for name, span in asdict(Deadlines()).items()}
    settings.HMRC = replace(settings.HMRC, deadlines=Deadlines(**deadlines))


def _faster(span: Any, factor: int) -> Any:
    return backoff.Wait(*(each / factor for each in span)) if isinstance(span, backoff.Wait) else span / factor
