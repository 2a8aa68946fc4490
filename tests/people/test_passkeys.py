"""Passkeys: added, shown, renamed and removed; of what is sent little is kept, and nothing forged is taken."""

import json
import tracemalloc
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from fido2.cose import RS1, UnsupportedKey
from fido2.utils import websafe_encode
from fido2.webauthn import RegistrationResponse
from hypothesis import example, given
from hypothesis import settings as profile
from hypothesis import strategies as some

from events.models import AuditEvent
from people.models import User
from tenants.models import Agency
from tests.people.clients import AppClient, StaffClient, said
from tests.people.passkeys import ADD, ALONE, FLAG, Passkey, add_passkey, creation, request

pytestmark = pytest.mark.usefixtures("in_alpha")
# Any JSON that our door lets in; what is no text of bytes is drawn as often as what is.
_TEXT = some.text(some.characters(exclude_categories=["Cs"]), max_size=9)
ODD = some.recursive(
    some.none() | some.booleans() | some.integers() | _TEXT | some.binary(max_size=90).map(websafe_encode),
    lambda some_of: some.lists(some_of, max_size=3) | some.dictionaries(_TEXT, some_of, max_size=3),
    max_leaves=4,
)
FORGED: dict[str, dict[str, Any]] = {
    "another page": {"origin": "https://evil.example"},
    "a page below the host": {"origin": "http://beta.alpha.localhost"},
    "another port": {"origin": "http://alpha.localhost:81"},
    "another scheme": {"origin": "https://alpha.localhost"},
    "no origin that is a text": {"origin": ["http://alpha.localhost"]},
    "another relying party": {"rp": "beta.localhost"},
    "a challenge of one's own": {"challenge": "b25jZSB1cG9uIGEgdGltZSBpbiBhIGxhbmQ"},
    "nobody there": {"flags": FLAG.UV},
    "somebody unverified": {"flags": FLAG.UP},
    "a frame in another page": {"more": {"cross_origin": True}},
    "the other ceremony": {"kind": "webauthn.neither"},
}


def ready(client: StaffClient, user: User) -> StaffClient:
    client.sign_in(user.email)
    client.reauthenticate()
    return client


def listed(client: StaffClient) -> dict[str, Any]:
    """The person's authenticators by their type."""
    return {each["type"]: each for each in said(client.call("GET", "account/authenticators"))["data"]}


def acts(user: User) -> list[tuple[str, str]]:
    """What the trail says of the person's factors, and that they did it themselves."""
    rows = AuditEvent.objects.filter(subject_id=user.pk, actor_id=user.pk).order_by("id")
    return [(row.action, row.detail["factor"]) for row in rows]


def faults(answer: Any) -> tuple[int, list[str]]:
    return answer.status_code, [each["code"] for each in said(answer)["errors"]]


class TestAdding:
    def test_asks_for_the_password_again_first(self, client: StaffClient, app: AppClient, olive: User) -> None:
        credential = Passkey().made(creation(ready(app, olive)))
        client.sign_in(olive.email)

        answers = [client.call("GET", ADD), client.call("POST", ADD, {"credential": credential})]

        assert answers[0].status_code == 401
        assert answers[1].status_code in {400, 401}
        assert not Authenticator.objects.exists()

    def test_shows_it_by_its_name_and_makes_recovery_codes(self, client: StaffClient, olive: User) -> None:
        number = add_passkey(client, olive, Passkey(), "Olive's telephone")

        shown = listed(client)

        assert set(shown) == {"webauthn", "recovery_codes"}
        assert shown["webauthn"].items() >= {"id": number, "name": "Olive's telephone", "is_passwordless": True}.items()
        assert "credential" not in json.dumps(shown)

    def test_asks_for_a_person_that_is_verified_and_for_no_device_s_papers(
        self, client: StaffClient, olive: User, alpha: Agency
    ) -> None:
        asked = creation(ready(client, olive))["publicKey"]

        assert asked["rp"] == {"id": "alpha.localhost", "name": alpha.name}
        assert asked["authenticatorSelection"]["userVerification"] == "required"
        assert asked.get("attestation") in {None, "none"}

    def test_names_those_that_are_there_already(self, client: StaffClient, olive: User) -> None:
        passkey = Passkey()
        add_passkey(client, olive, passkey)

        (known,) = creation(client)["publicKey"]["excludeCredentials"]

        assert known["id"] == passkey.made(creation(client))["id"]

    def test_ends_at_twenty_of_one_person(self, client: StaffClient, olive: User) -> None:
        add_passkey(client, olive, Passkey())
        first = Authenticator.objects.get(type="webauthn")
        Authenticator.objects.bulk_create(
            Authenticator(user=olive, type="webauthn", data=first.data) for _ in range(19)
        )

        one_more = client.call("POST", ADD, {"name": "One more", "credential": Passkey().made(creation(client))})

        assert faults(one_more) == (400, ["too_many_passkeys"])
        assert Authenticator.objects.filter(type="webauthn").count() == 20

    def test_is_told_to_the_person_by_mail(
        self, client: StaffClient, olive: User, alpha: Agency, mailoutbox: list[EmailMessage]
    ) -> None:
        mailoutbox.clear()

        add_passkey(client, olive, Passkey())

        assert [(mail.subject, mail.to) for mail in mailoutbox] == [
            (f"[{alpha.name}] Security Key Added", [olive.email])
        ]

    def test_keeps_the_public_key_and_little_else(self, client: StaffClient, olive: User) -> None:
        ready(client, olive)
        sent = Passkey().made(creation(client))
        sent |= {"surprise": "a\0b", "clientExtensionResults": {"credProps": {"rk": True, "x": float("nan")}}}
        sent["response"] |= {"transports": ["internal"], "publicKey": "\0"}

        answer = client.call("POST", ADD, {"name": "n" * 500, "credential": sent})

        assert answer.status_code == 200
        kept = Authenticator.objects.get(type="webauthn").data
        assert set(kept) == {"name", "credential", "counter"}
        assert len(kept["name"]) == 100
        assert set(kept["credential"]) == {"id", "rawId", "type", "response", "clientExtensionResults"}
        assert set(kept["credential"]["response"]) == {"clientDataJSON", "attestationObject"}
        attested = RegistrationResponse.from_dict(kept["credential"]).response.attestation_object
        assert (attested.fmt, attested.att_stmt) == ("none", {})

    @pytest.mark.parametrize("told", [{}, {"credProps": {}}, {"credProps": 1}, {"credProps": {"rk": "yes"}}, [], "x"])
    def test_says_nothing_of_what_the_browser_does_not_tell(self, client: StaffClient, olive: User, told: Any) -> None:
        sent = Passkey().made(creation(ready(client, olive))) | {"clientExtensionResults": told}

        client.call("POST", ADD, {"credential": sent})

        assert all("is_passwordless" not in each for each in listed(client).values())


class TestWhatIsForged:
    @pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
    def test_is_not_added(self, app: AppClient, olive: User, forged: dict[str, Any]) -> None:
        options = creation(ready(app, olive))

        answer = app.call("POST", ADD, {"credential": Passkey().made(options, **forged)})

        assert faults(answer) == (400, ["incorrect_code"])
        assert not Authenticator.objects.exists()

    @pytest.mark.parametrize(
        "forged",
        [
            {"credential": b""},
            {"public": {1: 3, 3: RS1.ALGORITHM, -1: b"\1" * 256, -2: b"\1\0\1"}},
            {"public": UnsupportedKey({1: 2, 3: -999})},
            {"more": {"padding": "x" * 10_000}},
        ],
        ids=["no key", "a weak algorithm", "an unknown algorithm", "too long"],
    )
    def test_or_is_no_key_that_we_take_is_not_added(self, app: AppClient, olive: User, forged: dict[str, Any]) -> None:
        options = creation(ready(app, olive))

        answer = app.call("POST", ADD, {"credential": Passkey().made(options, **forged)})

        assert faults(answer) == (400, ["incorrect_code"])

    def test_of_an_earlier_challenge_is_not_added(self, app: AppClient, olive: User) -> None:
        late = Passkey().made(creation(ready(app, olive)))
        creation(app)

        assert faults(app.call("POST", ADD, {"credential": late}))[0] == 400

    def test_spends_the_challenge(self, app: AppClient, olive: User) -> None:
        options = creation(ready(app, olive))
        app.call("POST", ADD, {"credential": Passkey().made(options, origin="https://evil.example")})

        honest = app.call("POST", ADD, {"credential": Passkey().made(options)})

        assert faults(honest) == (400, ["incorrect_code"])

    def test_is_not_added_a_second_time(self, app: AppClient, olive: User) -> None:
        sent = Passkey().made(creation(ready(app, olive)))
        app.call("POST", ADD, {"credential": sent})

        assert faults(app.call("POST", ADD, {"credential": sent}))[0] == 400
        assert Authenticator.objects.filter(type="webauthn").count() == 1

    def test_or_known_already_is_not_added_whoever_adds_it(
        self, app: AppClient, alpha: Agency, olive: User, mo: User
    ) -> None:
        passkey, colleague = Passkey(), AppClient(alpha, "alpha.localhost")
        add_passkey(app, olive, passkey)
        ready(colleague, mo)

        again = [each.call("POST", ADD, {"credential": passkey.made(creation(each))}) for each in (app, colleague)]

        assert [faults(answer) for answer in again] == [(400, ["incorrect_code"])] * 2
        assert Authenticator.objects.filter(type="webauthn").count() == 1

    def test_under_another_name_than_its_own_is_not_added(self, app: AppClient, olive: User) -> None:
        sent = Passkey().made(creation(ready(app, olive)))
        sent["id"] = sent["rawId"] = websafe_encode(b"another's")

        assert faults(app.call("POST", ADD, {"credential": sent})) == (400, ["incorrect_code"])

    @pytest.mark.parametrize("path", [ADD, ALONE])
    def test_or_odd_is_a_400_wherever_it_stands(self, path: str, app: AppClient, olive: User, settings: Any) -> None:
        settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
        passkey = Passkey()
        add_passkey(app, olive, passkey)

        def good() -> dict[str, Any]:
            return passkey.made(creation(app)) if path == ADD else passkey.signed(request(app))

        places = ["id", "rawId", "response", *(f"response.{name}" for name in good()["response"])]

        @given(place=some.sampled_from(places), odd=ODD)
        @example(place="response", odd={})
        @profile(max_examples=200, deadline=None)
        def is_refused(place: str, odd: Any) -> None:
            sent = good()
            within = sent["response"] if "." in place else sent
            within[place.rpartition(".")[2]] = odd
            assert app.call("POST", path, {"credential": sent}).status_code == 400

        is_refused()

    @pytest.mark.parametrize("path", [ADD, ALONE])
    @pytest.mark.parametrize("place", ["id", "rawId", "response.clientDataJSON", "response.userHandle"])
    def test_or_a_number_makes_no_room_for_as_many_bytes(
        self, path: str, place: str, app: AppClient, olive: User
    ) -> None:
        sent = Passkey().made(creation(ready(app, olive)))
        within = sent["response"] if "." in place else sent
        within[place.rpartition(".")[2]] = 300_000_000

        tracemalloc.start()
        answer = app.call("POST", path, {"credential": sent})
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert answer.status_code == 400
        assert most < 100_000_000

    @pytest.mark.parametrize("said", [b"{}", b"[]", b"1", b'{"type": 1}', b"\xff", b"[" * 100_000])
    def test_or_says_too_little_is_a_400(self, app: AppClient, olive: User, said: bytes) -> None:
        passkey = Passkey()
        add_passkey(app, olive, passkey)
        answers = []
        for name in ("clientDataJSON", "authenticatorData"):
            sent = passkey.signed(request(app))
            sent["response"][name] = websafe_encode(said)
            answers.append(app.call("POST", ALONE, {"credential": sent}))

        assert [answer.status_code for answer in answers] == [400, 400]

    @pytest.mark.parametrize("odd", [None, {}, [], "x", 1, True, {"response": {}}, [{}]])
    def test_or_nothing_is_a_400(self, app: AppClient, olive: User, odd: Any) -> None:
        creation(ready(app, olive))

        assert app.call("POST", ADD, {"credential": odd}).status_code == 400
        assert app.call("POST", ALONE, {"credential": odd}).status_code == 400


class TestTheAuditTrail:
    def test_tells_of_one_that_is_added_and_removed(self, app: AppClient, olive: User) -> None:
        number = add_passkey(app, olive, Passkey())

        app.call("DELETE", ADD, {"authenticators": [number]})

        assert acts(olive) == [("staff.factor_added", "webauthn"), ("staff.factor_removed", "webauthn")]

    def test_tells_of_none_that_is_refused(self, app: AppClient, olive: User) -> None:
        options = creation(ready(app, olive))

        app.call("POST", ADD, {"credential": Passkey().made(options, origin="https://evil.example")})

        assert acts(olive) == []


class TestOnesOwn:
    def test_is_renamed(self, client: StaffClient, olive: User) -> None:
        number = add_passkey(client, olive, Passkey())

        answer = client.call("PUT", ADD, {"id": number, "name": "Old telephone"})

        assert said(answer)["data"]["name"] == listed(client)["webauthn"]["name"] == "Old telephone"

    def test_is_removed_and_with_the_last_one_the_recovery_codes(
        self, client: StaffClient, olive: User, alpha: Agency, mailoutbox: list[EmailMessage]
    ) -> None:
        number = add_passkey(client, olive, Passkey())
        mailoutbox.clear()

        answer = client.call("DELETE", ADD, {"authenticators": [number]})

        assert (answer.status_code, listed(client)) == (200, {})
        assert [mail.subject for mail in mailoutbox] == [f"[{alpha.name}] Security Key Removed"]

    def test_is_not_removed_without_the_password_again(self, client: StaffClient, app: AppClient, olive: User) -> None:
        passkey = Passkey()
        number = add_passkey(client, olive, passkey)
        app.call("POST", ALONE, {"credential": passkey.signed(request(app))})

        answer = app.call("DELETE", ADD, {"authenticators": [number]})

        assert answer.status_code == 401
        assert "webauthn" in listed(client)

    def test_is_nobody_else_s(self, client: StaffClient, app: AppClient, olive: User, mo: User) -> None:
        number = add_passkey(client, olive, Passkey())
        ready(app, mo)

        answers = [
            app.call("PUT", ADD, {"id": number, "name": "Mine"}),
            app.call("DELETE", ADD, {"authenticators": [number]}),
        ]

        assert [answer.status_code for answer in answers] == [400, 400]
        assert listed(client)["webauthn"]["name"] == "Telephone"
        assert listed(app) == {}
