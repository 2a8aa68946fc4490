"""HMRC's health, as our own calls see it: when it last answered, and when it last failed to."""

from contextlib import suppress
from time import time

from redis.exceptions import RedisError

from hmrc_door import config
from hmrc_door.outcomes import NotSent, Outcome, Unknown

_KEY = "hmrc.health"
# Older than this, a failure says nothing about the present.
_LATELY_S = 900.0
_OURS = frozenset({"no_slot", "pace_unavailable", "client_secret_missing"})


def note(outcome: Outcome) -> None:
    """Remember how a call ended. Never raises: what is noted here decides nothing."""
    if isinstance(outcome, NotSent) and outcome.reason in _OURS:
        return
    side = "bad" if isinstance(outcome, NotSent | Unknown) else "good"
    with suppress(RedisError):
        config.redis().hset(_KEY, side, str(time()))


def read() -> str:
    """`available`, `unavailable`, or `unknown` if nothing was sent lately or Redis can't tell."""
    try:
        noted = config.redis().hgetall(_KEY)
    except RedisError:
        return "unknown"
    good, bad = (float(noted.get(side, 0)) for side in (b"good", b"bad"))
    if time() - max(good, bad) > _LATELY_S:
        return "unknown"
    return "available" if good >= bad else "unavailable"
