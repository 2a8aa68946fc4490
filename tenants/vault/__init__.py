"""The vault: the only importer of `cryptography`.

KEK (outside the database) → data keys per agency, purpose and version (wrapped, in the public schema) → sealed values.
docs/keys.md draws it; security.md section 2 gives the reasons.
"""

from tenants.vault.fields import Sealed, SealedField, SealedModel
from tenants.vault.index import blind_index, blind_indexer
from tenants.vault.purposes import Purpose
from tenants.vault.values import open_value, ready_to_seal, seal_value

__all__ = [
    "Purpose",
    "Sealed",
    "SealedField",
    "SealedModel",
    "blind_index",
    "blind_indexer",
    "open_value",
    "ready_to_seal",
    "seal_value",
]
