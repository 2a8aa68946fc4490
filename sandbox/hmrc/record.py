"""What was received lately, for tests and for people; without what opens a door."""

import re
from collections import deque
from collections.abc import Mapping
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, urlencode

KEPT = 1000
LONGEST_BODY = 8192
SECRET_FIELDS = frozenset({"client_secret", "code", "code_verifier", "refresh_token"})
_SCHEME = re.compile(r"^(\w+) .*$", re.DOTALL)


def mask_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with the Authorization reduced to its scheme."""
    return {name: _mask(value) if name.lower() == "authorization" else value for name, value in headers.items()}


def _mask(authorization: str) -> str:
    return _SCHEME.sub(r"\1 ***", authorization) if _SCHEME.match(authorization) else "***"


def mask_form(body: str) -> str:
    """Return a form body with its secrets blotted out."""
    fields = parse_qsl(body, keep_blank_values=True)
    return urlencode([(name, "***" if name in SECRET_FIELDS else value) for name, value in fields], safe="*")


class Record:
    """The last thousand requests to the APIs and to the token endpoint."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._lock = Lock()

    def add(self, **entry: Any) -> None:
        with self._lock:
            self._entries.append(entry)

    def newest(self, *, limit: int) -> list[dict[str, Any]]:
        with self._lock:
            return list(reversed(self._entries))[: max(limit, 0)]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
