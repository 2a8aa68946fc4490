"""The blind index: find a NINO without opening one.

A plain hash would be no protection: there are 30.5 bits of NINOs. Keyed per agency, so the same person in two agencies
can't be linked.
"""

import hmac
from collections.abc import Callable
from hashlib import sha256

from tenants.context import current_agency
from tenants.vault import keyring
from tenants.vault.purposes import Purpose


def blind_index(kind: str, value: str) -> bytes:
    """HMAC-SHA-256 of `value` under the current agency's index key, 32 bytes."""
    return blind_indexer(kind)(value)


def blind_indexer(kind: str) -> Callable[[str], bytes]:
    """The same for many values, with the key looked up once."""
    key, named = keyring.primary(current_agency().pk, Purpose.INDEX).key, kind.encode() + b"\0"
    return lambda value: hmac.digest(key, named + value.encode(), sha256)
