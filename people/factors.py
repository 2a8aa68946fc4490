"""The second factor with which a member of staff signed in, as the session remembers it."""

from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase

from tenants.vault.index import blind_index

_KINDS = {"totp": "TOTP"}  # in HMRC's words; any other is OTHER


class SecondFactor(NamedTuple):
    """`kind`: TOTP or OTHER. `reference`: a keyed hash of the authenticator's id, the same at each sign-in."""

    kind: str
    at: datetime
    reference: str


def second_factors(*, session: SessionBase, user_id: UUID) -> list[SecondFactor]:
    """
    Each factor that was proved in this session besides the password, by its latest proof. None is nothing rare.

    The session is the user's, or there are none: what was proved before somebody else signed in does not count.
    """
    if str(session.get(SESSION_KEY)) != str(user_id):
        return []
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
    latest = {record["id"]: record for record in sorted(records, key=_proved_at) if record.get("method") == "mfa"}
    return [_factor(record) for record in latest.values()]


def _proved_at(record: dict[str, Any]) -> float:
    return float(record["at"])


def _factor(record: dict[str, Any]) -> SecondFactor:
    at = datetime.fromtimestamp(_proved_at(record), tz=UTC)
    reference = blind_index("authenticator", str(record["id"])).hex()
    return SecondFactor(_KINDS.get(record["type"], "OTHER"), at, reference)
