"""What an outcome means to people: HMRC's code to one of ours, by the table in `meanings`."""

from collections.abc import Mapping
from http import HTTPStatus

from hmrc_door.bodies import HmrcError
from hmrc_door.meanings import TABLE
from hmrc_door.meanings.table import Meaning, Row
from hmrc_door.outcomes import NotSent, Refused, Unknown
from tenants.faults import Fault, Who

CATALOGUE: tuple[Meaning, ...] = tuple(row.meaning for row in TABLE)

_BY_CODE: Mapping[str, Row] = {row.meaning.code: row for row in TABLE}
_BY_HMRC_CODE: Mapping[str, Meaning] = {code: row.meaning for row in TABLE for code in row.hmrc_codes}
# Where no code came, or none that could be read: HTML from the edge, an empty body.
_BY_STATUS: Mapping[int, str] = {
    **dict.fromkeys((301, 302, 307, 308), "hmrc.moved"),
    401: "hmrc.token_expired",
    **dict.fromkeys((405, 406, 415, 501), "hmrc.request_rejected"),
    429: "hmrc.throttled",
    500: "hmrc.internal_error",
    **dict.fromkeys((502, 503, 504), "hmrc.unavailable"),
}
_UNSENT: Mapping[str, str] = {
    "no_slot": "hmrc.not_sent",
    "pace_unavailable": "hmrc.not_sent",
    "client_secret_missing": "hmrc.client_refused",
    "only_sandbox": "hmrc.only_sandbox",
}


def meaning(code: str) -> Meaning:
    """The entry of one of our own codes. Raises KeyError for a code that is not in the catalogue."""
    return _BY_CODE[code].meaning


def hmrc_codes(code: str) -> tuple[str, ...]:
    """HMRC's codes that one of our own stands for; none for a code that is not in the catalogue."""
    return _BY_CODE[code].hmrc_codes if code in _BY_CODE else ()


def told(code: str) -> tuple[str, Who, str]:
    """Title, who must act, and what they should do: for a room above that raises one of these as a fault."""
    said = meaning(code)
    return said.title, said.who, said.user_action


def is_known(hmrc_code: str) -> bool:
    """Whether the table holds HMRC's code."""
    return hmrc_code in _BY_HMRC_CODE


def meaning_of(*, hmrc_code: str, status: int | None = None) -> Meaning:
    """Our meaning of HMRC's code; of its status if there is none; else `hmrc.other`."""
    by_status = _BY_STATUS.get(status or 0, "hmrc.other") if not hmrc_code else "hmrc.other"
    return _BY_HMRC_CODE.get(hmrc_code) or meaning(by_status)


def meanings_of(refused: Refused) -> tuple[Meaning, ...]:
    """One meaning for each thing HMRC found wrong, in its order."""
    return _meanings(refused.error, refused.status)


def explain(outcome: NotSent | Refused | Unknown) -> Meaning:
    """The one meaning to show for an outcome that is not an answer: of several faults, the first."""
    if isinstance(outcome, NotSent):
        return meaning(_UNSENT.get(outcome.reason, "hmrc.unavailable"))
    found = _meanings(outcome.error or HmrcError(code=""), outcome.status)[0]
    is_lost = isinstance(outcome, Unknown) and found.code == "hmrc.other"
    return meaning("hmrc.no_answer") if is_lost else found


def _meanings(error: HmrcError, status: int | None) -> tuple[Meaning, ...]:
    return tuple(meaning_of(hmrc_code=code, status=status) for code in error.codes or (error.code,))


class OnlyTheStandIn(Fault):
    code = "sandbox.only_local"
    title = "Only the local stand-in can do this; HMRC's own sandbox can't"
    status = HTTPStatus.CONFLICT
    user_action = "Run it with HMRC_ENVIRONMENT=local; at HMRC's sandbox, let the test user remove the authority there."


class NotAtTheStandIn(Fault):
    code = "sandbox.unknown_person"
    title = "The stand-in knows nobody with this landlord's National Insurance number"
    status = HTTPStatus.CONFLICT
    user_action = "Use one of the stand-in's people: docs/sandbox.md lists them."


class StandInAway(Fault):
    code = "sandbox.stand_in_away"
    title = "The stand-in does not answer"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    who = Who.OPERATOR
    retryable = True
    user_action = "See that it runs at HMRC_API_URL: `make run` starts it."
