"""What of staff is sealed and in no SealedField: sessions' data, and the secrets in allauth's own table."""

from typing import Final
from uuid import UUID

from tenants.vault import Purpose
from tenants.vault.columns import Column, add

SESSION_LABEL: Final = "session.data"  # what values are bound to: never change a label
FACTOR_LABEL: Final = "mfa.secret"
FACTOR_PLACE: Final = UUID(int=0)  # allauth does not tell whose secret it is, so all of an agency's share one place


def tell_the_vault() -> None:
    """Once, when Django is ready."""
    add(_session(), *(_factor(member) for member in ("secret", "seed")))


def _session() -> Column:
    place = "encode(substring(t.digest from 1 for 16), 'hex')::uuid"
    where = {"value": "t.data", "place": place, "put": "data = fresh.value"}
    return Column("people.Session", "data", Purpose.PII, SESSION_LABEL, **where)


def _factor(member: str) -> Column:
    """A member of the JSON in which allauth keeps what a factor needs."""
    text = "to_jsonb(translate(encode(fresh.value, 'base64'), E'\\n', ''))"
    put = f"data = jsonb_set(t.data, '{{{member}}}', {text})"
    where = {"value": f"decode(t.data->>'{member}', 'base64')", "place": f"'{FACTOR_PLACE}'::uuid", "put": put}
    return Column("mfa.Authenticator", f"data.{member}", Purpose.PII, FACTOR_LABEL, **where)
