"""Whether REFRESH_SHARE covers what REFRESH_POLICY wants."""

from typing import NamedTuple

import structlog
from django.conf import settings

from hmrc_oauth.forecast import coverable, share_for
from hmrc_oauth.policy import Policy
from tenants import due

log = structlog.get_logger()


class Coverage(NamedTuple):
    """Under `all`: how many grants are to be kept warm, how many can't be, and what share it would take (above 1: none
    does). Under the other policies nothing is promised that a share could fail to cover, and the figures are 0.
    """

    policy: Policy
    share: float
    grants: int
    uncovered: int
    share_needed: float


def measure() -> Coverage:
    """Counted in the public list, over all agencies: under `all` every grant that works has its one row there."""
    policy, share, rate = settings.REFRESH_POLICY, settings.REFRESH_SHARE, settings.HMRC.requests_per_second
    grants = due.count(kind=due.Kind.REFRESH_AHEAD) if policy == Policy.ALL else 0
    uncovered = max(0, grants - coverable(share=share, rate=rate))
    return Coverage(policy, share, grants, uncovered, round(share_for(grants=grants, rate=rate), 4))


def report() -> None:
    """Say it in the log, if the share is too small."""
    found = measure()
    if found.uncovered:
        log.warning("refresh.share_too_small", **found._asdict())
