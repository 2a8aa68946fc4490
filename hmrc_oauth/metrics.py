"""What is counted of refreshes. The label is one of our own words: never anybody's id."""

from prometheus_client import Counter

from hmrc_door.outcomes import NotSent
from hmrc_door.token_endpoint import Granted, TokenAnswer, TokenFault, TokenRefused

NOT_UNDERSTOOD = "not_understood"
# "Already in progress" is among what is not understood: one token, sent twice. Either our fence leaks or we have a bug.
_OF_FAULT = {
    TokenFault.INVALID_GRANT: "refused",
    TokenFault.INVALID_CLIENT: "client_refused",
    TokenFault.THROTTLED: "throttled",
    TokenFault.INVALID_REQUEST: NOT_UNDERSTOOD,
    TokenFault.OTHER: NOT_UNDERSTOOD,
}
_SERVER_ERROR = 500
OUTCOMES = ("granted", "not_sent", "lost", "unavailable", *sorted({*_OF_FAULT.values()}))

REFRESH_OUTCOMES = Counter("quarterday_refresh_outcomes", "Refreshes by what HMRC's token endpoint said.", ["outcome"])
# Shown from the start: the first of a kind would otherwise be no increase.
for _outcome in OUTCOMES:
    REFRESH_OUTCOMES.labels(_outcome)


def count_refresh(answer: TokenAnswer) -> None:
    """Count one refresh by its answer."""
    note(_outcome_of(answer))


def note(outcome: str) -> None:
    """Count one refresh under one of `OUTCOMES`."""
    REFRESH_OUTCOMES.labels(outcome).inc()


def _outcome_of(answer: TokenAnswer) -> str:
    match answer:
        case Granted():
            return "granted"
        case TokenRefused():
            return _OF_FAULT[answer.fault]
        case NotSent():
            return "not_sent"
    return "lost" if answer.status is None or answer.status < _SERVER_ERROR else "unavailable"
