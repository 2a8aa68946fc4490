"""The sealed value: 31 bytes more than the plaintext. Frozen: tests/tenants/vault/vectors.json holds known answers.

    byte 0      0xA1            format
    bytes 1-2   key version     big-endian
    bytes 3-14  nonce           random, 96 bits
    then        ciphertext and 16-byte tag    AES-256-GCM

Associated data: bytes 0-2, then each part behind its length in two bytes. Length-prefixed, since joined with a
separator ("a|b", "c") and ("a", "b|c") would be the same.
"""

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tenants.errors import SealBroken

MAGIC = 0xA1
_HEADER = 3
_NONCE = 12
OVERHEAD = _HEADER + _NONCE + 16


def seal(plaintext: bytes, *, key: bytes, version: int, parts: Sequence[bytes], nonce: bytes | None = None) -> bytes:
    """Seal `plaintext` to the place named by `parts`. `nonce` is given by known-answer tests only."""
    header = bytes([MAGIC]) + version.to_bytes(2, "big")
    nonce = nonce or os.urandom(_NONCE)
    return header + nonce + AESGCM(key).encrypt(nonce, plaintext, _associated(header, parts))


def unseal(sealed: bytes, *, key: bytes, parts: Sequence[bytes]) -> bytes:
    """Raises SealBroken if a bit was changed, the value was moved, or the key is another. Never falls through."""
    header, nonce, rest = sealed[:_HEADER], sealed[_HEADER : _HEADER + _NONCE], sealed[_HEADER + _NONCE :]
    version_of(sealed)
    try:
        return AESGCM(key).decrypt(nonce, rest, _associated(header, parts))
    except InvalidTag:
        raise SealBroken from None


def version_of(sealed: bytes) -> int:
    """The version of the key a value was sealed with. Raises SealBroken if it is not a sealed value."""
    if len(sealed) < OVERHEAD or sealed[0] != MAGIC:
        raise SealBroken
    return int.from_bytes(sealed[1:_HEADER], "big")


def _associated(header: bytes, parts: Sequence[bytes]) -> bytes:
    return header + b"".join(len(part).to_bytes(2, "big") + part for part in parts)
