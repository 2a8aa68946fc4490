"""The door to HMRC with a script behind it: answers what it was told to, in turn, and records what it was asked."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from time import monotonic
from typing import Any

from hmrc_door.bodies import HmrcError, HmrcFault
from hmrc_door.hidden import Hidden, Secret
from hmrc_door.operation import Call
from hmrc_door.outcomes import Answered, NotSent, Outcome, Refused, Unknown
from hmrc_door.pace import Lane, NoSlot, Slot, Stats
from hmrc_door.token_endpoint import Granted, TokenAnswer, TokenFault, TokenRefused, Tokens

Answer = TokenAnswer | Outcome
Script = Answer | Callable[[], Answer]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as it left us."""

    what: str
    lane: Lane
    agency: str
    secrets: Mapping[str, str]
    body: Any = None
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 0.0


@dataclass
class FakeDoor:
    """Stands in for the token endpoint, for `call` and for the pace. A request nobody scripted fails the test."""

    asked: list[Asked] = field(default_factory=list)
    is_full: bool = False
    _script: deque[Script] = field(default_factory=deque)

    def will(self, *answers: Script) -> None:
        """What HMRC answers, in turn. A callable is run while the request is on the wire: other people's doings."""
        self._script.extend(answers)

    def acquire(self, *, lane: Lane, agency: str, timeout_s: float, connects: int = 0) -> Slot:
        if self.is_full:
            raise NoSlot
        return Slot(asked_at=monotonic(), good_for_ms=500)

    def stats(self) -> Stats:
        """Of a pace that can't tell: here nothing is counted."""
        raise NoSlot

    def exchange(
        self,
        *,
        code: Secret,
        code_verifier: Secret,
        redirect_uri: str,
        lane: Lane,
        agency: str,
        slot: Slot | None = None,
        timeout_s: float = 30.0,
    ) -> TokenAnswer:
        secrets = {"code": opened(code), "code_verifier": opened(code_verifier), "redirect_uri": redirect_uri}
        return self._token(Asked(what="exchange", lane=lane, agency=agency, secrets=secrets))

    def refresh(
        self, *, refresh_token: Secret, lane: Lane, agency: str, slot: Slot | None = None, timeout_s: float = 30.0
    ) -> TokenAnswer:
        secrets = {"refresh_token": opened(refresh_token)}
        return self._token(Asked(what="refresh", lane=lane, agency=agency, secrets=secrets))

    def call(
        self,
        operation: Call,
        *,
        bearer: Secret,
        lane: Lane,
        agency: str,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 60.0,
    ) -> Outcome:
        assert operation.nino is not None
        secrets = {"bearer": opened(bearer), "nino": opened(operation.nino)}
        asked = Asked(
            what=operation.operation,
            lane=lane,
            agency=agency,
            secrets=secrets,
            body=operation.content,
            path=operation.path(),
            headers={**(headers or {})},
            timeout_s=timeout_s,
        )
        answer = self._answer(asked)
        assert isinstance(answer, Answered | Refused | NotSent | Unknown)
        return answer

    def _token(self, asked: Asked) -> TokenAnswer:
        answer = self._answer(asked)
        assert isinstance(answer, Granted | TokenRefused | NotSent | Unknown)
        return answer

    def _answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        assert self._script, f"nobody expected {asked.what}"
        scripted = self._script.popleft()
        return scripted() if callable(scripted) else scripted

    @property
    def kinds(self) -> list[str]:
        """What was asked, in order."""
        return [asked.what for asked in self.asked]

    @property
    def is_done(self) -> bool:
        """Whether every scripted answer was asked for."""
        return not self._script


@dataclass
class FakeClock:
    """The one clock of the domain, moved by hand."""

    now: datetime

    def advance(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


# The answers, in HMRC's words


def granted(name: str = "new", *, expires_in: int = 14_400, scope: tuple[str, ...] | None = None) -> Granted:
    """A pair that can be told apart by its name."""
    pair = {"access_token": Hidden(f"access-{name}"), "refresh_token": Hidden(f"refresh-{name}")}
    return Granted(tokens=Tokens(**pair, expires_in=expires_in, scope=scope))


def token_refused(fault: TokenFault, *, description: str = "") -> TokenRefused:
    status = {TokenFault.INVALID_CLIENT: 401, TokenFault.THROTTLED: 429}.get(fault, 400)
    return TokenRefused(fault=fault, status=status, description=description)


def refused(status: int, *codes: str) -> Refused:
    """HMRC's error with these codes; several make its multiple error."""
    faults = tuple(HmrcFault(code=code) for code in codes)
    code = "INVALID_REQUEST" if len(codes) > 1 else (codes[0] if codes else "")
    return Refused(status=status, error=HmrcError(code=code, faults=faults), correlation_id="corr-refused")


def answered(body: Any = None, *, status: int = 200) -> Answered:
    return Answered(status=status, body=body, correlation_id="corr-answered")


INVALID_GRANT = token_refused(TokenFault.INVALID_GRANT)
INVALID_REQUEST = token_refused(TokenFault.INVALID_REQUEST)
IN_PROGRESS = token_refused(TokenFault.INVALID_REQUEST, description="Refresh operation is already in progress")
INVALID_CLIENT = token_refused(TokenFault.INVALID_CLIENT)
THROTTLED = token_refused(TokenFault.THROTTLED)
NOT_UNDERSTOOD = token_refused(TokenFault.OTHER)
NOT_SENT = NotSent(reason="no_slot")
UNKNOWN = Unknown(reason="read_timeout")
NOT_AUTHORISED = refused(403, "CLIENT_OR_AGENT_NOT_AUTHORISED")
TOKEN_OVER = refused(401, "INVALID_CREDENTIALS")
NOTHING_THERE = refused(404, "MATCHING_RESOURCE_NOT_FOUND")
ONE_BUSINESS = answered({"listOfBusinesses": [{"businessId": "XAIS12345678901", "typeOfBusiness": "uk-property"}]})


def holds(*, start: str, end: str, **income: str) -> Answered:
    """HMRC's copy of a year-to-date summary with this income."""
    amounts = {name: Decimal(amount) for name, amount in income.items()}
    period = {"fromDate": start, "toDate": end, "submittedOn": "2026-11-22T12:00:00Z"}
    return answered({**period, "ukProperty": {"income": amounts}})


def meanwhile(action: Callable[[], Any], answer: Answer) -> Callable[[], Answer]:
    """The answer, after somebody else did something while it was on its way."""

    def happen() -> Answer:
        action()
        return answer

    return happen


def opened(secret: Secret) -> str:
    with secret.open(reason="test") as plain:
        return plain
