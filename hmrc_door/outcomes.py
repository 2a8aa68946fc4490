"""
What can become of one call to HMRC. Every call ends in exactly one of these; HMRC and the network raise nothing.

    Outcome
    ├── NotSent      no byte of the request left us: no slot, no name, no connection, no TLS. Sending it again is safe
    ├── Answered     2xx, and the body was read and understood
    ├── Refused      HMRC said no, and did nothing: 4xx, 501, and redirects (`redirects` may follow them)
    └── Unknown      the request left us, and whether it took effect is not known: an answer lost, late, cut off or
                     unreadable, 408, and every other 5xx

A 503 stays Unknown although maintenance usually means that nothing happened: HMRC does not promise it. `Unknown` keeps
the status and HMRC's error, so that a caller who only read (`Call.writes` is false) may simply try again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeAlias

from hmrc_door.bodies import JSON, HmrcError, Unreadable, read_error, read_json
from hmrc_door.hidden import Hidden

# Never kept here: Location (it repeats the NINO), Set-Cookie, and whatever else HMRC's edge adds.
KEPT_HEADERS = frozenset(
    {"content-type", "date", "deprecation", "link", "retry-after", "sunset", "x-correlationid", "x-request-id"}
)
_SUCCESS, _REFUSAL, _FAULT = range(200, 300), range(400, 500), range(500, 600)
_MOVED = frozenset({301, 302, 307, 308})
# 408: the server tired of waiting, and nobody says for what.
_UNDECIDED = frozenset({408})
_NOT_IMPLEMENTED = 501
# HMRC's is a UUID. It is stored, and handed on.
_CORRELATION_ID = re.compile(r"[0-9A-Za-z._:-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class Answered:
    """HMRC did what was asked. `body` is None for an empty one; money in it is Decimal. `headers` are in lower case."""

    status: int
    body: JSON = field(default=None, repr=False)
    correlation_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Refused:
    """
    HMRC said no, and did nothing. `retry_after` is in seconds, where HMRC asked for a pause.

    `location` is where a redirect leads. It repeats the NINO: hidden, and no part of the outcome to whoever compares.
    """

    status: int
    error: HmrcError
    correlation_id: str = ""
    retry_after: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    location: Hidden | None = field(default=None, repr=False, compare=False)

    @property
    def code(self) -> str:
        """HMRC's own code, empty if it gave none. Match on this, never on a message."""
        return self.error.code


@dataclass(frozen=True, kw_only=True)
class NotSent:
    """HMRC has not seen the request. `reason` is a constant word."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """HMRC did what was asked, or not. `reason` is a constant word; `status` and `error` as far as they came."""

    reason: str
    status: int | None = None
    error: HmrcError | None = None
    correlation_id: str = ""
    retry_after: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def code(self) -> str:
        """HMRC's own code, empty if none came."""
        return self.error.code if self.error else ""


Outcome: TypeAlias = Answered | Refused | NotSent | Unknown


def classify(*, status: int, headers: Mapping[str, str], body: bytes) -> Answered | Refused | Unknown:
    """Say what a complete answer means. `headers` may be in any case. Never raises."""
    lowered = {name.lower(): value for name, value in headers.items()}
    kept = {name: value for name, value in lowered.items() if name in KEPT_HEADERS}
    correlation_id = _correlation_id(kept)
    if status in _SUCCESS:
        return _answered(status=status, kept=kept, correlation_id=correlation_id, body=body)
    error, pause = read_error(body), retry_after(kept)
    if _is_refusal(status):
        return Refused(
            status=status,
            error=error,
            correlation_id=correlation_id,
            retry_after=pause,
            headers=kept,
            location=_location(status, lowered),
        )
    return Unknown(
        reason="server_error" if status in _FAULT else "undecided_status",
        status=status,
        error=error,
        correlation_id=correlation_id,
        retry_after=pause,
        headers=kept,
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds asked for by `retry-after`: a number, or a date measured against HMRC's own `date`. None if neither."""
    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    until, sent = http_date(asked), http_date(headers.get("date", ""))
    if until is None or sent is None:
        return None
    return max(0.0, (until - sent).total_seconds())


def http_date(text: str) -> datetime | None:
    """The moment that an HTTP date names, in UTC; None for anything else. Never raises."""
    try:
        parsed = parsedate_to_datetime(text)
        return parsed.astimezone(UTC) if parsed.tzinfo else None
    except (ValueError, OverflowError):  # no date, or one that no calendar here reaches
        return None


def _answered(*, status: int, kept: Mapping[str, str], correlation_id: str, body: bytes) -> Answered | Unknown:
    try:
        return Answered(status=status, body=read_json(body), correlation_id=correlation_id, headers=kept)
    except Unreadable:
        return Unknown(reason="unreadable_answer", status=status, correlation_id=correlation_id, headers=kept)


def _correlation_id(headers: Mapping[str, str]) -> str:
    given = headers.get("x-correlationid", "")
    return given if _CORRELATION_ID.fullmatch(given) else ""


def _location(status: int, headers: Mapping[str, str]) -> Hidden | None:
    return Hidden(headers["location"]) if status in _MOVED and "location" in headers else None


def _is_refusal(status: int) -> bool:
    return (status in _REFUSAL and status not in _UNDECIDED) or status in _MOVED or status == _NOT_IMPLEMENTED
