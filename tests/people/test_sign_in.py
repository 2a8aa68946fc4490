"""Signing in, by a browser and by an app."""

import pytest

from people import staff
from people.models import Session, User
from people.principal import SYSTEM
from tenants.context import tenant
from tenants.models import Agency
from tests.people.clients import PASSWORD, AppClient, BrowserClient, StaffClient, flows, said
from tests.people.conftest import principal

pytestmark = pytest.mark.usefixtures("in_alpha")


class TestABrowser:
    def test_signs_in_with_cookies_and_the_csrf_header(self, browser: BrowserClient, olive: User) -> None:
        browser.open_page()

        answer = browser.sign_in(olive.email)

        assert answer.status_code == 200
        assert said(answer)["data"]["user"]["email"] == olive.email
        assert browser.is_signed_in()

    def test_gets_a_cookie_that_scripts_cannot_read(self, browser: BrowserClient, olive: User) -> None:
        browser.open_page()

        browser.sign_in(olive.email)

        cookie = browser.wire.cookies["quarterday_session"]
        assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")

    def test_is_refused_without_the_csrf_header(self, browser: BrowserClient, olive: User) -> None:
        answer = browser.sign_in(olive.email)

        assert (answer.status_code, said(answer)["code"]) == (403, "auth.csrf_failed")
        assert not Session.objects.exists()

    def test_signs_out(self, browser: BrowserClient, olive: User) -> None:
        browser.open_page()
        browser.sign_in(olive.email)

        answer = browser.call("DELETE", "auth/session")

        assert answer.status_code == 401
        assert not browser.is_signed_in()
        assert not Session.objects.filter(user_id=olive.pk).exists()


class TestAnApp:
    def test_signs_in_and_goes_on_with_its_session_token(self, app: AppClient, olive: User) -> None:
        answer = app.sign_in(olive.email)

        assert answer.status_code == 200
        assert said(answer)["meta"]["session_token"] == app.token
        assert "quarterday_session" not in answer.cookies
        assert app.is_signed_in()

    def test_is_told_that_an_unknown_token_is_gone(self, app: AppClient) -> None:
        app.token = "0" * 32

        answer = app.call("GET", "auth/session")

        assert answer.status_code == 410

    def test_signs_out(self, app: AppClient, olive: User) -> None:
        app.sign_in(olive.email)
        token = app.token

        app.call("DELETE", "auth/session")

        app.token = token
        assert app.call("GET", "auth/session").status_code == 410


class TestEitherClient:
    def test_is_refused_with_a_wrong_password_in_words_that_do_not_say_which_half_was_wrong(
        self, client: StaffClient, olive: User
    ) -> None:
        wrong_password = client.sign_in(olive.email, "not the password")
        wrong_address = client.sign_in(f"not.{olive.email}", PASSWORD)

        assert (wrong_password.status_code, wrong_address.status_code) == (400, 400)
        assert said(wrong_password) == said(wrong_address)
        assert said(wrong_password)["errors"][0]["code"] == "email_password_mismatch"

    def test_writes_the_address_as_it_likes(self, client: StaffClient, olive: User) -> None:
        answer = client.sign_in(olive.email.upper())

        assert answer.status_code == 200

    def test_can_change_the_password_and_stays_signed_in_alone(
        self, client: StaffClient, app: AppClient, olive: User
    ) -> None:
        app.sign_in(olive.email)
        client.sign_in(olive.email)

        changed = client.call(
            "POST", "account/password/change", {"current_password": PASSWORD, "new_password": "nine red ladders"}
        )

        assert changed.status_code == 200
        assert client.is_signed_in()
        assert not app.is_signed_in()

    def test_is_refused_once_the_person_was_let_go(self, client: StaffClient, mo: User, olive: User) -> None:
        staff.deactivate(user_id=mo.pk, by=principal(olive))

        answer = client.sign_in(mo.email)

        assert answer.status_code == 401
        assert not client.is_signed_in()

    def test_must_wait_after_five_wrong_passwords_for_one_address(self, client: StaffClient, olive: User) -> None:
        tries = [said(client.sign_in(olive.email, "not the password"))["errors"][0]["code"] for _ in range(6)]

        right = client.sign_in(olive.email)

        assert tries == ["email_password_mismatch"] * 5 + ["too_many_login_attempts"]
        assert right.status_code == 400

    def test_is_not_held_up_by_wrong_passwords_at_another_agency(
        self, client: StaffClient, app_at_beta: AppClient, olive: User
    ) -> None:
        for _ in range(6):
            app_at_beta.sign_in(olive.email, "not the password")

        answer = client.sign_in(olive.email)

        assert answer.status_code == 200


class TestSignUp:
    def test_is_closed_and_makes_nobody(self, client: StaffClient) -> None:
        answer = client.call("POST", "auth/signup", {"email": "eve@elsewhere.example", "password": PASSWORD})

        assert answer.status_code == 403
        assert not User.objects.filter(email="eve@elsewhere.example").exists()

    def test_does_not_tell_who_is_on_the_staff(self, client: StaffClient, olive: User) -> None:
        known = client.call("POST", "auth/signup", {"email": olive.email, "password": PASSWORD})
        unknown = client.call("POST", "auth/signup", {"email": "eve@elsewhere.example", "password": PASSWORD})

        assert said(known) == said(unknown)

    def test_is_not_offered(self, client: StaffClient) -> None:
        answer = client.call("GET", "auth/session")

        assert flows(answer) == {"login", "mfa_login_webauthn"}


class TestTwoAgencies:
    def test_do_not_share_staff(self, app_at_beta: AppClient, olive: User) -> None:
        answer = app_at_beta.sign_in(olive.email)

        assert answer.status_code == 400

    def test_do_not_share_the_sessions_of_apps(self, app: AppClient, app_at_beta: AppClient, olive: User) -> None:
        app.sign_in(olive.email)

        app_at_beta.token = app.token

        assert app_at_beta.call("GET", "auth/session").status_code == 410
        assert app_at_beta.call("GET", "account/authenticators").status_code == 410
        assert app.is_signed_in()

    def test_do_not_share_the_sessions_of_browsers(
        self, browser: BrowserClient, browser_at_beta: BrowserClient, olive: User
    ) -> None:
        browser.open_page()
        browser.sign_in(olive.email)

        browser_at_beta.wire.cookies["quarterday_session"] = browser.wire.cookies["quarterday_session"].value

        assert not browser_at_beta.is_signed_in()
        assert browser.is_signed_in()

    def test_may_have_the_same_person_with_two_passwords(
        self, app: AppClient, app_at_beta: AppClient, olive: User, beta: Agency
    ) -> None:
        with tenant(beta):
            there = staff.invite_staff(email=olive.email, role="member", invited_by=SYSTEM, now=olive.created_at)
            staff.set_password(user_id=there.pk, password="nine red ladders")

        assert app.sign_in(olive.email).status_code == 200
        assert app_at_beta.sign_in(olive.email).status_code == 400
        assert app_at_beta.sign_in(olive.email, "nine red ladders").status_code == 200
