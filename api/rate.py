"""How many requests a caller may send: counted in Redis, in windows of a minute, and told with every answer.

Where Redis does not answer nobody is counted and nobody held up: it keeps order, and guards nothing.
"""

import hashlib
from datetime import datetime
from typing import Any, Final, NamedTuple

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from redis import RedisError

from hmrc_door import config
from people.errors import SlowDown
from people.principal import Principal
from tenants.db import connection

log = structlog.get_logger()
WINDOW: Final = 60  # seconds


class Allowance(NamedTuple):
    """What a caller has: `limit` in one window, `remaining` of it, and `reset` seconds until the next."""

    limit: int
    remaining: int
    reset: int

    def tell(self, answer: HttpResponse) -> None:
        """Put it into the headers of an answer."""
        answer["RateLimit-Limit"] = str(self.limit)
        answer["RateLimit-Remaining"] = str(max(0, self.remaining))
        answer["RateLimit-Reset"] = str(self.reset)

    def hold(self) -> None:
        """Raises SlowDown if it is spent."""
        if self.remaining < 0:
            raise SlowDown(headers={"Retry-After": str(self.reset)})


def spend(request: HttpRequest, user: Any, *, now: datetime) -> Allowance | None:
    """Count one request of the caller, or of its address if nobody is known. None if Redis does not answer."""
    window, into = divmod(int(now.timestamp()), WINDOW)
    # Of an address only a digest is in Redis.
    key = f"rate:{hashlib.sha256(_who(request, user).encode()).hexdigest()}:{window}"
    try:
        pipe = config.redis().pipeline(transaction=False)
        pipe.set(key, 0, nx=True, ex=WINDOW)
        pipe.incr(key)
        counted = pipe.execute()[1]
    except RedisError as error:
        log.warning("rate.not_counted", kind=type(error).__name__)
        return None
    limit: int = settings.REQUESTS_PER_MINUTE
    return Allowance(limit, limit - counted, WINDOW - into)


def _who(request: HttpRequest, user: Any) -> str:
    if isinstance(user, Principal):
        return f"{connection.schema_name}:{user.kind}:{user.id}"
    return f"address:{request.edge.ip}"  # type: ignore[attr-defined]
