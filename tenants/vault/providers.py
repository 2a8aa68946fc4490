"""Where the key-encrypting keys live. One provider so far: a file; managed key services follow the same small protocol.

Two rings: `data` wraps the keys of flow, pii and index; `token` wraps the keys of tokens. API processes are given the
first only, so code running in the API can neither open nor seal a token.
"""

import base64
import binascii
import json
import os
import stat
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tenants.errors import KeyDenied, SealBroken
from tenants.vault.purposes import Purpose

log = structlog.get_logger()

SETTINGS: Final = {"data": "KEK_FILE", "token": "TOKEN_KEK_FILE"}  # ring: where its file is named
_NONCE = 12
_KEY = 32


class Wrapped(NamedTuple):
    ref: str
    data: bytes


class KeyProvider(Protocol):
    """Wraps and unwraps data keys. `context` is authenticated: agency, purpose and version, never a name."""

    def wrap(self, key: bytes, context: Mapping[str, str]) -> Wrapped: ...

    def unwrap(self, wrapped: Wrapped, context: Mapping[str, str]) -> bytes: ...

    def rewrap(self, wrapped: Wrapped, context: Mapping[str, str]) -> Wrapped: ...


class FileProvider:
    """A keyring in a file: one `ref:base64 of 32 bytes` a line, newest first. New keys are wrapped with the first.

    Wrapping and unwrapping are rare, so each looks whether the file was changed: a line that is added needs no restart.
    A file that has become unreadable is logged, and the ring stays as it was.
    """

    def __init__(self, path: Path, *, setting: str) -> None:
        self._path, self._setting = path, setting
        self._seen = _state(path)
        self._ring = _read_ring(path, setting)

    @property
    def refs(self) -> tuple[str, ...]:
        """The names of the ring's keys, newest first."""
        return tuple(self._keys)

    @property
    def first(self) -> bytes:
        """Tells the line that wraps from every other, also of the same name."""
        ref, kek = next(iter(self._keys.items()))
        return sha256(kek + ref.encode()).digest()

    @property
    def _keys(self) -> dict[str, bytes]:
        seen = _state(self._path)
        if seen != self._seen:
            try:
                self._ring = _read_ring(self._path, self._setting)
            except ImproperlyConfigured as why:
                log.error("vault.key_file_unreadable", setting=self._setting, why=str(why))  # noqa: TRY400
            self._seen = seen
        return self._ring

    def wrap(self, key: bytes, context: Mapping[str, str]) -> Wrapped:
        ref, kek = next(iter(self._keys.items()))
        nonce = os.urandom(_NONCE)
        return Wrapped(ref, nonce + AESGCM(kek).encrypt(nonce, key, _canonical(context)))

    def unwrap(self, wrapped: Wrapped, context: Mapping[str, str]) -> bytes:
        """Raises KeyDenied if the ring has no such key: another host's may have it, and nothing is wrong with the data.

        Raises SealBroken if the data was altered, wrapped by another key of that name, or for another context.
        """
        kek = self._keys.get(wrapped.ref)
        if kek is None:
            log.error("vault.line_missing", setting=self._setting, ref=wrapped.ref)
            raise KeyDenied
        try:
            return AESGCM(kek).decrypt(wrapped.data[:_NONCE], wrapped.data[_NONCE:], _canonical(context))
        except (InvalidTag, ValueError):  # ValueError: too short to have a nonce
            raise SealBroken from None

    def rewrap(self, wrapped: Wrapped, context: Mapping[str, str]) -> Wrapped:
        """The same key, wrapped with the first of the ring. Raises KeyDenied, SealBroken."""
        return self.wrap(self.unwrap(wrapped, context), context)


def ring_of(purpose: Purpose) -> str:
    return "token" if purpose is Purpose.TOKEN else "data"


def purposes_of(ring: str) -> list[Purpose]:
    """The purposes whose data keys this ring wraps."""
    return [purpose for purpose in Purpose if ring_of(purpose) == ring]


def rings_here() -> list[str]:
    """The rings that this process is given."""
    return [ring for ring, setting in SETTINGS.items() if getattr(settings, setting) is not None]


def provider(ring: str) -> FileProvider:
    """The provider of a ring. Raises KeyDenied if this process is not given it."""
    setting = SETTINGS[ring]
    path: Path | None = getattr(settings, setting)
    if path is None:
        raise KeyDenied
    return _opened(path, setting)


@cache
def _opened(path: Path, setting: str) -> FileProvider:
    return FileProvider(path, setting=setting)


def _read_ring(path: Path, setting: str) -> dict[str, bytes]:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ImproperlyConfigured(f"{setting}: the key file must be readable by its owner only (mode 0600).")
        lines = [line.strip() for line in path.read_text().splitlines() if line.strip()]
    except OSError as why:
        raise ImproperlyConfigured(f"{setting}: the key file can't be read ({why.strerror}).") from None
    except UnicodeDecodeError:
        raise ImproperlyConfigured(f"{setting}: the key file is no text.") from None
    keys = dict(_read_key(line, setting) for line in lines)
    if not keys:
        raise ImproperlyConfigured(f"{setting}: the key file holds no key.")
    if len(keys) < len(lines):
        raise ImproperlyConfigured(f"{setting}: two keys of the key file have the same name.")
    return keys


def _state(path: Path) -> tuple[int, int, int] | None:
    """What differs once the file was written anew."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read_key(line: str, setting: str) -> tuple[str, bytes]:
    ref, _, encoded = line.partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not ref or len(key) != _KEY:
        raise ImproperlyConfigured(f"{setting}: every line must be a name, a colon and 32 bytes in base64.")
    return ref, key


def _canonical(context: Mapping[str, str]) -> bytes:
    return json.dumps(dict(context), sort_keys=True, separators=(",", ":")).encode()
