"""An application and a user, as the stand-in meets them: what the tests drive it with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from flask import Flask
from werkzeug.test import TestResponse

CLIENT_ID = "quarterday-tests"
SECRETS = ("newest-secret", "older-secret")
REDIRECT_URI = "http://localhost:8000/hmrc/callback"
SCOPES = "read:self-assessment write:self-assessment"
VERIFIER = "a-verifier-of-forty-three-characters-or-more"
HARRIET = "AA000001A"
IDRIS = "AA000002A"
BEATRIX = "AA000006A"
NOT_ENROLLED = "AA000007A"
NO_BUSINESS = "AA000008A"
HER_BUSINESS = "XPIS10000000001"
FOUR_HOURS = 4 * 3600
A_DAY = 86_400

PKCE = {"code_challenge": create_s256_code_challenge(VERIFIER), "code_challenge_method": "S256"}


@dataclass
class Hmrc:
    """The stand-in's application, with the gestures of a user and of a client."""

    app: Flask

    def __post_init__(self) -> None:
        self.http = self.app.test_client()

    # The control API

    def control(self, path: str, body: object = None, method: str = "POST") -> Any:
        return self.http.open(f"/control/{path}", method=method, json=body).get_json(silent=True)

    def show(self, path: str) -> Any:
        return self.http.get(f"/control/{path}").get_json()

    def user(self, nino: str = HARRIET) -> dict[str, Any]:
        return next(user for user in self.show("users")["users"] if user["nino"] == nino)

    def pass_time(self, seconds: float) -> None:
        self.control("clock", {"advance_seconds": seconds})

    def is_today(self, day: str) -> None:
        """Move the clock to noon of that day."""
        noon = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC).timestamp()
        self.control("clock", {"offset_seconds": noon - time()})

    # The user

    def authorize(self, **changes: str | None) -> TestResponse:
        wish = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "scope": SCOPES,
            "redirect_uri": REDIRECT_URI,
            "state": "a state/with &=",
        }
        query = {name: value for name, value in (wish | changes).items() if value is not None}
        return self.http.get(f"/oauth/authorize?{urlencode(query)}")

    def journey(self, **changes: str | None) -> str:
        return parse(self.authorize(**changes))["journey"]

    def post(self, path: str, **form: str) -> TestResponse:
        return self.http.post(path, data=form)

    def sign_in(self, journey: str, nino: str = HARRIET) -> TestResponse:
        user = self.user(nino)
        return self.post("/sign-in", journey=journey, user_id=user["user_id"], password=user["password"])

    def give_code(self, journey: str, nino: str = HARRIET) -> TestResponse:
        return self.post("/sign-in/code", journey=journey, access_code=self.user(nino)["access_code"])

    def decide(self, decision: str, nino: str = HARRIET, **changes: str | None) -> dict[str, str]:
        """Walk through all pages and return what came back with the redirect."""
        journey = self.journey(**changes)
        self.sign_in(journey, nino)
        self.give_code(journey, nino)
        return parse(self.post("/oauth/consent", journey=journey, decision=decision))

    def code(self, nino: str = HARRIET, **changes: str | None) -> str:
        return self.decide("grant", nino, **changes)["code"]

    # The application

    def token(self, grant_type: str | None, **fields: str | None) -> TestResponse:
        form = {"grant_type": grant_type, "client_id": CLIENT_ID, "client_secret": SECRETS[0]} | fields
        return self.http.post("/oauth/token", data={name: value for name, value in form.items() if value is not None})

    def exchange(self, code: str, /, **fields: str | None) -> TestResponse:
        return self.token("authorization_code", **{"code": code, "redirect_uri": REDIRECT_URI} | fields)

    def refresh(self, refresh_token: str) -> TestResponse:
        return self.token("refresh_token", refresh_token=refresh_token)

    def connect(self, nino: str = HARRIET, **changes: str | None) -> dict[str, Any]:
        return body(self.exchange(self.code(nino, **changes)))

    def call(
        self, method: str, path: str, *, token: str = "", version: str = "2.0", send: object = None, **headers: str
    ) -> TestResponse:
        sent = {"Accept": f"application/vnd.hmrc.{version}+json"} | {k.replace("_", "-"): v for k, v in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if send is not None:
            sent.setdefault("Content-Type", "application/json")
        data = send if isinstance(send, bytes | str | None) else json.dumps(send)
        return self.http.open(path, method=method, headers=sent, data=data)

    def businesses(self, token: str, nino: str = HARRIET, **headers: str) -> TestResponse:
        return self.call("GET", f"/individuals/business/details/{nino}/list", token=token, **headers)

    def obligations(self, token: str, nino: str = HARRIET, **query: str) -> TestResponse:
        path = f"/obligations/details/{nino}/income-and-expenditure?{urlencode(query)}"
        return self.call("GET", path, token=token, version="3.0")

    def cumulative(self, method: str, token: str, send: object = None, **place: str) -> TestResponse:
        at = {"nino": HARRIET, "business_id": HER_BUSINESS, "year": "2026-27"} | place
        path = f"/individuals/business/property/uk/{at['nino']}/{at['business_id']}/cumulative/{at['year']}"
        return self.call(method, path, token=token, version="6.0", send=send)


def parse(response: TestResponse) -> dict[str, str]:
    """Return the query of a redirect."""
    query = parse_qs(urlsplit(response.headers["Location"]).query, keep_blank_values=True)
    return {name: values[0] for name, values in query.items()}


def body(response: TestResponse) -> dict[str, Any]:
    found = response.get_json()
    assert isinstance(found, dict)
    return found


def update(to_date: str = "2026-10-05", **figures: object) -> dict[str, Any]:
    """A cumulative update of 2026-27, up to that day."""
    income: Mapping[str, object] = figures or {"periodAmount": 4321.09}
    return {"fromDate": "2026-04-06", "toDate": to_date, "ukProperty": {"income": income}}
