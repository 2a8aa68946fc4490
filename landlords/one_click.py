"""The address in a mail's head by which a mail program takes its reader off the list, with one click (RFC 8058).

It is good for nothing else: it names the mail and the agency, and holds a digest that only we can make. Nothing of it
is kept, and it does not end: whoever finds an old mail may still want no more.
"""

import re
import secrets
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from tenants.vault import blind_indexer

_TOKEN = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{32})\.([0-9a-f]{32})\Z")
_PATH = "/api/v1/mail-opt-outs/"


class Named(NamedTuple):
    """What such an address names, not proven yet."""

    mail_id: UUID
    agency_id: UUID
    proof: str


def address(mail_id: UUID, *, agency_id: UUID) -> str:
    """Of the current agency's mail. Empty where we can't be reached by https: mail programs take nothing else."""
    base = str(settings.PUBLIC_URL)
    token = f"{mail_id.hex}.{agency_id.hex}.{_proof(mail_id)}"
    return f"{base.rstrip('/')}{_PATH}{token}" if base.startswith("https://") else ""


def read(token: str) -> Named | None:
    """None if it was not made here."""
    found = _TOKEN.match(token)
    return None if found is None else Named(UUID(found[1]), UUID(found[2]), found[3])


def is_proven(named: Named) -> bool:
    """Whether the current agency made it."""
    return secrets.compare_digest(_proof(named.mail_id), named.proof)


def _proof(mail_id: UUID) -> str:
    return blind_indexer("mail.opt_out")(mail_id.hex).hex()[:32]
