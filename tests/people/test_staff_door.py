"""The door to staff sign-in: what allauth leaves to chance is answered as everywhere else."""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client

from people.models import Session, User
from people.sessions import SessionStore
from tenants import clock
from tests.people.clients import PASSWORD, AppClient, StaffClient, said

pytestmark = pytest.mark.usefixtures("in_alpha")
PROBLEM = "application/problem+json"


@pytest.fixture
def new_address() -> str:
    return f"olive.new.{secrets.token_hex(4)}@alpha.example"


def ended_meanwhile(session: SessionStore, **_: Any) -> datetime:
    """When the session ends. On the way, another request signs it out."""
    Session.objects.all().delete()
    return clock.now() + timedelta(hours=1)


def code_in(mail: EmailMessage) -> str:
    return str(mail.body).split("asked for it:\n\n")[1].split()[0]


class TestABody:
    @pytest.mark.parametrize(
        "raw",
        [
            b"{",
            b"[]",
            b'"text"',
            b"null",
            b"\xff\xfe",
            b"[" * 100_000,
            b'{"email": "olive@alpha.example", "password": "\\ud800"}',
            b'{"email": ' + b"9" * 5000 + b"}",
        ],
        ids=["half", "list", "string", "null", "not utf-8", "too deep", "half a surrogate pair", "a number too long"],
    )
    def test_that_is_no_json_object_is_a_problem(self, client: StaffClient, raw: bytes) -> None:
        answer = client.call("POST", "auth/login", raw=raw)

        assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
        assert said(answer)["code"] == "request.malformed_json"

    def test_that_is_too_large_is_refused_unread(self, client: StaffClient) -> None:
        answer = client.call("POST", "auth/login", raw=b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))

        assert (answer.status_code, answer["Content-Type"], said(answer)["code"]) == (413, PROBLEM, "request.too_large")

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"email": 5, "password": True},
            {"email": ["a"], "password": {"b": 1}},
            {"email": None, "password": None},
            {"email": "a\0b@alpha.example", "password": "\0"},
            {"email": "x" * 10_000, "password": "x" * 10_000},
            {"email": "a@alpha.example", "password": "x", "surprise": 1},
        ],
    )
    def test_of_wrong_types_is_allauth_s_400(self, client: StaffClient, body: dict[str, Any]) -> None:
        answer = client.call("POST", "auth/login", body)

        assert (answer.status_code, answer["Content-Type"]) == (400, "application/json")
        assert said(answer)["errors"]


class TestAnAddress:
    def test_that_is_no_agency_s_is_unknown(self) -> None:
        elsewhere = Client(HTTP_HOST="nobody.localhost")

        answers = [
            elsewhere.get("/_allauth/app/v1/config"),
            elsewhere.post("/_allauth/app/v1/auth/login", b"{", "application/json"),
        ]

        assert [(answer.status_code, said(answer)["code"]) for answer in answers] == [(404, "agency.unknown_host")] * 2

    def test_elsewhere_is_none_of_the_door_s_business(self) -> None:
        answer = Client(HTTP_HOST="nobody.localhost").post("/no-such-page", b"{", "application/json")

        assert (answer.status_code, said(answer)["code"]) == (404, "not_found")

    def test_that_does_not_exist_is_a_problem(self, client: StaffClient) -> None:
        answer = client.call("GET", "auth/no-such-thing")

        assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)

    def test_without_that_method_says_which_it_has(self, client: StaffClient) -> None:
        answer = client.call("PUT", "auth/login", {"email": "a@alpha.example", "password": "x"})

        assert (answer.status_code, said(answer)["code"]) == (405, "request.method_not_allowed")
        assert answer["Allow"] == "POST, OPTIONS"

    def test_without_that_method_does_not_look_at_the_password(self, client: StaffClient, olive: User) -> None:
        right = client.call("PUT", "auth/login", {"email": olive.email, "password": PASSWORD})
        wrong = client.call("PUT", "auth/login", {"email": olive.email, "password": "not the password"})

        assert (right.status_code, wrong.status_code) == (405, 405)


class TestEveryAnswer:
    def test_is_never_cached(self, client: StaffClient) -> None:
        answers = [
            client.call("GET", "config"),
            client.call("GET", "auth/session"),
            client.call("POST", "auth/login", raw=b"{"),
            client.call("GET", "auth/no-such-thing"),
            client.call("DELETE", "config"),
        ]

        assert ["no-store" in answer["Cache-Control"] for answer in answers] == [True] * 5

    def test_carries_a_request_id(self, client: StaffClient) -> None:
        answers = [client.call("GET", "config"), client.call("POST", "auth/login", raw=b"{")]

        assert all(answer["X-Request-Id"] for answer in answers)


class TestASession:
    def test_that_another_request_ended_meanwhile_is_gone(
        self, client: StaffClient, olive: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client.sign_in(olive.email)
        monkeypatch.setattr(SessionStore, "get_expiry_date", ended_meanwhile)

        answer = client.reauthenticate()

        assert answer.status_code == 410
        assert said(answer) == {"status": 410, "data": {}, "meta": {"is_authenticated": False}}


class TestALog:
    def test_holds_no_password_no_token_and_no_code(
        self, app: AppClient, olive: User, capfd: pytest.CaptureFixture[str]
    ) -> None:
        app.sign_in(olive.email, "a password that is wrong")
        app.sign_in(olive.email)
        app.call("GET", "auth/session")

        printed = "".join(capfd.readouterr())

        assert "http.answered" in printed
        assert [secret for secret in (app.token, "a password that is wrong", "seven green") if secret in printed] == []


class TestAChangeOfAddress:
    def test_takes_effect_with_the_code_mailed_to_the_new_address(
        self, client: StaffClient, olive: User, new_address: str, mailoutbox: list[EmailMessage]
    ) -> None:
        client.sign_in(olive.email)
        client.reauthenticate()
        mailoutbox.clear()

        client.call("POST", "account/email", {"email": new_address})
        olive.refresh_from_db()
        waiting = olive.email
        code = code_in(mailoutbox[0])
        client.call("POST", "auth/email/verify", {"key": code})

        olive.refresh_from_db()
        assert (waiting != olive.email, olive.email) == (True, new_address)
        assert mailoutbox[0].to == [new_address]

    def test_asks_for_the_password_again_first(self, client: StaffClient, olive: User, new_address: str) -> None:
        client.sign_in(olive.email)

        answer = client.call("POST", "account/email", {"email": new_address})

        assert answer.status_code == 401

    def test_keeps_its_code_sealed(
        self, client: StaffClient, olive: User, new_address: str, mailoutbox: list[EmailMessage]
    ) -> None:
        client.sign_in(olive.email)
        client.reauthenticate()
        mailoutbox.clear()

        client.call("POST", "account/email", {"email": new_address})

        code = code_in(mailoutbox[0])
        raw = b"".join(bytes(row.data) for row in Session.objects.all())
        assert code.encode() not in raw
        assert json.dumps(code).encode() not in raw
