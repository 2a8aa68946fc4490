"""A row of any table as JSON: what is sealed is opened, and secrets of ours are left out."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, GeneratedField, Model

from tenants.vault import Purpose, Sealed, SealedField

# Ways in, and keys to them: of no use to anybody who takes their data elsewhere, and a danger in a file.
SECRETS = frozenset(
    {"people.User.password", "landlords.Landlord.nino_index", "hmrc_oauth.ConnectSession.completion_digest"}
)
SECRET_TABLES = frozenset(
    {
        "people.Session",
        "people.IdempotencyRecord",
        "mfa.Authenticator",
        "account.EmailConfirmation",
        "leaving.Export",
        "leaving.ExportPart",
    }
)


def line(row: Model) -> bytes:
    """One line of JSON. Raises SealBroken."""
    said = {each.attname: _value(row, each) for each in row._meta.concrete_fields if _is_said(each)}
    return json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False).encode() + b"\n"


def _is_said(column: "Field[Any, Any]") -> bool:
    if isinstance(column, GeneratedField) or str(column) in SECRETS:
        return False
    return not isinstance(column, SealedField) or column.purpose is Purpose.PII


def _value(row: Model, column: "Field[Any, Any]") -> Any:
    value = getattr(row, column.attname)
    if isinstance(value, Sealed):
        with value.open(reason="export") as text:
            return text
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value
