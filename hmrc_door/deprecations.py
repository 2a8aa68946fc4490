"""
Which of HMRC's API versions say that they will end: `Deprecation` and `Sunset`, as HMRC's answers last had them.

HMRC writes both as HTTP dates, in GMT. One small value per API and version, in Redis.
"""

import json
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

import structlog
from redis.exceptions import RedisError

from hmrc_door import config
from hmrc_door.outcomes import Answered, NotSent, Outcome, http_date
from hmrc_door.versions import TERMS, Api

KEPT_S = 30 * 24 * 60 * 60
_HEADERS = ("deprecation", "sunset")

log = structlog.get_logger()


class Deprecation(NamedTuple):
    """A version of an API that will end. A date is None where HMRC gave none, or none that can be read."""

    api: Api
    version: str
    since: datetime | None
    sunset: datetime | None


def note(api: Api, outcome: Outcome) -> None:
    """Remember what an answer of `api` says of its own end, and log it once when it changes. Never raises."""
    if isinstance(outcome, NotSent):
        return
    said = {name: _iso(outcome.headers[name]) for name in _HEADERS if name in outcome.headers}
    # HMRC's gateway answers for an API without knowing whether it is deprecated.
    if not said and not isinstance(outcome, Answered):
        return
    value = json.dumps(said) if said else ""
    with suppress(RedisError):
        before = config.redis().set(_key(api), value, ex=KEPT_S, get=True)
        if (before or b"") != value.encode():
            log.warning("hmrc.deprecation", api=str(api), version=TERMS[api].version, **said)


def seen() -> tuple[Deprecation, ...]:
    """Every version of ours that HMRC has called deprecated of late; none if Redis can't tell."""
    with suppress(RedisError):
        values = config.redis().mget(map(_key, Api))
        return tuple(_read(api, json.loads(value)) for api, value in zip(Api, values, strict=True) if value)
    return ()


def _read(api: Api, said: dict[str, str]) -> Deprecation:
    since, sunset = (datetime.fromisoformat(said[name]) if said.get(name) else None for name in _HEADERS)
    return Deprecation(api, TERMS[api].version, since, sunset)


def _iso(header: str) -> str:
    found = http_date(header)
    return found.isoformat() if found else ""


def _key(api: Api) -> str:
    return f"hmrc.deprecation:{api}:{TERMS[api].version}"
