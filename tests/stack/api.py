"""A client of the API: sends JSON, expects a status, and remembers the secrets that it was shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import requests

from tests.stack.seen import Seen

# Where in the answers a secret is told once.
_TOLD_ONCE = {"key": "API key", "token": "landlord's token", "invitation_token": "invitation"}


@dataclass(frozen=True)
class Api:
    """The API as one caller sees it."""

    base: str
    headers: Mapping[str, str]
    seen: Seen
    wire: requests.Session = field(default_factory=requests.Session, repr=False)

    def get(self, path: str, *, expect: int = 200, **query: str) -> Any:
        """The body of the answer, which must have the status expected."""
        return self.call("GET", path, expect=expect, params=query).json()

    def post(self, path: str, body: object = None, *, expect: int = 201, **headers: str) -> Any:
        """Send JSON; the body of the answer, which must have the status expected."""
        return self.call("POST", path, expect=expect, json=body or {}, headers=headers).json()

    def call(
        self, method: str, path: str, *, expect: int | None = None, headers: Mapping[str, str] | None = None, **how: Any
    ) -> requests.Response:
        """One request. A path that does not begin with a slash lies below /api/v1."""
        self.wire.trust_env = False
        url = self.base + (path if path.startswith("/") else f"/api/v1/{path}")
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in (headers or {}).items()}}
        answer = self.wire.request(method, url, headers=sent, allow_redirects=False, timeout=20, **how)
        assert expect in {None, answer.status_code}, (
            f"{method} {urlsplit(url).path}: {answer.status_code} {answer.text}"
        )
        self._remember(answer)
        return answer

    def submit(self, submission: Mapping[str, object], *, key: str = "") -> Any:
        """Queue a submission under a new idempotency key, or this one."""
        return self.post("submissions", submission, expect=202, Idempotency_Key=key or str(uuid4()))

    def feed(self, path: str, **query: str) -> list[dict[str, Any]]:
        """All pages of a list."""
        found: list[dict[str, Any]] = []
        asked = {"limit": "100", **query}
        while (page := self.call("GET", path, expect=200, params=asked).json())["results"]:
            found += page["results"]
            if not page["next"]:
                break
            asked["cursor"] = page["next"]
        return found

    def _remember(self, answer: requests.Response) -> None:
        if answer.status_code == 201 and isinstance(body := answer.json(), dict):
            for name, what in _TOLD_ONCE.items():
                self.seen.add(what, *([body[name]] if name in body else []))
