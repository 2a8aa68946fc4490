"""HMRC's rules for redirect URIs, at registration and at the authorize request."""

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

OUT_OF_BAND = frozenset({"urn:ietf:wg:oauth:2.0:oob", "urn:ietf:wg:oauth:2.0:oob:auto"})
MOST_REGISTERED = 5

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f\\]")


def fault(uri: str) -> str | None:
    """Say which of HMRC's rules this redirect URI breaks; None if it breaks none."""
    if uri in OUT_OF_BAND:
        return None
    if _UNSAFE.search(uri):
        return "it holds white space, a control character or a backslash"
    try:
        parts = urlsplit(uri)
        parts.port  # noqa: B018 - reading it is the check
    except ValueError:
        return "it is not a valid URI"
    return _scheme_fault(parts) or _host_fault(parts.hostname or "") or _rest_fault(uri, parts)


def _scheme_fault(parts: SplitResult) -> str | None:
    if not parts.scheme or not parts.netloc:
        return "it is a relative URI, not an absolute URI"
    if parts.scheme == "http" and parts.hostname != "localhost":
        return "it uses HTTP, not HTTPS (HTTP is for localhost only)"
    return None if parts.scheme in {"http", "https"} else "it does not use HTTPS"


def _host_fault(host: str) -> str | None:
    labels = host.rstrip(".").split(".")
    if ":" in host or _is_number(labels[-1]):
        return "it uses an IP address, not a DNS name"
    return None if all(_LABEL.fullmatch(label) for label in labels) else "its host is not a DNS name"


def _is_number(label: str) -> bool:
    # Browsers take any host that ends in a number for an IPv4 address, "0x7f.1" and "2130706433" included.
    return label.isdecimal() or re.fullmatch(r"0x[0-9a-f]*", label, re.IGNORECASE) is not None


def _rest_fault(uri: str, parts: SplitResult) -> str | None:
    if "#" in uri:
        return "it includes a fragment component"
    return "it includes a user name or password" if "@" in parts.netloc else None


def is_registered(*, uri: str, registered: Iterable[str]) -> bool:
    """True if the URI keeps the rules and a registered one covers it: whole, or as a prefix of host and path."""
    return fault(uri) is None and any(_covers(base, uri) for base in registered)


def _covers(base: str, uri: str) -> bool:
    if base == uri:
        return True
    if base in OUT_OF_BAND or uri in OUT_OF_BAND:
        return False
    wide, narrow = urlsplit(base), urlsplit(uri)
    return _origin(wide) == _origin(narrow) and not wide.query and _is_under(narrow.path, wide.path)


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port


def _is_under(path: str, prefix: str) -> bool:
    # A prefix ends at a slash: "/call" must not open "/caller", nor "example.com" "example.com.evil.example".
    # A path that climbs out again with "..", encoded or not, is under nothing.
    if ".." in path or "%2e" in path.lower():
        return False
    return path == prefix or path.startswith(prefix.rstrip("/") + "/") or prefix in {"", "/"}
