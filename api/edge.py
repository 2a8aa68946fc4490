"""Whose request this is, seen from the internet: what the socket says, or a proxy that we trust.

Whoever is not on the list of trusted proxies may write into X-Forwarded-For what they like: it is walked from the
right, from one trusted proxy to the next, and the first address that is none of theirs is the client's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final, NamedTuple, TypeAlias

from django.conf import settings

_Address: TypeAlias = IPv4Address | IPv6Address

# An address, or one with a port: 192.0.2.1:5000, [2001:db8::1]:5000.
_HEARD: Final = re.compile(
    r"\[(?P<six>[0-9A-Fa-f:.]+)\](?::(?P<six_port>[0-9]{1,5}))?"
    r"|(?P<four>[0-9.]+)(?::(?P<four_port>[0-9]{1,5}))?"
    r"|(?P<bare>[0-9A-Fa-f:.]+)"
)
_PORT: Final = re.compile(r"[0-9]{1,5}")


class Client(NamedTuple):
    """The address and source port from which the request came, None where nobody we trust has said, and when."""

    ip: str | None
    port: int | None
    at: datetime


class _Heard(NamedTuple):
    ip: _Address
    port: int | None


def client(meta: Mapping[str, Any], *, at: datetime) -> Client:
    """Who asks. `meta`: the WSGI environment; `at`: when the request arrived."""
    socket = _heard(str(meta.get("REMOTE_ADDR", "")))
    if socket is None:
        return Client(None, None, at)
    if not _is_ours(socket.ip):
        return Client(str(socket.ip), _port(meta.get("REMOTE_PORT")), at)
    found = _walk(socket, meta.get("HTTP_X_FORWARDED_FOR"))
    if found is None:
        return Client(None, None, at)
    return Client(str(found.ip), found.port or _port(meta.get(_port_header())), at)


def is_proxy(meta: Mapping[str, Any]) -> bool:
    """Whether a proxy of ours speaks to us. `meta`: the WSGI environment."""
    socket = _heard(str(meta.get("REMOTE_ADDR", "")))
    return socket is not None and _is_ours(socket.ip)


def _walk(proxy: _Heard, forwarded: str | None) -> _Heard | None:
    """The first that is no proxy of ours; None if one of ours wrote what can't be read.

    A header that is empty was written: the server empties one that is not ASCII.
    """
    found: _Heard | None = proxy
    for found in () if forwarded is None else _from_the_right(forwarded):
        if found is None or not _is_ours(found.ip):
            return found
    return found


def _from_the_right(forwarded: str) -> Iterator[_Heard | None]:
    return (_heard(part.strip()) for part in reversed(forwarded.split(",")))


def _heard(text: str) -> _Heard | None:
    parts = _HEARD.fullmatch(text)
    if parts is None:
        return None
    try:
        found = ip_address(parts["six"] or parts["four"] or parts["bare"])
    except ValueError:
        return None
    return _Heard(getattr(found, "ipv4_mapped", None) or found, _port(parts["six_port"] or parts["four_port"]))


def _is_ours(address: _Address) -> bool:
    proxies: Iterable[Any] = settings.TRUSTED_PROXIES
    return any(address in network for network in proxies)


def _port_header() -> str:
    return "HTTP_" + settings.CLIENT_PORT_HEADER.upper().replace("-", "_")


def _port(said: object) -> int | None:
    return int(said) if isinstance(said, str) and _PORT.fullmatch(said) else None
