"""Forgotten passwords: the whole way, from the question to the new password, by mail."""

import re
import smtplib
from typing import Any

import pytest
from django.core.mail import EmailMessage

from people.models import User
from tenants.models import Agency
from tests.people.clients import NEW_PASSWORD, PASSWORD, AppClient, StaffClient, said

pytestmark = pytest.mark.usefixtures("in_alpha")


def ask(client: StaffClient, email: str) -> int:
    return client.call("POST", "auth/password/request", {"email": email}).status_code


def key_in(mail: EmailMessage) -> str:
    found = re.search(r"/staff/password/reset/(\S+)", str(mail.body))
    assert found is not None
    return found[1]


@pytest.fixture(autouse=True)
def _front_end(in_alpha: Agency, alpha: Agency) -> None:
    Agency.objects.filter(pk=alpha.pk).update(front_end_url="https://lets.alpha.example/")


@pytest.fixture
def mails(olive: User, mailoutbox: list[EmailMessage]) -> list[EmailMessage]:
    """What is mailed from here on."""
    mailoutbox.clear()
    return mailoutbox


class TestTheMail:
    def test_links_to_the_agency_s_own_front_end_and_names_the_agency(
        self, client: StaffClient, olive: User, alpha: Agency, mails: list[EmailMessage]
    ) -> None:
        status = ask(client, olive.email)

        assert status == 200
        assert (mails[0].subject, mails[0].to) == (f"[{alpha.name}] Choose a new password", [olive.email])
        assert "https://lets.alpha.example/staff/password/reset/" in mails[0].body
        assert alpha.name in mails[0].body

    def test_links_to_the_public_address_where_the_agency_has_no_front_end(
        self, client: StaffClient, olive: User, alpha: Agency, mails: list[EmailMessage], settings: Any
    ) -> None:
        Agency.objects.filter(pk=alpha.pk).update(front_end_url="")
        settings.PUBLIC_URL = "https://connect.example"

        ask(client, olive.email)

        assert "https://connect.example/staff/password/reset/" in mails[0].body

    def test_is_not_sent_to_a_stranger_and_the_answer_is_the_same(
        self, client: StaffClient, olive: User, mails: list[EmailMessage]
    ) -> None:
        known = client.call("POST", "auth/password/request", {"email": olive.email})
        unknown = client.call("POST", "auth/password/request", {"email": "eve@elsewhere.example"})

        assert (known.status_code, said(known)) == (unknown.status_code, said(unknown))
        assert [mail.to for mail in mails] == [[olive.email]]

    def test_that_cannot_be_sent_does_not_tell_that_the_address_is_known(
        self, client: StaffClient, olive: User, mails: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_: EmailMessage) -> int:
            raise smtplib.SMTPServerDisconnected

        monkeypatch.setattr(EmailMessage, "send", refuse)

        assert ask(client, olive.email) == ask(client, "eve@elsewhere.example") == 200


class TestTheLink:
    def test_lets_the_person_choose_a_new_password_and_sign_in_with_it(
        self, client: StaffClient, olive: User, mails: list[EmailMessage]
    ) -> None:
        ask(client, olive.email)

        reset = client.call("POST", "auth/password/reset", {"key": key_in(mails[0]), "password": NEW_PASSWORD})

        assert reset.status_code == 401  # chosen, not signed in
        assert client.sign_in(olive.email).status_code == 400
        assert client.sign_in(olive.email, NEW_PASSWORD).status_code == 200

    def test_works_once(self, client: StaffClient, olive: User, mails: list[EmailMessage]) -> None:
        ask(client, olive.email)
        key = key_in(mails[0])
        client.call("POST", "auth/password/reset", {"key": key, "password": NEW_PASSWORD})

        again = client.call("POST", "auth/password/reset", {"key": key, "password": "nine red ladders"})

        assert (again.status_code, said(again)["errors"][0]["code"]) == (400, "invalid_password_reset")

    def test_ends_the_sessions_that_were_open(
        self, client: StaffClient, app: AppClient, olive: User, mails: list[EmailMessage]
    ) -> None:
        app.sign_in(olive.email)
        ask(client, olive.email)

        client.call("POST", "auth/password/reset", {"key": key_in(mails[0]), "password": NEW_PASSWORD})

        assert not app.is_signed_in()

    def test_is_followed_by_a_mail_that_says_so(
        self, client: StaffClient, olive: User, mails: list[EmailMessage]
    ) -> None:
        ask(client, olive.email)

        client.call("POST", "auth/password/reset", {"key": key_in(mails[0]), "password": NEW_PASSWORD})

        assert "password has been reset" in mails[1].body

    def test_is_nothing_at_another_agency(
        self, client: StaffClient, app_at_beta: AppClient, olive: User, mails: list[EmailMessage]
    ) -> None:
        ask(client, olive.email)

        answer = app_at_beta.call("POST", "auth/password/reset", {"key": key_in(mails[0]), "password": NEW_PASSWORD})

        assert answer.status_code == 400
        assert client.sign_in(olive.email, PASSWORD).status_code == 200

    @pytest.mark.parametrize("key", ["", "x", "x-y", "-", "00000000000000000000000000000000-abc-def", "a" * 5000])
    def test_that_is_made_up_is_refused(self, app: AppClient, key: str) -> None:
        answer = app.call("POST", "auth/password/reset", {"key": key, "password": NEW_PASSWORD})

        assert answer.status_code == 400

    @pytest.mark.parametrize("weak", ["short", "password1234", "123456789012"])
    def test_does_not_take_a_weak_password(
        self, app: AppClient, olive: User, mails: list[EmailMessage], weak: str
    ) -> None:
        ask(app, olive.email)

        answer = app.call("POST", "auth/password/reset", {"key": key_in(mails[0]), "password": weak})

        assert answer.status_code == 400
        assert app.sign_in(olive.email).status_code == 200
