"""Identifiers and random values."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

import uuid6


def new_id() -> UUID:
    """A UUIDv7: made by us before the row exists, so that sealed values can be bound to it; in order of time for
    indexes.
    """
    return UUID(bytes=uuid6.uuid7().bytes)


def since(moment: datetime) -> UUID:
    """Not greater than any id made from this moment of the machine's clock on: so they are found by their index."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def new_secret() -> str:
    """256 random bits, URL-safe. A UUID is not a secret (ASVS 11.5.1)."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """SHA-256 of a secret of full entropy: what is stored in its place, 32 bytes."""
    return hashlib.sha256(secret.encode()).digest()
