"""HMRC's side: the stand-in's control API, and a person who walks through its pages without a browser."""

import json
import time
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urljoin, urlsplit

import requests

from tests.stack.seen import Seen

HALF_A_YEAR = 150 * 86_400


@dataclass(frozen=True)
class User:
    """Somebody with a Government Gateway account."""

    user_id: str
    password: str
    access_code: str
    nino: str
    business_id: str


@dataclass(frozen=True)
class Return:
    """A browser on its way back from HMRC: first to our callback, then to the front end."""

    callback: str
    onward: str

    @property
    def said(self) -> dict[str, str]:
        """What the front end is told."""
        return dict(parse_qsl(urlsplit(self.onward).query))


class StandIn:
    """The stand-in, from outside."""

    def __init__(self, url: str, seen: Seen) -> None:
        self._url = url
        self._seen = seen
        self._wire = requests.Session()
        self._wire.trust_env = False

    # The control API

    def users(self) -> list[User]:
        return [_user(one) for one in self._control("GET", "users")["users"]]

    def add_user(self, **wanted: object) -> User:
        """A new person: signed up and with one UK property business, unless something else is wanted."""
        user = _user(self._control("POST", "users", wanted))
        self._seen.add("NINO", user.nino)
        return user

    def magic(self) -> dict[str, User]:
        """The people with a fixed outcome, by it."""
        told = self._control("GET", "magic")["users"]
        for one in told:
            self._seen.add("NINO", one["nino"])
        return {one["outcome"]: _user(one) for one in told}

    def enrol(self, user: User, *, enrolled: bool = True) -> None:
        self._control("POST", f"users/{user.user_id}", {"enrolled": enrolled})

    def revoke(self, user: User) -> None:
        """Remove the authority, as a landlord can at HMRC."""
        assert self._control("POST", "grants/revoke", {"nino": user.nino})["revoked"] == 1

    def pass_time(self, seconds: float) -> None:
        """Move the one clock on, and never back: what was put off in the future would wait there."""
        self._control("POST", "clock", {"advance_seconds": seconds})
        time.sleep(0.3)  # every process looks at the clock five times a second, and only it knows when it has

    def leave_spring(self) -> None:
        """Between April and July no quarter of the tax year is over yet, and nothing could be filed."""
        today = date.fromisoformat(self._control("GET", "clock")["today"])
        if (4, 6) <= (today.month, today.day) <= (7, 10):
            self.pass_time(HALF_A_YEAR)

    def fail(self, kind: str, operation: str, user: User, **how: object) -> None:
        """A fault for this person's next request of this kind."""
        self._control("POST", "faults", {"kind": kind, "operation": operation, "nino": user.nino, **how})

    def held(self, user: User) -> list[dict[str, Any]]:
        """What HMRC holds of this person, amounts as exact as they came."""
        found: list[dict[str, Any]] = self._control("GET", f"submissions?nino={user.nino}")["submissions"]
        return found

    def grants(self, *, after: int = 0) -> Any:
        """The living refresh tokens by digest, and the sends of one that was spent or being spent, but for so many."""
        return self._control("GET", f"grants?after={after}")

    def received(self) -> list[dict[str, Any]]:
        """What came in lately, newest first."""
        found: list[dict[str, Any]] = self._control("GET", "requests?limit=1000")["requests"]
        return found

    def rate(self) -> dict[str, int]:
        """How many requests were taken in and refused, and how many came in the worst second."""
        found: dict[str, int] = self._control("GET", "rate")
        return found

    def _control(self, method: str, path: str, body: object = None) -> Any:
        answer = self._wire.request(method, f"{self._url}/control/{path}", json=body, timeout=10)
        assert answer.ok, answer.text
        return json.loads(answer.text, parse_float=Decimal) if answer.text else None

    # The pages

    def walk(self, authorization_url: str, user: User, *, decision: str = "grant") -> Return:
        """Sign in, give the access code, decide, and follow our callback to where it sends the browser."""
        callback = self.leave(authorization_url, user, decision=decision)
        return Return(callback, self.follow(callback))

    def leave(self, authorization_url: str, user: User, *, decision: str = "grant") -> str:
        """Walk through the pages up to the redirect to our callback, and don't follow it."""
        self._seen.add("state", *parse_qs(urlsplit(authorization_url).query).get("state", []))
        page = self._wire.get(authorization_url, timeout=10)
        page = self._send(page, user_id=user.user_id, password=user.password)
        page = self._send(page, access_code=user.access_code)
        callback = self._post(page, decision=decision).headers["Location"]
        self._seen.add("authorization code", *parse_qs(urlsplit(callback).query).get("code", []))
        return callback

    def follow(self, callback: str) -> str:
        """Go to our callback; where it sends the browser."""
        answer = self._wire.get(callback, allow_redirects=False, timeout=10)
        assert answer.status_code == 303, answer.text
        onward = answer.headers["Location"]
        self._seen.add("completion code", *parse_qs(urlsplit(onward).query).get("completion_code", []))
        return onward

    def _send(self, page: requests.Response, **form: str) -> requests.Response:
        answer = self._post(page, **form)
        assert answer.status_code == 303, answer.text
        return self._wire.get(urljoin(answer.url, answer.headers["Location"]), timeout=10)

    def _post(self, page: requests.Response, **form: str) -> requests.Response:
        parts = urlsplit(page.url)
        journey = parse_qs(parts.query)["journey"][0]
        address = parts._replace(query="").geturl()
        return self._wire.post(address, data={"journey": journey, **form}, allow_redirects=False, timeout=10)


def _user(told: dict[str, Any]) -> User:
    business_id = next((one["business_id"] for one in told["businesses"]), "")
    return User(told["user_id"], told["password"], told["access_code"], told["nino"], business_id)
