"""How long to wait before the next try: anything up to a bound that doubles each time (full jitter)."""

from datetime import timedelta
from secrets import SystemRandom

_BASE = timedelta(seconds=2)
_LONGEST = timedelta(hours=6)
_LONGEST_REST = timedelta(minutes=15)
_DOUBLINGS = 20
chance = SystemRandom().random


def of_delivery(tries: int) -> timedelta:
    """Of one event, after so many tries that came to nothing."""
    return _grown(tries, _LONGEST) * chance()


def of_endpoint(failures: int) -> timedelta:
    """Of the whole endpoint, after so many batches in a row of which nothing arrived: one that is down is looked at
    now and then, and by few.
    """
    return _grown(failures, _LONGEST_REST) * chance()


def _grown(times: int, most: timedelta) -> timedelta:
    grown: timedelta = _BASE * 2 ** min(times - 1, _DOUBLINGS)
    return min(grown, most)
