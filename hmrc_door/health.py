"""HMRC's health, as our own calls see it: when it last answered and failed to, and what it says of its APIs."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, time

from redis.exceptions import RedisError

from hmrc_door import config, deprecations, unknown_codes
from hmrc_door.deprecations import Deprecation
from hmrc_door.outcomes import NotSent, Outcome, Unknown

_KEY = "hmrc.health"
# Older than this, a failure says nothing about the present.
_LATELY_S = 900.0
_OURS = frozenset({"no_slot", "pace_unavailable", "client_secret_missing", "only_sandbox"})


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """
    HMRC at one moment. `status`: available, unavailable, or unknown if nothing was sent lately or Redis can't tell.

    `unknown_codes` counts HMRC's codes that our table does not hold.
    """

    status: str
    answered_at: datetime | None
    failed_at: datetime | None
    deprecations: tuple[Deprecation, ...]
    unknown_codes: Mapping[str, int]


def note(outcome: Outcome) -> None:
    """Remember how a call ended. Never raises: what is noted here lets nothing be sent."""
    if isinstance(outcome, NotSent) and outcome.reason in _OURS:
        return
    side = "bad" if isinstance(outcome, NotSent | Unknown) else "good"
    with suppress(RedisError):
        config.redis().hset(_KEY, side, str(time()))


def read() -> str:
    """`available`, `unavailable`, or `unknown` if nothing was sent lately or Redis can't tell."""
    return _status(*_noted())


def has_answered_since(began: float) -> bool:
    """Whether HMRC has answered anybody since `began`, by this process's monotonic clock. False if Redis can't tell."""
    good, _ = _noted()
    return time() - good <= monotonic() - began


def snapshot() -> Snapshot:
    """All that our calls have seen of HMRC. Never raises."""
    good, bad = _noted()
    return Snapshot(
        status=_status(good, bad),
        answered_at=_moment(good),
        failed_at=_moment(bad),
        deprecations=deprecations.seen(),
        unknown_codes=unknown_codes.counted(),
    )


def _noted() -> tuple[float, float]:
    """When HMRC last answered, and when it last failed to, in seconds of the epoch; 0 for never."""
    with suppress(RedisError):
        noted = config.redis().hgetall(_KEY)
        return float(noted.get(b"good", 0)), float(noted.get(b"bad", 0))
    return 0.0, 0.0


def _status(good: float, bad: float) -> str:
    if time() - max(good, bad) > _LATELY_S:
        return "unknown"
    return "available" if good >= bad else "unavailable"


def _moment(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, tz=UTC) if seconds else None
