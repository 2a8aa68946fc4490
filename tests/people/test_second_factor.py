"""An authenticator app as the second factor, and the codes for the day the telephone is lost."""

import base64
import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import connection

from events.models import AuditEvent
from people.adapters import MFAAdapter
from people.models import User
from tenants.context import tenant
from tenants.errors import SealBroken
from tenants.models import Agency
from tests.people.clients import PASSWORD, AppClient, StaffClient, pending, said, totp

pytestmark = pytest.mark.usefixtures("in_alpha")


def set_up(client: StaffClient, user: User) -> str:
    """Sign in and set up an authenticator app; the secret it was given."""
    client.sign_in(user.email)
    client.reauthenticate()
    secret: str = said(client.call("GET", "account/authenticators/totp"))["meta"]["secret"]
    assert client.call("POST", "account/authenticators/totp", {"code": totp(secret)}).status_code == 200
    return secret


def recovery_codes(client: StaffClient) -> list[str]:
    codes: list[str] = said(client.call("GET", "account/authenticators/recovery-codes"))["data"]["unused_codes"]
    return codes


def everything_stored() -> bytes:
    """Every byte of the agency's tables of sessions and authenticators, and of the cache that both agencies share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest, data FROM people_session")
        sessions = b"".join(bytes(part) for row in cursor.fetchall() for part in row)
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        factors = "".join(row[0] for row in cursor.fetchall()).encode()
    redis = cache._cache.get_client()  # type: ignore[attr-defined]
    cached = b"".join(key + (redis.get(key) or b"") for key in redis.scan_iter() if redis.type(key) == b"string")
    return sessions + factors + cached


def traces(secret: str) -> list[bytes]:
    """How a secret might lie about: as it is, in base64 at any offset, and as the bytes it stands for."""
    shifted = [base64.b64encode(b" " * shift + secret.encode())[4:-4] for shift in range(3)]
    return [secret.encode(), *shifted, secret.encode().hex().encode()]


class TestSettingUp:
    def test_asks_for_the_password_again_first(self, client: StaffClient, olive: User) -> None:
        client.sign_in(olive.email)
        secret = said(client.call("GET", "account/authenticators/totp"))["meta"]["secret"]

        answer = client.call("POST", "account/authenticators/totp", {"code": totp(secret)})

        assert answer.status_code == 401
        assert not Authenticator.objects.exists()

    def test_shows_the_agency_as_issuer(self, client: StaffClient, olive: User, alpha: Agency) -> None:
        client.sign_in(olive.email)

        answer = client.call("GET", "account/authenticators/totp")

        assert f"issuer={alpha.name.replace(' ', '%20')}" in said(answer)["meta"]["totp_url"]

    def test_is_refused_with_a_wrong_code(self, client: StaffClient, olive: User) -> None:
        client.sign_in(olive.email)
        client.reauthenticate()
        secret = said(client.call("GET", "account/authenticators/totp"))["meta"]["secret"]

        answer = client.call("POST", "account/authenticators/totp", {"code": totp(secret, at=0)})

        assert (answer.status_code, said(answer)["errors"][0]["code"]) == (400, "incorrect_code")

    def test_is_told_to_the_person_by_mail(
        self, client: StaffClient, olive: User, mailoutbox: list[EmailMessage], alpha: Agency
    ) -> None:
        mailoutbox.clear()

        set_up(client, olive)

        assert [mail.subject for mail in mailoutbox] == [f"[{alpha.name}] Authenticator App Activated"]
        assert mailoutbox[0].to == [olive.email]


class TestSigningIn:
    def test_needs_the_code(self, client: StaffClient, app: AppClient, olive: User) -> None:
        secret = set_up(client, olive)

        password = app.sign_in(olive.email)
        code = app.call("POST", "auth/2fa/authenticate", {"code": totp(secret)})

        assert (password.status_code, pending(password)) == (401, ["mfa_authenticate"])
        assert code.status_code == 200
        assert app.is_signed_in()

    def test_is_not_done_with_the_password_alone(self, client: StaffClient, app: AppClient, olive: User) -> None:
        set_up(client, olive)

        app.sign_in(olive.email)

        assert not app.is_signed_in()
        assert app.call("GET", "account/authenticators").status_code == 401

    def test_refuses_a_wrong_code(self, client: StaffClient, app: AppClient, olive: User) -> None:
        secret = set_up(client, olive)
        app.sign_in(olive.email)

        answer = app.call("POST", "auth/2fa/authenticate", {"code": totp(secret, at=0)})

        assert (answer.status_code, said(answer)["errors"][0]["code"]) == (400, "incorrect_code")
        assert not app.is_signed_in()

    def test_takes_a_code_once(self, client: StaffClient, app: AppClient, olive: User, alpha: Agency) -> None:
        secret = set_up(client, olive)
        app.sign_in(olive.email)
        app.call("POST", "auth/2fa/authenticate", {"code": totp(secret)})
        looking_on = AppClient(alpha, "alpha.localhost")
        looking_on.sign_in(olive.email)

        answer = looking_on.call("POST", "auth/2fa/authenticate", {"code": totp(secret)})

        assert (answer.status_code, looking_on.is_signed_in()) == (400, False)

    def test_takes_a_recovery_code_once(self, client: StaffClient, app: AppClient, olive: User, alpha: Agency) -> None:
        set_up(client, olive)
        code = recovery_codes(client)[0]
        app.sign_in(olive.email)
        looking_on = AppClient(alpha, "alpha.localhost")
        looking_on.sign_in(olive.email)

        first = app.call("POST", "auth/2fa/authenticate", {"code": code})
        second = looking_on.call("POST", "auth/2fa/authenticate", {"code": code})

        assert (first.status_code, second.status_code) == (200, 400)

    def test_keeps_its_half_way_session_at_its_own_agency(
        self, client: StaffClient, app: AppClient, app_at_beta: AppClient, olive: User
    ) -> None:
        secret = set_up(client, olive)
        app.sign_in(olive.email)
        app_at_beta.token = app.token

        answer = app_at_beta.call("POST", "auth/2fa/authenticate", {"code": totp(secret)})

        assert answer.status_code == 410


class TestTheAuditTrail:
    def test_tells_of_an_app_that_is_added_and_removed(self, app: AppClient, olive: User) -> None:
        set_up(app, olive)

        app.call("DELETE", "account/authenticators/totp")

        acts = [row.action for row in AuditEvent.objects.filter(subject_id=olive.pk).order_by("id")]
        assert acts == ["staff.factor_added", "staff.factor_removed"]


class TestWhatIsStored:
    def test_holds_neither_secret_nor_session_key_while_it_is_set_up(self, client: StaffClient, olive: User) -> None:
        client.sign_in(olive.email)
        client.reauthenticate()
        secret = said(client.call("GET", "account/authenticators/totp"))["meta"]["secret"]

        stored = everything_stored()

        key = getattr(client, "token", "") or client.wire.cookies["quarterday_session"].value
        assert [trace for trace in [*traces(secret), *traces(key)] if trace in stored] == []
        assert len(stored) > len(secret)

    def test_holds_neither_secret_nor_recovery_code_afterwards(
        self, client: StaffClient, app: AppClient, olive: User
    ) -> None:
        secret = set_up(client, olive)
        codes = recovery_codes(client)
        app.sign_in(olive.email)
        app.call("POST", "auth/2fa/authenticate", {"code": totp(secret)})

        stored = everything_stored()

        assert [trace for trace in [*traces(secret), *traces(PASSWORD)] if trace in stored] == []
        assert [code for code in codes if code.encode() in stored] == []
        assert Authenticator.objects.count() == 2

    def test_would_be_seen_if_it_were_there(
        self, client: StaffClient, olive: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(MFAAdapter, "encrypt", lambda _, text: text)
        monkeypatch.setattr(MFAAdapter, "decrypt", lambda _, text: text)

        secret = set_up(client, olive)

        assert secret.encode() in everything_stored()


class TestTheSeal:
    def test_opens_what_it_closed(self) -> None:
        sealed = MFAAdapter().encrypt("GEZDGNBVGY3TQOJQ")

        assert MFAAdapter().decrypt(sealed) == "GEZDGNBVGY3TQOJQ"
        assert json.loads(json.dumps(sealed)) == sealed

    def test_does_not_open_at_another_agency(self, beta: Agency) -> None:
        sealed = MFAAdapter().encrypt("GEZDGNBVGY3TQOJQ")

        with tenant(beta), pytest.raises(SealBroken):
            MFAAdapter().decrypt(sealed)

    def test_that_was_altered_answers_with_a_problem_and_lets_nobody_in(
        self, client: StaffClient, app: AppClient, olive: User
    ) -> None:
        secret = set_up(client, olive)
        stored = Authenticator.objects.get(type="totp")
        stored.data["secret"] = base64.b64encode(base64.b64decode(stored.data["secret"])[:-1]).decode()
        stored.save()
        app.sign_in(olive.email)

        answer = app.call("POST", "auth/2fa/authenticate", {"code": totp(secret)})

        assert (answer.status_code, said(answer)["code"]) == (500, "vault.seal_broken")
        assert not app.is_signed_in()
