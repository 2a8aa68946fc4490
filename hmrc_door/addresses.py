"""
HMRC's rules for addresses: which redirect URIs it registers, and which address ranges its IP allow list takes.

Redirect URIs: absolute, https with a DNS name, no IP address, no fragment; port and query are fine; http only for
localhost; two urn forms for installed applications (HMRC's reference guide, "Redirect URIs").
"""

import re
from ipaddress import ip_network
from urllib.parse import SplitResult, urlsplit

INSTALLED = frozenset({"urn:ietf:wg:oauth:2.0:oob", "urn:ietf:wg:oauth:2.0:oob:auto"})

_URI_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_LONGEST_NAME = 253
_MOST_ADDRESSES = 256
_PORTS = {"http": 80, "https": 443}
# Browsers read a host whose last label is a number, decimal or hexadecimal, as an IPv4 address.
_NUMBER = re.compile(r"\d+|0[xX][0-9A-Fa-f]*")
_LOOPBACK = re.compile(r"localhost|[a-z0-9-]+\.localhost|127(\.\d{1,3}){3}|::1")


def redirect_uri_fault(uri: str, *, web: bool = False) -> str | None:
    """
    The rule of HMRC's that `uri` breaks, in words, or None.

    With `web`, the urn forms are refused too: they bring no browser back to a server.
    """
    if uri in INSTALLED:
        return "it brings no browser back to a web server" if web else None
    return syntax_fault(uri) or ("it includes a fragment" if "#" in uri else _redirect_fault(urlsplit(uri)))


def syntax_fault(uri: str) -> str | None:
    """What keeps `uri` from being an absolute URI with a host and a sensible port, in words, or None."""
    if not _URI_CHARACTERS.fullmatch(uri) or _BAD_ESCAPE.search(uri):
        return "it holds characters that a URI may not hold"
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return "its host or port is malformed"
    if not parts.scheme or not parts.hostname:
        return "it is not absolute"
    if port == 0 or parts.netloc.endswith(":"):
        return "its port is malformed"
    return "it holds a user name" if "@" in parts.netloc else None


def host_fault(host: str) -> str | None:
    """Why `host` is no DNS name, in words, or None."""
    labels = host.rstrip(".").split(".")
    if ":" in host or _NUMBER.fullmatch(labels[-1]):
        return "it uses an IP address, not a DNS name"
    well_formed = all(map(_LABEL.fullmatch, labels)) and len(host) <= _LONGEST_NAME
    return None if well_formed else "its host is not a DNS name"


def range_fault(text: str) -> str | None:
    """
    Why HMRC's IP allow list would not take `text`, in words, or None.

    It takes addresses in CIDR notation, and none wider than /24 (HMRC's reference guide, "IP allow list").
    """
    try:
        network = ip_network(text)
    except ValueError:
        return f"{text} is no address range in CIDR notation"
    wide = network.num_addresses > _MOST_ADDRESSES
    return f"{text} is wider than HMRC allows: {_MOST_ADDRESSES} addresses, as in /24" if wide else None


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of a well-formed address; the port is that of the scheme if it names none."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme)


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this machine."""
    return _LOOPBACK.fullmatch(host.lower()) is not None


def _redirect_fault(parts: SplitResult) -> str | None:
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"}:
        return "it is not https"
    if fault := host_fault(host):
        return fault
    if parts.scheme == "http" and host != "localhost":
        return "it uses http, which is allowed for localhost only"
    return None
