"""
How the values of HMRC's fraud-prevention headers are written (its specification, version 3.3), one function a form.

Each takes a fact as it was collected and gives US-ASCII, or raises Unusable: a value of the wrong form is left out and
reported, never mended by guessing and never replaced by a placeholder.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final, TypeAlias
from urllib.parse import quote
from uuid import UUID

Address: TypeAlias = IPv4Address | IPv6Address
Form: TypeAlias = Callable[[Any], str]

# What scripts write where they know nothing; HMRC refuses placeholders.
_PLACEHOLDERS: Final = frozenset({"null", "undefined", "none", "nan", "nil", "n/a", "unknown", "[object object]"})
_PRINTABLE: Final = "".join(map(chr, range(0x20, 0x7F)))
_MOST_LETTERS: Final = 1024
_FARTHEST: Final = {"+": 14 * 60, "-": 12 * 60}  # minutes from UTC, of any zone there is
_MOST_PORTS: Final = 0xFFFF
_MOST_PIXELS: Final = 0xFFFFF
_SERVER_PORTS: Final = frozenset({"80", "443"})
_FACTORS: Final = frozenset({"TOTP", "AUTH_CODE", "OTHER"})

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MAC: Final = re.compile(r"[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}")
_ZONE: Final = re.compile(r"UTC([+-])([0-9]{2}):([0-5][0-9])")
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_MINUTE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?Z")

# Networks whose addresses mean nothing outside: those of documentation are public here, as in HMRC's own examples.
_NOT_PUBLIC: Final = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/127", "fc00::/7", "fe80::/10", "ff00::/8"),
        ),
    )
)


class Unusable(ValueError):  # noqa: N818  not an error of ours: the value is left out and reported
    """A fact that can't be written as HMRC wants it. Says which rule it breaks and never quotes the value."""


def text(value: object) -> str:
    """Some text: not blank, no placeholder, no control characters, at most 1,024 letters. Raises Unusable."""
    if not isinstance(value, str) or not value.strip() or value.strip().lower() in _PLACEHOLDERS:
        raise Unusable("is empty or a placeholder")
    if len(value) > _MOST_LETTERS or any(_is_control(letter) for letter in value):
        raise Unusable("is too long or holds control characters")
    return value


def encoded(value: object) -> str:
    """Text, percent-encoded but for RFC 3986's unreserved characters. Raises Unusable."""
    return quote(text(value), safe="")


def as_reported(value: object) -> str:
    """Text as the browser reports it; only what is not US-ASCII is percent-encoded. Raises Unusable."""
    return quote(text(value).strip(), safe=_PRINTABLE)


def pairs(given: Mapping[str, object], *, least: int = 1, needs: Iterable[str] = ()) -> str:
    """`key=value&key=value`, in the order given, keys and values encoded. Raises Unusable if a pair is lacking."""
    if len(given) < least or not set(needs) <= given.keys():
        raise Unusable("lacks a pair")
    return "&".join(f"{encoded(key)}={encoded(value)}" for key, value in given.items())


def listed(values: Sequence[Any], write: Form) -> str:
    """`a,b,c`, each written once. Raises what `write` raises."""
    return ",".join(dict.fromkeys(map(write, values)))


def uuid(value: object) -> str:
    """A UUID with hyphens, in lower case; the nil UUID names no device. Raises Unusable."""
    found = UUID(_matched(_UUID, value, "is not a UUID"))
    if not found.int:
        raise Unusable("is the nil UUID")
    return str(found)


def address(value: object) -> Address:
    """An IPv4 or IPv6 address, without a zone; an IPv4 one in IPv6's clothes undressed. Raises Unusable."""
    try:
        found = ip_address(text(value).partition("%")[0])
    except ValueError:
        raise Unusable("is not an IP address") from None
    return getattr(found, "ipv4_mapped", None) or found


def is_public(found: Address) -> bool:
    """Whether the address means the same everywhere on the internet."""
    return not any(found in network for network in _NOT_PUBLIC)


def public_ip(value: object) -> str:
    """A public address, as it is. Raises Unusable."""
    found = address(value)
    if not is_public(found):
        raise Unusable("is not a public IP address")
    return str(found)


def local_ip(value: object) -> str:
    """Any address, an IPv6 one encoded. Raises Unusable."""
    return encoded(str(address(value)))


def mac(value: object) -> str:
    """A MAC address of one station, in lower case with encoded colons. Raises Unusable."""
    found = _matched(_MAC, value, "is not a MAC address").replace("-", ":").lower()
    if set(found) <= {"0", ":"} or int(found[:2], 16) & 1:
        raise Unusable("is the MAC address of no station")
    return encoded(found)


def port(value: object) -> str:
    """A TCP source port: 1 to 65535, not a server's. Raises Unusable."""
    found = _whole(value, most=_MOST_PORTS)
    if found in _SERVER_PORTS:
        raise Unusable("is a server's port")
    return found


def instant(value: object) -> str:
    """`yyyy-MM-ddThh:mm:ss.sssZ`, a moment that the calendar has. Raises Unusable."""
    return _moment(_INSTANT, value)


def written(moment: datetime) -> str:
    """A moment in UTC as `instant` wants it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def timezone(value: object) -> str:
    """`UTC±hh:mm`, from UTC-12:00 to UTC+14:00. Raises Unusable."""
    found = _matched(_ZONE, value, "is not UTC±hh:mm")
    sign, hours, minutes = found[3], int(found[4:6]), int(found[7:])
    if hours * 60 + minutes > _FARTHEST[sign]:
        raise Unusable("is no time zone")
    return found


def screen(given: Mapping[str, Any]) -> str:
    """One screen's `width, height, scaling_factor, colour_depth`. Raises Unusable."""
    factor = _scale(given.get("scaling_factor"))
    return f"{size(given)}&scaling-factor={factor}&colour-depth={_whole(given.get('colour_depth'))}"


def size(given: Mapping[str, Any]) -> str:
    """`width` and `height` in pixels. Raises Unusable."""
    return f"width={_whole(given.get('width'))}&height={_whole(given.get('height'))}"


def factor(given: Mapping[str, Any]) -> str:
    """One factor of a sign-in: `type`, `timestamp` (UTC, to the minute or finer), `unique_reference`. Raises
    Unusable.
    """
    if given.get("type") not in _FACTORS:
        raise Unusable("has no type that HMRC knows")
    when = _moment(_MINUTE, given.get("timestamp"))
    return pairs({"type": given["type"], "timestamp": when, "unique-reference": given.get("unique_reference")})


def hop(given: Mapping[str, Any]) -> str:
    """One hop over the internet, `by` and `for`, both public. Raises Unusable."""
    return pairs({name: public_ip(given.get(name)) for name in ("by", "for")})


def _is_control(letter: str) -> bool:
    return letter < " " or "\x7f" <= letter <= "\x9f" or "\ud800" <= letter <= "\udfff"


def _matched(form: re.Pattern[str], value: object, fault: str) -> str:
    found = text(value)
    if not form.fullmatch(found):
        raise Unusable(fault)
    return found


def _moment(form: re.Pattern[str], value: object) -> str:
    found = _matched(form, value, "is not a UTC time of HMRC's form")
    try:
        datetime.fromisoformat(found)
    except ValueError:
        raise Unusable("is no moment of the calendar") from None
    return found


def _whole(value: object, *, most: int = _MOST_PIXELS) -> str:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
        raise Unusable("is not a positive whole number, or too large")
    return str(value)


def _scale(value: object) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0.0001 <= value <= 100:  # noqa: PLR2004
        raise Unusable("is not a scaling factor")
    return f"{value:.4f}".rstrip("0").rstrip(".")
