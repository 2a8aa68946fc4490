"""Sealing and opening one value for one place: agency, label, row and, where given, the row's version."""

from uuid import UUID

from tenants.context import current_agency
from tenants.vault import envelope, keyring
from tenants.vault.purposes import Purpose

_SCHEME = b"quarterday/v1"


def seal_value(plaintext: str, *, purpose: Purpose, label: str, row: UUID, version: int | None = None) -> bytes:
    """Seal for the current agency. Raises KeyDenied if this process is not given the purpose."""
    agency_id = current_agency().pk
    key = keyring.primary(agency_id, purpose)
    return envelope.seal(
        plaintext.encode(), key=key.key, version=key.version, parts=_place(agency_id, label, row, version)
    )


def ready_to_seal(purpose: Purpose) -> None:
    """To be called before something is bought that exists nowhere else until it is sealed: the key is in memory then.

    Raises KeyDenied if this process can't unwrap it.
    """
    keyring.look_up(current_agency().pk, purpose)


def open_value(sealed: bytes, *, purpose: Purpose, label: str, row: UUID, version: int | None = None) -> str:
    """Raises SealBroken if the value was changed or moved, KeyDenied if this process is not given the purpose."""
    agency_id = current_agency().pk
    key = keyring.of_version(agency_id, purpose, envelope.version_of(sealed))
    return envelope.unseal(sealed, key=key.key, parts=_place(agency_id, label, row, version)).decode()


def _place(agency_id: UUID, label: str, row: UUID, version: int | None) -> list[bytes]:
    parts = [_SCHEME, agency_id.bytes, label.encode(), row.bytes]
    return parts if version is None else [*parts, version.to_bytes(8, "big")]
