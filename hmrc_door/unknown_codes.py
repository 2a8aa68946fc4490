"""Codes of HMRC's that our table does not hold: logged, and counted in Redis by code, so that somebody adds them."""

import re
from contextlib import suppress

import structlog
from redis.exceptions import RedisError

from hmrc_door import config
from hmrc_door.errors import is_known
from hmrc_door.outcomes import Outcome, Refused, Unknown

MOST_CODES = 100
KEPT_S = 30 * 24 * 60 * 60
# A code is HMRC's word, but the bytes came from a network: nothing that could be a person's is kept.
MALFORMED = "(malformed)"
OTHERS = "(others)"

_KEY = "hmrc.unknown_codes"
_CODE = re.compile(r"(?!.*[A-Z]{2}[0-9]{6})[A-Z][A-Z0-9_.\-]{1,79}", re.IGNORECASE)

log = structlog.get_logger()


def note(outcome: Outcome) -> None:
    """Count each code in `outcome` that nobody here knows. Never raises."""
    if not isinstance(outcome, Refused | Unknown) or outcome.error is None:
        return
    for code in {outcome.error.code, *outcome.error.codes}:
        if code and not is_known(code):
            _count(code if _CODE.fullmatch(code) else MALFORMED, status=outcome.status)


def counted() -> dict[str, int]:
    """How often each was seen, the most frequent first; at most `MOST_CODES` of them, and none if Redis can't tell."""
    with suppress(RedisError):
        held = config.redis().hgetall(_KEY).items()
        counts = {name.decode(): int(count) for name, count in held if isinstance(name, bytes)}
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return {}


def _count(name: str, *, status: int | None) -> None:
    log.warning("hmrc.unknown_code", hmrc_code=name, status=status)
    with suppress(RedisError):
        redis = config.redis()
        is_full = redis.hlen(_KEY) >= MOST_CODES and not redis.hexists(_KEY, name)
        redis.hincrby(_KEY, OTHERS if is_full else name)
        redis.expire(_KEY, KEPT_S)
