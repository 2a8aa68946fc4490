"""Bearer credentials of ours: 256 random bits with a prefix and a checksum; only their SHA-256 digest is kept.

The prefix lets secret scanners find one that leaked; the checksum lets us refuse a mistyped one without asking the
database.
"""

import re
import secrets
import string
import zlib
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from tenants.errors import CredentialMalformed
from tenants.ids import digest
from tenants.models import Agency, Credential, CredentialKind

_ALPHABET = string.digits + string.ascii_letters
_RANDOM = 43  # characters of base 62: 256.03 bits
_CHECK = 6
_SHAPE = re.compile(rf"^(qd_live|qd_test|qdl|qdi|qdo)_([0-9A-Za-z]{{{_RANDOM}}})([0-9A-Za-z]{{{_CHECK}}})\Z")
_KINDS = {
    "qd_live": CredentialKind.API_KEY,
    "qd_test": CredentialKind.API_KEY,
    "qdl": CredentialKind.LANDLORD,
    "qdi": CredentialKind.INVITATION,
    "qdo": CredentialKind.OPERATOR,
}


class Parsed(NamedTuple):
    kind: CredentialKind
    digest: bytes


def api_key_prefix() -> str:
    """`qd_live` in production, `qd_test` everywhere else."""
    return "qd_live" if settings.HMRC.name == "production" else "qd_test"


def is_of_another_environment(raw: str) -> bool:
    """Whether an API key's name says that it is for another of HMRC's environments than ours."""
    name = raw.rpartition("_")[0]
    return _KINDS.get(name) is CredentialKind.API_KEY and name != api_key_prefix()


def mint(*, prefix: str, subject_id: UUID, agency: Agency | None, expires_at: datetime | None) -> str:
    """Make a credential, remember its digest and return it: the only time it is ever seen."""
    body = f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))}"
    raw = body + _checksum(body)
    Credential.objects.create(
        digest=digest(raw), kind=_KINDS[prefix], agency=agency, subject_id=subject_id, expires_at=expires_at
    )
    return raw


def parse(raw: str) -> Parsed:
    """What kind of credential this is, and its digest. Raises CredentialMalformed without touching the database."""
    shape = _SHAPE.match(raw)
    if shape is None or not secrets.compare_digest(_checksum(raw[:-_CHECK]), shape[3]):
        raise CredentialMalformed
    return Parsed(_KINDS[shape[1]], digest(raw))


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    letters = ""
    for _ in range(_CHECK):
        number, place = divmod(number, len(_ALPHABET))
        letters = _ALPHABET[place] + letters
    return letters
