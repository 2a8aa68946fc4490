"""What an outcome means to people: HMRC's code to one of ours, by the table in `meanings` and `filing_meanings`."""

from collections.abc import Mapping

from hmrc_door.filing_meanings import FILING, READING
from hmrc_door.meanings import OPERATION, PERMISSION, PROMISED, Meaning, Row
from hmrc_door.outcomes import NotSent, Refused, Unknown

TABLE: tuple[Row, ...] = PROMISED + PERMISSION + OPERATION + READING + FILING
CATALOGUE: tuple[Meaning, ...] = tuple(row.meaning for row in TABLE)

_BY_CODE: Mapping[str, Meaning] = {row.meaning.code: row.meaning for row in TABLE}
_BY_HMRC_CODE: Mapping[str, Meaning] = {code: row.meaning for row in TABLE for code in row.hmrc_codes}
# Where no code came, or none that could be read: HTML from the edge, an empty body.
_BY_STATUS: Mapping[int, str] = {
    **dict.fromkeys((301, 302, 307, 308), "hmrc.moved"),
    401: "hmrc.token_expired",
    429: "hmrc.throttled",
    500: "hmrc.internal_error",
    **dict.fromkeys((502, 503, 504), "hmrc.unavailable"),
}
_WAITING = frozenset({"no_slot", "pace_unavailable"})
_UNCONFIGURED = "client_secret_missing"
_SEVERAL = "INVALID_REQUEST"


def meaning(code: str) -> Meaning:
    """The entry of one of our own codes. Raises KeyError for a code that is not in the catalogue."""
    return _BY_CODE[code]


def meaning_of(*, hmrc_code: str, status: int | None = None) -> Meaning:
    """Our meaning of HMRC's code; of its status if there is none; else `hmrc.other`."""
    by_status = _BY_STATUS.get(status or 0, "hmrc.other") if not hmrc_code else "hmrc.other"
    return _BY_HMRC_CODE.get(hmrc_code) or meaning(by_status)


def meanings_of(refused: Refused) -> tuple[Meaning, ...]:
    """One meaning for each thing HMRC found wrong, in its order."""
    return tuple(meaning_of(hmrc_code=code, status=refused.status) for code in refused.error.codes)


def explain(outcome: NotSent | Refused | Unknown) -> Meaning:
    """The one meaning to show for an outcome that is not an answer: of several faults, the first."""
    if isinstance(outcome, NotSent):
        return meaning(_unsent(outcome.reason))
    if isinstance(outcome, Refused) and outcome.code == _SEVERAL:
        return meanings_of(outcome)[0]
    return _plain(outcome)


def _plain(outcome: Refused | Unknown) -> Meaning:
    found = meaning_of(hmrc_code=outcome.code, status=outcome.status)
    is_lost = isinstance(outcome, Unknown) and found.code == "hmrc.other"
    return meaning("hmrc.no_answer") if is_lost else found


def _unsent(reason: str) -> str:
    if reason == _UNCONFIGURED:
        return "hmrc.client_refused"
    return "hmrc.not_sent" if reason in _WAITING else "hmrc.unavailable"
