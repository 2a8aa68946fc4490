"""What is counted of events: what is told is what is counted, in the process that said it. No label holds an id."""

from collections import Counter as Counted
from collections.abc import Iterable
from datetime import timedelta

from prometheus_client import Counter, Histogram

from events.models import Event

UNCERTAIN = "connection.uncertain"
SETTLED = ("connection.recovered", "connection.reconnect_required")
_LOST = "lost"

EVENTS = Counter("quarterday_events", "Events of all agencies, by type and reason.", ["type", "reason"])
WEBHOOK_ATTEMPTS = Counter(
    "quarterday_webhook_attempts", "Attempts to deliver an event to an endpoint, by what became of them.", ["outcome"]
)
WEBHOOK_WAITED_SECONDS = Histogram(
    "quarterday_webhook_waited_seconds",
    "From when an event was to be delivered until it was first tried.",
    buckets=(0.1, 0.5, 1, 5, 30, 120, 600, 3600, 14_400),
)
ROTATION_LOST = Counter(
    "quarterday_rotation_lost", "Connections that must be made anew since HMRC rotated a token and we hold no new one."
)
# Shown from the start: the first of a kind would otherwise be no increase.
for _reason in (_LOST, "refused", "grant_ended"):
    EVENTS.labels(SETTLED[1], _reason)
for _reason in (_LOST, "application_fault"):
    EVENTS.labels("connection.failed", _reason)
DOUBT_SETTLED_SECONDS = Histogram(
    "quarterday_doubt_settled_seconds",
    "From `connection.uncertain` until it was known whether the token still works.",
    ["as"],
    buckets=(5, 10, 20, 40, 90, 140, 300, 900, 3600, 14_400),
)


def count_all(type: str, reasons: Iterable[str]) -> None:
    """Count as many events of this type, each for its reason ("": none), of which none ends a doubt."""
    for reason, many in Counted(reasons).items():
        EVENTS.labels(type, reason).inc(many)
        if type == SETTLED[1] and reason == _LOST:
            ROTATION_LOST.inc(many)


def count(event: Event, *, doubted: timedelta | None) -> None:
    """Count one event that is committed, and how long the doubt was that it ends, if it ends any."""
    count_all(event.type, [str(event.data.get("reason_code", ""))])
    if doubted is not None:
        DOUBT_SETTLED_SECONDS.labels(event.type.removeprefix("connection.")).observe(doubted.total_seconds())


def count_attempts(*, outcomes: Iterable[str], waited: Iterable[float]) -> None:
    """Count attempts to deliver webhooks, and how long those waited, in seconds, that were tried for the first time."""
    for outcome in outcomes:
        WEBHOOK_ATTEMPTS.labels(outcome).inc()
    for seconds in waited:
        WEBHOOK_WAITED_SECONDS.observe(seconds)
