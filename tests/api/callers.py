"""Those who call: somebody at a host, with a credential or without."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.test import Client

from landlords import invitations
from people import keys
from people.principal import SYSTEM, Principal, PrincipalKind
from people.scopes import KEY_SCOPES, Scope
from tenants import clock
from tenants.context import tenant
from tenants.models import Agency
from tests.api import recorder

# Whoever makes keys in tests: may hand out every scope that a key can have.
MAKER = Principal(PrincipalKind.SYSTEM, SYSTEM.id, KEY_SCOPES)
_MEMBERS = {
    *("type", "title", "status", "detail", "instance", "code", "request_id", "retryable", "user_action", "errors")
}


@dataclass(frozen=True)
class Caller:
    """Sends requests as a front end or an integrator would, and gives back whatever was answered, a 500 included."""

    host: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        content_type: str = "application/json",
        **headers: str,
    ) -> Any:
        """`body` goes as JSON, `raw` as it is; a header `If_Match` is sent as `If-Match`."""
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        address = path if path.startswith("/") else f"/api/v1/{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Host": self.host, **self.headers, **named}
        answer = _wire().generic(method, address, data, content_type, headers=sent)
        recorder.hold(answer, method, address)
        return answer

    def get(self, path: str, **headers: Any) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: Any) -> Any:
        return self.call("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: Any) -> Any:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str) -> Any:
        return self.call("DELETE", path)


def bearing(credential: str, *, host: str) -> Caller:
    return Caller(host, {"Authorization": f"Bearer {credential}"})


def key_caller(
    agency: Agency, *, host: str, scopes: frozenset[Scope] = KEY_SCOPES, expires_at: datetime | None = None
) -> Caller:
    """A machine client with a key of its own."""
    with tenant(agency):
        made = keys.make_key(by=MAKER, name="test", scopes=scopes, expires_at=expires_at)
    return bearing(made.secret, host=host)


def landlord_caller(agency: Agency, landlord_id: UUID | str, *, host: str) -> Caller:
    """A landlord, with the session that an invitation brings."""
    with tenant(agency):
        invited = invitations.invite(by=SYSTEM, landlord_id=UUID(str(landlord_id)), by_mail=False, now=clock.now())
    started = invitations.start_session(invitation_token=invited.token, now=clock.now())
    return bearing(started.token, host=host)


def problem(answer: Any) -> tuple[int, str]:
    """The status and code of a problem document, which must be whole and of a code that GET /errors lists."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content[:200]
    said = answer.json()
    assert said.keys() >= _MEMBERS
    assert said["status"] == answer.status_code
    assert said["request_id"] == answer.headers["X-Request-Id"]
    assert said["title"]
    assert said["user_action"]
    assert said["code"] in listed_codes()
    assert all(error.keys() == {"pointer", "code", "detail"} for error in said["errors"])
    return answer.status_code, said["code"]


def pointers(answer: Any) -> dict[str, str]:
    """What is wrong with each place of the body or the query."""
    return {error["pointer"]: error["code"] for error in answer.json()["errors"]}


@cache
def _wire() -> Client:
    # One for all: a new one would look up every static file again. No view of ours sets a cookie.
    return Client(raise_request_exception=False)


@cache
def listed_codes() -> frozenset[str]:
    """The codes of GET /errors."""
    answer = Caller("localhost").get("errors")
    assert answer.status_code == 200
    return frozenset(entry["code"] for entry in answer.json()["results"])
