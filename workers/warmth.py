"""The ration of refreshes ahead: the scheduler rings for them no oftener than their share of HMRC's rate allows."""

import time
from collections.abc import Iterator
from datetime import datetime

import structlog
from django.conf import settings

from hmrc_oauth import ahead
from hmrc_oauth.access import NEEDED
from hmrc_oauth.policy import LEAD, Policy
from tenants import due
from tenants.context import tenant
from tenants.models import Agency

log = structlog.get_logger()

# What is later than this has let its token lapse.
_IN_TIME = LEAD - NEEDED
# Saved up by slow ticks; more would come as a burst.
_MOST = 3.0


class Warmth:
    """One leader's doings: what was missed before it came, and then so many bells a second."""

    def __init__(self) -> None:
        self._allowed, self._seen_at = 0.0, time.monotonic()
        self._agencies = _agencies()

    def tick(self, *, now: datetime) -> None:
        """Ring for what is due and affordable. At first, also look into one more agency for what is missing."""
        for agency in self._agencies:
            with tenant(agency):
                ahead.catch_up(now=now)
            break
        self._earn()
        rung = due.sweep_rationed(kind=due.Kind.REFRESH_AHEAD, now=now, since=now - _IN_TIME, limit=int(self._allowed))
        self._allowed -= rung

    def _earn(self) -> None:
        seen_at = time.monotonic()
        earned = (seen_at - self._seen_at) * settings.REFRESH_SHARE * settings.HMRC.requests_per_second
        self._allowed, self._seen_at = min(self._allowed + earned, _MOST), seen_at


def _agencies() -> Iterator[Agency]:
    """Those whose connections may have lapsed under another policy; under this one they must not."""
    if settings.REFRESH_POLICY == Policy.ALL:
        yield from Agency.objects.order_by("created_at")
