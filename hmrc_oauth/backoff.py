"""How long to wait before the next try: never the same for two, and longer each time."""

from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import NamedTuple

MOST = timedelta(minutes=2)
_DOUBLINGS = 8
chance = SystemRandom().random


class Wait(NamedTuple):
    """At least `floor`, and anything up to `span` more: full jitter. Both double with each try; in the end it is
    anything from half of `MOST` to all of it, so that those who wait longest do not come back in one moment.
    """

    floor: timedelta
    span: timedelta

    def after(self, now: datetime, *, tries: int = 0) -> datetime:
        """The moment of the next try, when `tries` have come to nothing."""
        grown = 2.0 ** min(tries, _DOUBLINGS)
        least, most = min(self.floor * grown, MOST / 2), min((self.floor + self.span) * grown, MOST)
        return now + least + (most - least) * chance()
