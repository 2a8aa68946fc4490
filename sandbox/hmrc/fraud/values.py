"""The encodings that headers share: percent-encoded lists and key-value structures, addresses, times."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import unquote

from sandbox.hmrc.fraud.findings import Finding, invalid

_ENCODED = re.compile(r"(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})*")  # RFC 3986: unreserved, or an encoded octet
_ENCODED_SEPARATOR = re.compile(r"%(?:26|3D)", re.IGNORECASE)
_PLACEHOLDERS = frozenset({"null", "undefined", "none", "nil", "nan", "n/a", "unknown", "[object object]"})
# Kept for documentation, and used by HMRC's own examples, which must pass.
_EXAMPLES = tuple(map(ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")))

NOT_ENCODED = invalid("At least 1 key or value is not percent encoded")
NOT_KEY_VALUE = invalid("Value must be a key-value data structure")


@dataclass
class Fields:
    """A key-value structure, decoded, with what is wrong with its encoding."""

    known: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def lacking(self, *keys: str) -> Iterator[str]:
        yield from (key for key in keys if not self.known.get(key))


def fields(text: str) -> Fields:
    """Read `key=value&key=value`."""
    read = Fields()
    for pair in text.split("&"):
        key, equals, value = pair.partition("=")
        if not key or not equals:
            read.findings.append(NOT_KEY_VALUE)
            if _ENCODED_SEPARATOR.search(pair):
                read.findings.append(
                    invalid("At least 1 separator is percent encoded. Check ampersands and equal signs.")
                )
        elif not (is_encoded(key) and is_encoded(value)):
            read.findings.append(NOT_ENCODED)
        read.known[unquote(key)] = unquote(value)
    return read


def is_encoded(text: str) -> bool:
    return bool(_ENCODED.fullmatch(text))


def items(text: str) -> list[str]:
    """Read a list; its values are not decoded."""
    return text.split(",")


def address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def is_public(at: IPv4Address | IPv6Address) -> bool:
    if any(at in network for network in _EXAMPLES):
        return True
    return at.is_global and not at.is_multicast


def is_time(text: str, *formats: str) -> bool:
    return any(_parses(text, each) for each in formats)


def is_placeholder(text: str) -> bool:
    """Whether a value, or any value within it, stands for nothing."""
    parts = re.split(r"[,&=]", text)
    return any(unquote(part).strip().lower() in _PLACEHOLDERS for part in parts)


def _parses(text: str, format: str) -> bool:
    try:
        datetime.strptime(text, format)  # noqa: DTZ007 - only whether it parses matters
    except ValueError:
        return False
    return True
