"""What is counted of requests to HMRC. Labels are names of operations, outcomes and lanes: never anybody's id."""

from prometheus_client import Counter, Histogram

from hmrc_door.outcomes import Answered, NotSent, Outcome, Refused

REQUESTS = Counter(
    "quarterday_hmrc_requests",
    "Requests to HMRC by how they ended; `code` is HTTP's status, or our word where none came.",
    ["operation", "outcome", "code"],
)
REQUEST_SECONDS = Histogram(
    "quarterday_hmrc_request_seconds",
    "From the slot until HMRC's answer, or until none was waited for any more.",
    ["operation"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)
PACE_WAIT_SECONDS = Histogram(
    "quarterday_pace_wait_seconds",
    "Waiting for a slot, of those who were granted one.",
    ["lane"],
    buckets=(0.1, 0.5, 1, 2.5, 5, 10, 20, 60),
)
PACE_LATE_SECONDS = Histogram(
    "quarterday_pace_late_seconds",
    "From when a slot was due until it was taken: what this machine's sleep and load cost of the budget.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2),
)

_WORDS: dict[type, str] = {Answered: "answered", Refused: "refused", NotSent: "not_sent"}


def count(operation: str, outcome: Outcome) -> None:
    """Count one request, sent or not."""
    REQUESTS.labels(operation, _WORDS.get(type(outcome), "unknown"), _code(outcome)).inc()


def _code(outcome: Outcome) -> str:
    if isinstance(outcome, NotSent):
        return outcome.reason
    if isinstance(outcome, Answered | Refused):
        return str(outcome.status)
    return outcome.reason if outcome.status is None else str(outcome.status)
