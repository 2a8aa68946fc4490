"""When tokens are renewed: the three policies and their times. Settings read them, so nothing here needs Django."""

from datetime import timedelta
from enum import StrEnum


class Policy(StrEnum):
    """What REFRESH_POLICY may say (docs/refresh.md, "When")."""

    WORKING = "working"  # ahead of expiry where there is work or was lately; else just before use
    ALL = "all"  # every connection is kept warm, as far as REFRESH_SHARE goes
    ON_DEMAND = "on_demand"  # just before use, and not otherwise


# HMRC's access tokens live four hours.
ACCESS_LIFE = timedelta(hours=4)
# Ahead of expiry: long enough that the old access token can still bear witness after a lost answer. The spread keeps
# tokens that were made together from falling due together.
LEAD = timedelta(minutes=25)
SPREAD = timedelta(minutes=5)
