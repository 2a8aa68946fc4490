"""Identifiers and random values."""

import hashlib
import secrets
import time
from datetime import datetime
from uuid import UUID

_TICKS_A_MS = 4096


class _Ticks:
    """The present in parts of a millisecond; never the same twice, should a clock stand still or go back."""

    last = 0

    def next(self) -> int:
        self.last = max(time.time_ns() * _TICKS_A_MS // 1_000_000, self.last + 1)
        return self.last


_ticks = _Ticks()


def new_id() -> UUID:
    """A UUIDv7: made by us before the row exists, so that sealed values can be bound to it; in order of time.

    Milliseconds, 12 bits of their fraction, and 62 random bits (RFC 9562, 6.2, method 3). A library that counts a whole
    millisecond on at each id would be a minute ahead of other processes after 60,000, and so would the audit trail.
    """
    ms, fraction = divmod(_ticks.next(), _TICKS_A_MS)
    return UUID(int=ms << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62))


def since(moment: datetime) -> UUID:
    """Not greater than any id made from this moment of the machine's clock on: so they are found by their index."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def new_secret() -> str:
    """256 random bits, URL-safe. A UUID is not a secret (ASVS 11.5.1)."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """SHA-256 of a secret of full entropy: what is stored in its place, 32 bytes."""
    return hashlib.sha256(secret.encode()).digest()
