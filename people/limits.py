"""How often something may be tried: counted in Redis, in windows, for the agency at hand.

Counted before anything is looked up, so that the answer says nothing of what is there; and outside any transaction, so
that what is refused counts too.
"""

import hashlib
from datetime import datetime, timedelta

from django.core.cache import cache

from people.errors import SlowDown


def spend(what: str, of: str, *, most: int, per: timedelta, now: datetime) -> None:
    """Count one more try of `what` by or for `of`. Raises SlowDown beyond `most` in one window of `per`."""
    seconds = int(per.total_seconds())
    window, into = divmod(int(now.timestamp()), seconds)
    # Of an address only a digest is in Redis.
    key = f"limit:{what}:{hashlib.sha256(of.encode()).hexdigest()}:{window}"
    cache.add(key, 0, timeout=seconds)
    if cache.incr(key) > most:
        raise SlowDown(headers={"Retry-After": str(seconds - into)})
