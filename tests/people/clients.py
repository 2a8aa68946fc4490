"""The two kinds of client that staff sign in with, and the address book of what they call."""

import base64
import hmac
import json
import secrets
import struct
from typing import Any, cast

from django.http import HttpResponse
from django.test import Client, TestCase

from tenants.context import tenant
from tenants.models import Agency
from tests.api import recorder

PASSWORD = "seven green bottles"
NEW_PASSWORD = "eleven blue teapots"
NOON = 1_795_348_800.0  # for authenticator apps: 22 November 2026, 12:00 UTC


class StaffClient:
    """Somebody at an agency's host. What a request wanted done after its commit is done, though the test rolls back."""

    kind = ""
    page = ""  # the origin of the page that calls, where it is not the agency's own host

    def __init__(self, agency: Agency, host: str) -> None:
        self.agency = agency
        # An address of one's own, so that no test uses up another's rate limit.
        address = "10." + ".".join(str(secrets.randbelow(254) + 1) for _ in range(3))
        self.wire = Client(enforce_csrf_checks=True, REMOTE_ADDR=address, HTTP_HOST=host)

    def call(self, method: str, path: str, body: Any = None, raw: bytes | None = None) -> HttpResponse:
        """Call allauth's API; `body` goes as JSON, `raw` as it is."""
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        address, agency = f"/_allauth/{self.kind}/v1/{path}", self.agency
        headers = self.headers() | ({"Origin": self.page} if self.page else {})
        # Twice, since the middleware leaves the agency and what follows the commit happens inside it.
        with tenant(agency), TestCase.captureOnCommitCallbacks(execute=True), tenant(agency):
            answer = self.wire.generic(method, address, data, "application/json", headers=headers)
        recorder.hold(answer, method, address)
        self.learn(cast("HttpResponse", answer))
        return cast("HttpResponse", answer)

    def headers(self) -> dict[str, str]:
        return {}

    def learn(self, answer: HttpResponse) -> None:
        """Keep what the answer says of the session."""

    def sign_in(self, email: str, password: str = PASSWORD) -> HttpResponse:
        return self.call("POST", "auth/login", {"email": email, "password": password})

    def reauthenticate(self, password: str = PASSWORD) -> HttpResponse:
        return self.call("POST", "auth/reauthenticate", {"password": password})

    def is_signed_in(self) -> bool:
        return self.call("GET", "auth/session").status_code == 200


class BrowserClient(StaffClient):
    """A page on the agency's own host: cookies, and the CSRF cookie's value in a header."""

    kind = "browser"

    def headers(self) -> dict[str, str]:
        token = self.wire.cookies.get("quarterday_csrf")
        return {} if token is None else {"X-CSRFToken": token.value}

    def open_page(self) -> HttpResponse:
        """What a front end does first: it fetches the cookie that later calls must prove."""
        return self.call("GET", "config")


class AppClient(StaffClient):
    """A program elsewhere: no cookies, the session's key in X-Session-Token."""

    kind = "app"
    token = ""

    def headers(self) -> dict[str, str]:
        return {"X-Session-Token": self.token} if self.token else {}

    def learn(self, answer: HttpResponse) -> None:
        if answer.headers.get("Content-Type") == "application/json":
            meta = said(answer).get("meta") or {}
            self.token = meta.get("session_token", self.token)


def said(answer: Any) -> Any:
    """The body."""
    return json.loads(answer.content)


def flows(answer: HttpResponse) -> set[str]:
    """What the person may do next."""
    return {flow["id"] for flow in said(answer)["data"]["flows"]}


def pending(answer: HttpResponse) -> list[str]:
    """What the person must do next."""
    return [flow["id"] for flow in said(answer)["data"]["flows"] if flow.get("is_pending")]


def totp(secret: str, at: float = NOON) -> str:
    """The six digits an authenticator app shows (RFC 6238)."""
    moving = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(at) // 30), "sha1")
    place = moving[-1] & 0x0F
    number = struct.unpack(">I", moving[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
