"""What was received lately, for tests and for people; without what opens a door."""

import re
from collections import deque
from collections.abc import Iterable
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, urlencode

KEPT = 1000
LONGEST_BODY = 8192
SECRET_FIELDS = frozenset({"client_secret", "code", "code_verifier", "refresh_token"})
_SCHEME = re.compile(r"^(\w+) .*$", re.DOTALL)

# HMRC's names of its APIs, as in the addresses of its validation feedback, by where their paths begin.
APIS = {
    "/individuals/business/details/": "business-details-mtd",
    "/individuals/business/property/": "property-business-mtd",
    "/individuals/calculations/": "individual-calculations-mtd",
    "/individuals/person/itsa-status/": "self-assessment-individual-details",
    "/individuals/self-assessment-test-support/": "self-assessment-test-support",
    "/obligations/details/": "obligations-mtd",
    "/create-test-user/": "create-test-user",
    "/test/fraud-prevention-headers/": "txm-fph-validator-api",
    "/oauth/": "oauth",
}


def api_of(path: str) -> str:
    """Return HMRC's name of the API that a path belongs to, or nothing."""
    return next((name for start, name in APIS.items() if path.startswith(start)), "")


def mask_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the headers with the Authorization reduced to its scheme; one that came twice is joined by commas."""
    masked: dict[str, str] = {}
    for name, value in headers:
        shown = _mask(value) if name.lower() == "authorization" else value
        masked[name] = f"{masked[name]}, {shown}" if name in masked else shown
    return masked


def _mask(authorization: str) -> str:
    return _SCHEME.sub(r"\1 ***", authorization) if _SCHEME.match(authorization) else "***"


def mask_form(body: str) -> str:
    """Return a form body with its secrets blotted out."""
    fields = parse_qsl(body, keep_blank_values=True)
    return urlencode([(name, "***" if name in SECRET_FIELDS else value) for name, value in fields], safe="*")


class Record:
    """
    The last thousand requests to the APIs and to the token endpoint.

    An entry has time (when it came; UTC, ISO 8601), operation, api, method, path, query, status, correlation_id,
    headers and body.
    """

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._lock = Lock()

    def add(self, **entry: Any) -> None:
        with self._lock:
            self._entries.append(entry)

    def newest(self, *, limit: int, api: str | None = None, operation: str | None = None) -> list[dict[str, Any]]:
        """Return the newest first: all, those of one API by HMRC's name of it, or those of one operation."""
        with self._lock:
            entries = list(reversed(self._entries))
        found = [one for one in entries if api in {None, one["api"]} and operation in {None, one["operation"]}]
        return found[: max(limit, 0)]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
