"""The one place of this room that reads Django's settings."""

from functools import cache

import redis as redis_client
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from hmrc_door.environment import Environment
from hmrc_door.pace import Pace

# Shorter than any lease: a Redis that does not answer means that nothing is sent.
_REDIS_TIMEOUT_S = 2.0


def environment() -> Environment:
    """The environment this process talks to (`settings.HMRC`, an Environment read and checked at start)."""
    chosen = settings.HMRC
    if not isinstance(chosen, Environment):
        raise TypeError("settings.HMRC is not an Environment")
    return chosen


@cache
def redis() -> redis_client.Redis:
    """This process's connections to Redis (`settings.REDIS_URL`)."""
    return redis_client.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=_REDIS_TIMEOUT_S,
        socket_connect_timeout=_REDIS_TIMEOUT_S,
        # Once more, at once: a connection that a restart has closed is only noticed when it is used.
        retry=Retry(NoBackoff(), 1),
    )


@cache
def pace() -> Pace:
    """The pace of the whole application, as this process sees it."""
    return Pace(redis=redis(), calls_per_second=environment().requests_per_second)
