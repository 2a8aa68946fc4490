"""How long to wait before the next try: never the same for two, and longer each time."""

from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import NamedTuple

MOST = timedelta(minutes=2)
_DOUBLINGS = 8
chance = SystemRandom().random


class Wait(NamedTuple):
    """At least `floor`, and anything up to `span` more: full jitter. Both double with each try, as far as `MOST`."""

    floor: timedelta
    span: timedelta

    def after(self, now: datetime, *, tries: int = 0) -> datetime:
        """The moment of the next try, when `tries` have come to nothing."""
        return now + min((self.floor + self.span * chance()) * 2.0 ** min(tries, _DOUBLINGS), MOST)
