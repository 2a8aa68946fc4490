"""Signing in by passkey: after the password or alone, at one's own agency, from its pages, never twice."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings

from people import staff
from people.factors import second_factors
from people.models import Session, User
from people.principal import SYSTEM
from tenants import clock
from tenants.context import public
from tenants.models import Agency
from tenants.models.agency import AgencyStatus
from tests.people.clients import AppClient, StaffClient, pending, said, totp
from tests.people.conftest import Hire
from tests.people.passkeys import AGAIN, ALONE, FLAG, SECOND, Passkey, add_passkey, creation, request
from tests.people.test_passkeys import FORGED, faults
from tests.people.test_second_factor import recovery_codes, set_up

pytestmark = pytest.mark.usefixtures("in_alpha")
FRONT_END = "https://staff.lettings.example"


@pytest.fixture
def passkey(alpha: Agency, olive: User) -> Passkey:
    """Olive's, made at the agency's own host."""
    made = Passkey()
    add_passkey(AppClient(alpha, "alpha.localhost"), olive, made)
    return made


def fresh(app: AppClient) -> AppClient:
    """Somebody at the same agency who has no session yet."""
    return AppClient(app.agency, "alpha.localhost")


def sign_in(client: StaffClient, passkey: Passkey, **hostile: Any) -> Any:
    """By the passkey alone."""
    return client.call("POST", ALONE, {"credential": passkey.signed(request(client), **hostile)})


class TestAfterThePassword:
    def test_it_is_asked_for_and_opens(self, client: StaffClient, passkey: Passkey, olive: User) -> None:
        password = client.sign_in(olive.email)
        answer = client.call("POST", SECOND, {"credential": passkey.signed(request(client, SECOND))})

        assert (password.status_code, pending(password)) == (401, ["mfa_authenticate"])
        assert (answer.status_code, client.is_signed_in()) == (200, True)

    def test_the_password_alone_does_not_open(self, client: StaffClient, passkey: Passkey, olive: User) -> None:
        assert passkey.rp
        client.sign_in(olive.email)

        assert not client.is_signed_in()

    @pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
    def test_nothing_forged_opens(self, app: AppClient, passkey: Passkey, olive: User, forged: dict[str, Any]) -> None:
        app.sign_in(olive.email)

        answer = app.call("POST", SECOND, {"credential": passkey.signed(request(app, SECOND), **forged)})

        assert faults(answer) == (400, ["incorrect_code"])
        assert not app.is_signed_in()

    def test_somebody_else_s_does_not_open(self, app: AppClient, passkey: Passkey, alpha: Agency, mo: User) -> None:
        add_passkey(AppClient(alpha, "alpha.localhost"), mo, Passkey())
        app.sign_in(mo.email)

        answer = app.call("POST", SECOND, {"credential": passkey.signed(request(app, SECOND))})

        assert faults(answer) == (400, ["incorrect_code"])

    def test_a_recovery_code_or_an_authenticator_app_serves_as_well(
        self, app: AppClient, alpha: Agency, mo: User
    ) -> None:
        secret = set_up(app, mo)
        add_passkey_to(app, Passkey())
        codes = [recovery_codes(app)[0], totp(secret)]

        for code in codes:
            other = fresh(app)
            other.sign_in(mo.email)
            assert other.call("POST", "auth/2fa/authenticate", {"code": code}).status_code == 200

    def test_wrong_ones_are_counted_as_wrong_codes_are(self, app: AppClient, passkey: Passkey, olive: User) -> None:
        app.sign_in(olive.email)

        answers = [
            app.call("POST", SECOND, {"credential": passkey.signed(request(app, SECOND), rp="other.example")})
            for _ in range(11)
        ]

        assert faults(answers[0]) == (400, ["incorrect_code"])
        assert faults(answers[-1]) == (400, ["too_many_login_attempts"])

    def test_who_was_let_go_since_the_password_stays_out(self, client: StaffClient, alpha: Agency, hire: Hire) -> None:
        nell, passkey = hire("member", "nell"), Passkey()
        add_passkey(AppClient(alpha, "alpha.localhost"), nell, passkey)
        client.sign_in(nell.email)
        options = request(client, SECOND)
        staff.deactivate(user_id=nell.pk, by=SYSTEM)

        answer = client.call("POST", SECOND, {"credential": passkey.signed(options)})

        assert answer.status_code == 401
        assert pending(answer) == []
        assert not Session.objects.filter(user_id=nell.pk).exists()


def add_passkey_to(client: StaffClient, passkey: Passkey) -> None:
    answer = client.call("POST", "account/authenticators/webauthn", {"credential": passkey.made(creation(client))})
    assert answer.status_code == 200


class TestAlone:
    def test_it_opens(self, client: StaffClient, passkey: Passkey) -> None:
        assert sign_in(client, passkey).status_code == 200
        assert client.is_signed_in()

    def test_it_asks_for_no_name_and_tells_none(self, app: AppClient, passkey: Passkey) -> None:
        assert passkey.rp
        asked = request(app)["publicKey"]

        assert (asked["rpId"], asked["userVerification"]) == ("alpha.localhost", "required")
        assert not asked.get("allowCredentials")

    @pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
    def test_nothing_forged_opens(self, app: AppClient, passkey: Passkey, forged: dict[str, Any]) -> None:
        assert faults(sign_in(app, passkey, **forged)) == (400, ["incorrect_code"])
        assert not app.is_signed_in()

    def test_a_key_that_was_found_does_not_open_by_the_challenge_of_a_second_factor(
        self, app: AppClient, passkey: Passkey, alpha: Agency, mo: User
    ) -> None:
        add_passkey(AppClient(alpha, "alpha.localhost"), mo, Passkey())
        app.sign_in(mo.email)
        options = request(app, SECOND)

        answer = app.call("POST", ALONE, {"credential": passkey.signed(options, flags=FLAG.UP)})

        assert faults(answer) == (400, ["incorrect_code"])

    @pytest.mark.parametrize("handle", ["", "AA", "x", None, "MDE4OTAwMDAwMDAwNzAwMDgwMDAwMDAwMDAwMDAwMDA"])
    def test_nobody_is_nobody_and_spends_the_challenge_all_the_same(
        self, app: AppClient, passkey: Passkey, handle: str | None
    ) -> None:
        options = request(app)

        answers = [
            app.call("POST", ALONE, {"credential": passkey.signed(options, user=whom)})
            for whom in (handle, passkey.user)
        ]

        assert not app.is_signed_in()
        assert [faults(each) for each in answers] == [(400, ["incorrect_code"])] * 2

    def test_an_answer_opens_once(self, app: AppClient, passkey: Passkey) -> None:
        answer = passkey.signed(request(app))
        app.call("POST", ALONE, {"credential": answer})
        other = fresh(app)
        request(other)

        replays = [app.call("POST", ALONE, {"credential": answer}), other.call("POST", ALONE, {"credential": answer})]

        assert [faults(each) for each in replays] == [(400, ["incorrect_code"])] * 2
        assert not other.is_signed_in()

    @pytest.mark.parametrize(("minutes", "status"), [(9, 200), (11, 400)])
    def test_an_answer_is_waited_for_for_ten_minutes(
        self, app: AppClient, passkey: Passkey, minutes: int, status: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answer = passkey.signed(request(app))
        later = clock.now() + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda: later)

        assert app.call("POST", ALONE, {"credential": answer}).status_code == status

    def test_without_a_challenge_nothing_opens(self, app: AppClient, passkey: Passkey) -> None:
        answer = passkey.signed(request(fresh(app)))

        assert faults(app.call("POST", ALONE, {"credential": answer})) == (400, ["incorrect_code"])

    def test_who_was_let_go_stays_out(self, app: AppClient, hire: Hire, alpha: Agency) -> None:
        nell, passkey = hire("member", "nell"), Passkey()
        add_passkey(AppClient(alpha, "alpha.localhost"), nell, passkey)
        staff.deactivate(user_id=nell.pk, by=SYSTEM)

        answer = sign_in(app, passkey)

        assert answer.status_code == 401
        assert not app.is_signed_in()

    def test_nobody_enters_an_agency_that_was_suspended_meanwhile(
        self, client: StaffClient, passkey: Passkey, alpha: Agency
    ) -> None:
        answer = passkey.signed(request(client))
        alpha.status = AgencyStatus.SUSPENDED
        with public():
            alpha.save(update_fields=["status"])

        refused = client.call("POST", ALONE, {"credential": answer})

        assert (refused.status_code, said(refused)["code"]) == (403, "agency.suspended")

    def test_it_is_told_to_hmrc_as_another_factor(self, app: AppClient, passkey: Passkey, olive: User) -> None:
        sign_in(app, passkey)
        session: Any = import_module(settings.SESSION_ENGINE).SessionStore(app.token)

        assert [factor.kind for factor in second_factors(session=session, user_id=olive.pk)] == ["OTHER"]

    def test_thirty_tries_and_challenges_a_minute_are_enough_for_an_office(self, app: AppClient) -> None:
        tries = [app.call("POST", ALONE, {"credential": {}}).status_code for _ in range(31)]
        challenges = [app.call("GET", ALONE).status_code for _ in range(31)]

        assert tries == [400] * 30 + [429]
        assert challenges == [200] * 30 + [429]


class TestItsCounter:
    def test_opens_no_more_once_a_copy_was_used(self, app: AppClient, passkey: Passkey) -> None:
        sign_in(fresh(app), passkey, counter=7)

        answers = [sign_in(fresh(app), passkey, counter=count) for count in (7, 6, 0)]

        assert [faults(answer) for answer in answers] == [(400, ["incorrect_code"])] * 3
        assert sign_in(fresh(app), passkey, counter=8).status_code == 200

    def test_begins_with_that_of_its_making(self, app: AppClient, passkey: Passkey) -> None:
        assert passkey.counter == 1

        assert faults(sign_in(app, passkey, counter=1)) == (400, ["incorrect_code"])

    def test_may_be_none(self, app: AppClient, alpha: Agency, mo: User) -> None:
        passkey = Passkey(counts=False)
        add_passkey(AppClient(alpha, "alpha.localhost"), mo, passkey)

        assert [sign_in(fresh(app), passkey).status_code for _ in range(2)] == [200, 200]


class TestSayingOnceMoreWhoOneIs:
    def test_is_done_by_passkey(self, client: StaffClient, passkey: Passkey) -> None:
        sign_in(client, passkey)
        before = client.call("GET", "account/authenticators/webauthn")

        answer = client.call("POST", AGAIN, {"credential": passkey.signed(request(client, AGAIN))})

        assert (before.status_code, answer.status_code) == (401, 200)
        assert client.call("GET", "account/authenticators/webauthn").status_code == 200

    def test_is_for_who_is_signed_in(self, app: AppClient) -> None:
        assert app.call("GET", AGAIN).status_code == 401


class TestAnotherAgency:
    def test_knows_no_passkey_of_ours(self, app_at_beta: AppClient, passkey: Passkey) -> None:
        honest = sign_in(app_at_beta, passkey, rp="beta.localhost", origin="http://beta.localhost")
        foreign = sign_in(app_at_beta, passkey)

        assert [faults(each) for each in (honest, foreign)] == [(400, ["incorrect_code"])] * 2

    def test_knows_no_challenge_of_ours(self, app: AppClient, app_at_beta: AppClient, passkey: Passkey) -> None:
        answer = passkey.signed(request(app))
        app_at_beta.token = app.token

        assert app_at_beta.call("POST", ALONE, {"credential": answer}).status_code in {400, 410}

    def test_with_the_same_front_end_knows_none_either(
        self, app: AppClient, app_at_beta: AppClient, alpha: Agency, beta: Agency, mo: User
    ) -> None:
        for agency in (alpha, beta):
            list_front_end(agency)
        app.page = app_at_beta.page = FRONT_END
        passkey = Passkey(FRONT_END)
        add_passkey(app, mo, passkey)

        answer = sign_in(app_at_beta, passkey)

        assert passkey.rp == "staff.lettings.example"
        assert faults(answer) == (400, ["incorrect_code"])
        assert sign_in(fresh_page(app), passkey).status_code == 200


def list_front_end(agency: Agency) -> None:
    agency.allowed_origins = [FRONT_END]
    with public():
        agency.save(update_fields=["allowed_origins"])


def fresh_page(app: AppClient) -> AppClient:
    other = fresh(app)
    other.page = app.page
    return other


class TestAFrontEndElsewhere:
    @pytest.fixture(autouse=True)
    def _listed(self, alpha: Agency) -> None:
        list_front_end(alpha)

    def test_has_passkeys_of_its_own(self, app: AppClient, mo: User) -> None:
        app.page = FRONT_END
        passkey = Passkey(FRONT_END)
        add_passkey(app, mo, passkey)

        here, there = sign_in(fresh_page(app), passkey), sign_in(fresh(app), passkey)

        assert passkey.rp == "staff.lettings.example"
        assert (here.status_code, there.status_code) == (200, 400)

    @pytest.mark.parametrize("page", ["https://evil.example", "https://x.staff.lettings.example", "null", "http://["])
    def test_that_is_not_listed_is_asked_for_those_of_the_host(self, app: AppClient, page: str) -> None:
        app.page = page

        assert request(app)["publicKey"]["rpId"] == "alpha.localhost"

    def test_whose_passkey_is_used_from_a_page_below_it_is_refused(self, app: AppClient, mo: User) -> None:
        app.page = FRONT_END
        passkey = Passkey(FRONT_END)
        add_passkey(app, mo, passkey)

        answer = sign_in(fresh_page(app), passkey, origin="https://x.staff.lettings.example")

        assert faults(answer) == (400, ["incorrect_code"])

    def test_is_not_confused_with_the_agency_s_own_host(self, app: AppClient, passkey: Passkey) -> None:
        app.page = FRONT_END
        answer = sign_in(app, passkey)

        assert faults(answer) == (400, ["incorrect_code"])
