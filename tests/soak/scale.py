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
    refresh: ["LEASE", "SEND_WITHIN_S", "_RETRY", "_PROBE"],
    persist: ["_FIRST_S", "_LONGEST_S"],
    backoff: ["MOST"],
    pace: ["LONGEST_NAP_S"],
}


def scale() -> None:
    """Make everything faster. Once in a process, before it works."""
    for module, names in _SCALED.items():
        for name in names:
            setattr(module, name, _faster(getattr(module, name)))
    usual = Deadlines()
    settings.HMRC = replace(
        settings.HMRC, deadlines=Deadlines(**{name: span / FACTOR for name, span in asdict(usual).items()})
    )


def _faster(span: Any) -> Any:
    return backoff.Wait(*(each / FACTOR for each in span)) if isinstance(span, backoff.Wait) else span / FACTOR
