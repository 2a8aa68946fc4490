"""The sealed value: known answers, and nothing but what was sealed ever comes out."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.errors import SealBroken
from tenants.vault import envelope

# Frozen. Made with AES-256-GCM itself, not with this code; a release that changes one can't open what is stored.
VECTORS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("vectors.json").read_text())
KEY = bytes(range(32))
PARTS = [b"quarterday/v1", b"agency", b"label", b"row"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["of"])
def test_a_known_value_is_sealed_to_the_known_bytes(vector: dict[str, Any]) -> None:
    sealed = envelope.seal(
        bytes.fromhex(vector["plaintext"]),
        key=bytes.fromhex(vector["key"]),
        version=vector["version"],
        parts=[bytes.fromhex(part) for part in vector["parts"]],
        nonce=bytes.fromhex(vector["nonce"]),
    )

    assert sealed.hex() == vector["sealed"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["of"])
def test_known_bytes_open_to_the_known_value(vector: dict[str, Any]) -> None:
    sealed = bytes.fromhex(vector["sealed"])

    opened = envelope.unseal(
        sealed, key=bytes.fromhex(vector["key"]), parts=[bytes.fromhex(part) for part in vector["parts"]]
    )

    assert opened.hex() == vector["plaintext"]
    assert envelope.version_of(sealed) == vector["version"]


def test_every_changed_bit_is_found() -> None:
    sealed = envelope.seal(b"AA123456A", key=KEY, version=1, parts=PARTS)

    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealBroken):
            envelope.unseal(bytes(changed), key=KEY, parts=PARTS)


def test_every_shortened_value_is_found() -> None:
    sealed = envelope.seal(b"AA123456A", key=KEY, version=1, parts=PARTS)

    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            envelope.unseal(sealed[:length], key=KEY, parts=PARTS)


def test_another_key_opens_nothing() -> None:
    sealed = envelope.seal(b"AA123456A", key=KEY, version=1, parts=PARTS)

    with pytest.raises(SealBroken):
        envelope.unseal(sealed, key=bytes(32), parts=PARTS)


@pytest.mark.parametrize("plain", [b"", b"AA123456A", b"\xa1", b"\xa1" * 40, b"gAAAAABplaintext" * 4])
def test_what_was_never_sealed_does_not_pass_for_a_value(plain: bytes) -> None:
    with pytest.raises(SealBroken):
        envelope.unseal(plain, key=KEY, parts=PARTS)


def test_sealing_twice_gives_two_different_values() -> None:
    sealed = {envelope.seal(b"AA123456A", key=KEY, version=1, parts=PARTS) for _ in range(100)}

    assert len(sealed) == 100


def test_a_sealed_value_is_31_bytes_longer() -> None:
    assert envelope.OVERHEAD == 31
    assert len(envelope.seal(b"x" * 9, key=KEY, version=1, parts=PARTS)) == 40


@settings(max_examples=60, deadline=None, database=None, derandomize=True)
@given(st.lists(st.binary(max_size=6), max_size=5), st.lists(st.binary(max_size=6), max_size=5))
def test_two_places_are_the_same_only_if_every_part_is(one: list[bytes], other: list[bytes]) -> None:
    assert (envelope._associated(b"", one) == envelope._associated(b"", other)) is (one == other)
