"""
HMRC's token endpoint: an authorization code, or a refresh token, for a pair of tokens. Both are single-use. Our own
credentials buy a token of the application's, as often as we like.

    TokenAnswer
    ├── NotSent       nothing left us, nothing is spent
    ├── Granted       a new pair; what was sent is spent (`ApplicationGranted`: one token, and nothing is spent)
    ├── TokenRefused  HMRC said no, in the word of `fault`; see `TokenFault` for what is spent
    └── Unknown       the request left us and no pair came back: what was sent may be spent

Credentials go in the body, on a connection of its own for each call; fraud-prevention headers are not sent here.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from hmrc_door.bodies import JSON
from hmrc_door.hidden import Hidden, Secret
from hmrc_door.outcomes import Answered, NotSent, Outcome, Refused, Unknown
from hmrc_door.pace import Lane, Slot
from hmrc_door.token_request import TokenRequest

# Four hours, by HMRC's guide. Good tokens are not thrown away because an answer leaves this out.
ACCESS_LIFETIME_S = 14_400
_LONGEST_NUMBER = 9
_THROTTLED_STATUS = 429
_IN_PROGRESS = "already in progress"


class TokenFault(StrEnum):
    """Why HMRC gave no tokens."""

    INVALID_GRANT = "invalid_grant"
    """Refresh: unknown, used, expired or revoked, and HMRC does not say which. Code: its verifier is wrong."""
    INVALID_REQUEST = "invalid_request"
    """Code: invalid, expired or used, or something missing. Refresh: something missing, or already in progress."""
    INVALID_CLIENT = "invalid_client"
    """None of our client secrets is known to HMRC; definitely nothing is spent."""
    THROTTLED = "throttled"
    """Too many requests; definitely nothing is spent."""
    OTHER = "other"
    """Not understood. Assume nothing."""


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """A pair of tokens. `expires_in` is in seconds from the answer; `scope` is None where HMRC leaves it out."""

    access_token: Hidden
    refresh_token: Hidden
    expires_in: int
    scope: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Granted:
    """HMRC gave tokens."""

    tokens: Tokens
    correlation_id: str = ""


@dataclass(frozen=True, kw_only=True)
class TokenRefused:
    """HMRC gave no tokens. `description` is HMRC's text: for people and logs, not to be matched."""

    fault: TokenFault
    status: int
    description: str = ""
    correlation_id: str = ""
    retry_after: float | None = None

    @property
    def in_progress(self) -> bool:
        """Whether HMRC says that another send of this refresh token still runs. A hint: HMRC's texts may change."""
        return _IN_PROGRESS in self.description.lower()


@dataclass(frozen=True, kw_only=True)
class ApplicationGranted:
    """HMRC gave the application a token of its own. `expires_in` is in seconds from the answer."""

    access_token: Hidden
    expires_in: int
    correlation_id: str = ""


TokenAnswer: TypeAlias = Granted | TokenRefused | NotSent | Unknown
ApplicationAnswer: TypeAlias = ApplicationGranted | TokenRefused | NotSent | Unknown


def exchange(
    *,
    code: Secret,
    code_verifier: Secret,
    redirect_uri: str,
    lane: Lane,
    agency: str,
    slot: Slot | None = None,
    timeout_s: float = 30.0,
) -> TokenAnswer:
    """
    Spend an authorization code. `redirect_uri` must be the very one that was sent to the authorize page.

    Waits at most `timeout_s` for slots, and then 20 s for HMRC. Raises only what a Secret raises that will not open.
    """
    fields = {"grant_type": "authorization_code", "redirect_uri": redirect_uri}
    sealed = {"code": code, "code_verifier": code_verifier}
    request = TokenRequest(fields=fields, sealed=sealed, lane=lane, agency=agency)
    return _pair(request.send(timeout_s=timeout_s, slot=slot))


def refresh(
    *, refresh_token: Secret, lane: Lane, agency: str, slot: Slot | None = None, timeout_s: float = 30.0
) -> TokenAnswer:
    """
    Spend a refresh token. Buy `slot` before the claim, with `connects=True`, so that waiting eats no lease.

    A stale slot is given up for another within `timeout_s`, so that nothing is sent later than that after the claim;
    the answer comes at most 20 s later. Raises only what `refresh_token` raises that will not open.
    """
    fields = {"grant_type": "refresh_token"}
    request = TokenRequest(fields=fields, sealed={"refresh_token": refresh_token}, lane=lane, agency=agency)
    return _pair(request.send(timeout_s=timeout_s, slot=slot))


def application_token(
    *, lane: Lane, agency: str, secret: Hidden | None = None, timeout_s: float = 30.0
) -> ApplicationAnswer:
    """
    A token for the operations that no landlord allows (`Operation.scope` is None): four hours, nothing to refresh.

    Waits at most `timeout_s` for slots, and then 20 s for HMRC. Whatever became of it, asking again is safe.
    With `secret`, only that one of our client secrets is tried.
    """
    secrets = None if secret is None else (secret,)
    request = TokenRequest(fields={"grant_type": "client_credentials"}, lane=lane, agency=agency, secrets=secrets)
    outcome = request.send(timeout_s=timeout_s)
    if isinstance(outcome, Answered):
        return _application_granted(outcome)
    return _refused(outcome) if isinstance(outcome, Refused) else outcome


def _pair(outcome: Outcome) -> TokenAnswer:
    if isinstance(outcome, Answered):
        return _granted(outcome)
    return _refused(outcome) if isinstance(outcome, Refused) else outcome


def _granted(answer: Answered) -> Granted | Unknown:
    tokens = _tokens(answer.body)
    return Granted(tokens=tokens, correlation_id=answer.correlation_id) if tokens else _unreadable(answer)


def _application_granted(answer: Answered) -> ApplicationGranted | Unknown:
    body = answer.body if isinstance(answer.body, dict) else {}
    access = body.get("access_token")
    if not (isinstance(access, str) and access):
        return _unreadable(answer)
    return ApplicationGranted(
        access_token=Hidden(access),
        expires_in=_lifetime(body.get("expires_in")),
        correlation_id=answer.correlation_id,
    )


def _unreadable(answer: Answered) -> Unknown:
    return Unknown(reason="unreadable_answer", status=answer.status, correlation_id=answer.correlation_id)


def _tokens(body: JSON) -> Tokens | None:
    if not isinstance(body, dict):
        return None
    access, renewal, scope = body.get("access_token"), body.get("refresh_token"), body.get("scope")
    if not (isinstance(access, str) and access and isinstance(renewal, str) and renewal):
        return None
    return Tokens(
        access_token=Hidden(access),
        refresh_token=Hidden(renewal),
        expires_in=_lifetime(body.get("expires_in")),
        scope=tuple(scope.split()) if isinstance(scope, str) else None,
    )


def _lifetime(given: JSON) -> int:
    written = str(given)
    is_number = written.isascii() and written.isdigit() and len(written) <= _LONGEST_NUMBER
    return (int(written) if is_number else 0) or ACCESS_LIFETIME_S


def _refused(refused: Refused) -> TokenRefused:
    return TokenRefused(
        fault=_fault(refused),
        status=refused.status,
        description=refused.error.message,
        correlation_id=refused.correlation_id,
        retry_after=refused.retry_after,
    )


def _fault(refused: Refused) -> TokenFault:
    if refused.status == _THROTTLED_STATUS:
        return TokenFault.THROTTLED
    known = refused.code in {TokenFault.INVALID_GRANT, TokenFault.INVALID_REQUEST, TokenFault.INVALID_CLIENT}
    return TokenFault(refused.code) if known else TokenFault.OTHER
