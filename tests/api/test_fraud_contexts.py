"""POST /fraud-contexts: what a device says of itself, what the edge and the session add, and what is lacking."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import jsonschema
import pytest
from allauth.account.models import EmailAddress

from people.models import FraudContext, User
from tenants import clock
from tenants.context import tenant
from tenants.models import Agency
from tests.api.callers import Caller, landlord_caller, pointers, problem
from tests.api.world import World
from tests.cast import ALPHA
from tests.fraud import BROWSER, CLIENT_IP, INTEGRATOR, OUR_IP, VENDOR
from tests.people.clients import NOON, AppClient, BrowserClient, totp
from tests.people.test_second_factor import set_up

PATH = "fraud-contexts"
THROUGH_PROXY = {"X_Forwarded_For": CLIENT_IP, "X_Client_Port": "54321"}
SNIPPET = Path(__file__).parents[2] / "api" / "browser" / "snippet.js"


@pytest.fixture(autouse=True)
def _configured(settings: Any) -> None:
    settings.VENDOR = VENDOR
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.0/8"),)
    settings.CLIENT_PORT_HEADER = "X-Client-Port"


@pytest.fixture
def landlord(alpha: Agency, alphas: World) -> Caller:
    return landlord_caller(alpha, alphas.landlord_id, host=ALPHA.host)


def headers_of(agency: Agency, answer: Any) -> dict[str, str]:
    """What HMRC will be sent."""
    assert answer.status_code == 201, answer.content
    with tenant(agency):
        sealed = FraudContext.objects.get(pk=answer.json()["id"]).headers
        with sealed.open(reason="test") as opened:
            return dict(json.loads(opened))


def lacking(answer: Any, what: str = "missing") -> dict[str, str]:
    return {note["header"]: note["code"] for note in answer.json()[what]}


class TestABrowser:
    def test_of_staff_is_completed_by_edge_and_session(self, signed_in: Callable[[str], Caller], alpha: Agency) -> None:
        member = signed_in("member")

        answer = member.post(PATH, BROWSER, **THROUGH_PROXY)

        headers = headers_of(alpha, answer)
        assert answer.json()["missing"] == []
        assert headers["Gov-Client-Public-IP"] == CLIENT_IP
        assert headers["Gov-Client-Public-Port"] == "54321"
        assert headers["Gov-Vendor-Forwarded"] == f"by={OUR_IP}&for={CLIENT_IP}"
        assert headers["Gov-Vendor-Public-IP"] == OUR_IP
        assert headers["Gov-Client-User-IDs"] == f"quarterday={member.get('me').json()['id']}"
        assert headers["Gov-Client-Screens"] == "width=1920&height=1080&scaling-factor=1.25&colour-depth=24"
        assert headers["Gov-Vendor-Version"] == "Quarterday=0.1.0"

    def test_of_a_landlord_is_bound_to_them(self, landlord: Caller, alpha: Agency, alphas: World) -> None:
        answer = landlord.post(PATH, BROWSER, **THROUGH_PROXY)

        assert headers_of(alpha, answer)["Gov-Client-User-IDs"] == f"quarterday={alphas.landlord_id}"
        with tenant(alpha):
            assert FraudContext.objects.get().landlord_id == UUID(alphas.landlord_id)

    def test_may_be_used_for_an_hour(self, signed_in: Callable[[str], Caller], monkeypatch: pytest.MonkeyPatch) -> None:
        now = clock.now()
        member = signed_in("read-only")
        monkeypatch.setattr(clock, "now", lambda: now)

        answer = member.post(PATH, BROWSER)

        expires_at = (now + timedelta(minutes=60)).isoformat().replace("+00:00", "Z")
        assert (answer.status_code, answer.json()["expires_at"]) == (201, expires_at)

    def test_at_a_private_address_has_no_public_one_and_none_is_invented(
        self, signed_in: Callable[[str], Caller], alpha: Agency
    ) -> None:
        answer = signed_in("member").post(PATH, BROWSER)

        assert lacking(answer) == {
            "Gov-Client-Public-IP": "invalid",
            "Gov-Client-Public-Port": "missing",
            "Gov-Vendor-Forwarded": "missing",
            "Gov-Vendor-Public-IP": "missing",
        }
        assert not headers_of(alpha, answer).keys() & lacking(answer).keys()
        assert all(note["how_to_mend"] for note in answer.json()["missing"])

    def test_behind_a_proxy_nobody_trusts_is_not_believed(
        self, signed_in: Callable[[str], Caller], alpha: Agency, settings: Any
    ) -> None:
        settings.TRUSTED_PROXIES = ()

        answer = signed_in("member").post(PATH, BROWSER, **THROUGH_PROXY)

        assert CLIENT_IP not in str(headers_of(alpha, answer))

    def test_behind_a_proxy_that_writes_nonsense_has_no_address(self, signed_in: Callable[[str], Caller]) -> None:
        answer = signed_in("member").post(PATH, BROWSER, X_Forwarded_For="unknown")

        assert lacking(answer).keys() >= {"Gov-Client-Public-IP", "Gov-Client-Public-IP-Timestamp"}

    @pytest.mark.parametrize("name", ["client", "mfa", "user_id", "licence_ids", "forwarded"])
    def test_says_nothing_that_we_know_ourselves(
        self, name: str, signed_in: Callable[[str], Caller], landlord: Caller, alpha: Agency
    ) -> None:
        answers = [who.post(PATH, {**BROWSER, name: INTEGRATOR[name]}) for who in (signed_in("owner"), landlord)]

        assert {problem(answer) for answer in answers} == {(422, "request.invalid")}
        assert [pointers(answer) for answer in answers] == [{f"/{name}": "api_key_only"}] * 2
        with tenant(alpha):
            assert not FraudContext.objects.exists()


class TestTheSecondFactor:
    @pytest.fixture(autouse=True)
    def _authenticators_show_noon(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: NOON))

    @pytest.mark.parametrize("kind", [AppClient, BrowserClient])
    def test_of_the_sign_in_is_told_and_its_secret_is_not(self, kind: Any, alpha: Agency, settings: Any) -> None:
        settings.VENDOR = replace(VENDOR, agreed=frozenset({"Gov-Vendor-License-IDs"}))
        person = kind(alpha, ALPHA.host)
        if kind is BrowserClient:
            person.open_page()
        with tenant(alpha):
            user = User.invite(email="mfa@alpha.example", role="member")
            user.set_password("seven green bottles")
            user.save()
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            secret = set_up(person, user)
        anew = kind(alpha, ALPHA.host)
        if kind is BrowserClient:
            anew.open_page()
        anew.sign_in("mfa@alpha.example")
        assert anew.call("POST", "auth/2fa/authenticate", {"code": totp(secret)}).status_code == 200

        answer = anew.wire.generic(
            "POST",
            f"/api/v1/{PATH}",
            json.dumps(BROWSER).encode(),
            "application/json",
            headers={**anew.headers(), "X-Forwarded-For": CLIENT_IP, "X-Client-Port": "54321"},
            REMOTE_ADDR="127.0.0.1",
        )

        told = headers_of(alpha, answer)["Gov-Client-Multi-Factor"]
        assert told.startswith("type=TOTP&timestamp=20")
        assert secret not in told
        assert answer.json()["missing"] == []

    def test_is_reported_where_a_password_was_all(
        self, signed_in: Callable[[str], Caller], landlord: Caller, settings: Any
    ) -> None:
        settings.VENDOR = replace(VENDOR, agreed=frozenset())

        answers = [who.post(PATH, BROWSER, **THROUGH_PROXY) for who in (signed_in("member"), landlord)]

        assert [lacking(answer)["Gov-Client-Multi-Factor"] for answer in answers] == ["missing", "missing"]


class TestAnIntegrator:
    def test_tells_of_its_own_user_and_its_own_hop(self, machine: Caller, alpha: Agency) -> None:
        answer = machine.post(PATH, INTEGRATOR, X_Forwarded_For="192.0.2.99", X_Client_Port="40000")

        headers = headers_of(alpha, answer)
        assert (answer.json()["missing"], answer.json()["warnings"]) == ([], [])
        assert headers["Gov-Client-Public-IP"] == CLIENT_IP
        assert headers["Gov-Client-Public-Port"] == "54321"
        assert headers["Gov-Vendor-Public-IP"] == "192.0.2.80"
        assert headers["Gov-Vendor-Forwarded"] == f"by=192.0.2.80&for={CLIENT_IP},by={OUR_IP}&for=192.0.2.99"
        assert headers["Gov-Client-Multi-Factor"].startswith("type=AUTH_CODE&")
        assert headers["Gov-Client-User-IDs"] == f"quarterday={machine.get('me').json()['id']}&ledger=alice"
        assert headers["Gov-Vendor-Version"] == "ledger=2.2.2&Quarterday=0.1.0"
        assert headers["Gov-Vendor-License-IDs"] == "ledger=8D79"

    def test_beside_us_in_a_private_network_adds_no_hop_of_ours(self, machine: Caller, alpha: Agency) -> None:
        answer = machine.post(PATH, INTEGRATOR)

        assert headers_of(alpha, answer)["Gov-Vendor-Forwarded"] == f"by=192.0.2.80&for={CLIENT_IP}"

    def test_that_says_nothing_of_its_user_is_told_what_is_lacking(self, machine: Caller, alpha: Agency) -> None:
        answer = machine.post(PATH, BROWSER, X_Forwarded_For="192.0.2.99", X_Client_Port="40000")

        assert "192.0.2.99" not in str(headers_of(alpha, answer))
        assert lacking(answer).keys() >= {"Gov-Client-Public-IP", "Gov-Client-Public-Port", "Gov-Client-User-IDs"}

    def test_may_speak_for_other_software_than_a_browser(self, machine: Caller, alpha: Agency) -> None:
        body = {
            **{name: INTEGRATOR[name] for name in ("client", "mfa", "user_id", "forwarded", "application")},
            "connection_method": "OTHER_VIA_SERVER",
            "device_id": BROWSER["device_id"],
            "timezone": "UTC+01:00",
            "device": {"os_family": "Windows", "os_version": "11", "model": "XPS 13"},
            "os_user": "domain\\alice",
            "local_ips": ["10.1.2.3"],
            "local_ips_timestamp": "2026-11-22T11:59:59.000Z",
            "mac_addresses": ["3c:52:82:11:22:33"],
        }

        answer = machine.post(PATH, body)

        headers = headers_of(alpha, answer)
        assert (answer.json()["connection_method"], answer.json()["missing"]) == ("OTHER_VIA_SERVER", [])
        assert headers["Gov-Client-User-Agent"] == "os-family=Windows&os-version=11&device-model=XPS%2013"
        assert headers["Gov-Client-User-IDs"].startswith("os=domain%5Calice&quarterday=")


class TestTheBody:
    def test_may_be_empty_and_everything_is_reported(self, machine: Caller) -> None:
        answer = machine.post(PATH, {})

        assert answer.status_code == 201
        assert lacking(answer).keys() >= {"Gov-Client-Device-ID", "Gov-Client-Screens", "Gov-Client-Timezone"}
        assert lacking(answer, "warnings") == dict.fromkeys(
            ("Gov-Client-Multi-Factor", "Gov-Vendor-License-IDs"), "agreed_missing"
        )

    @pytest.mark.parametrize(
        ("more", "pointer"),
        [
            ({"connection_method": "BATCH_PROCESS_DIRECT"}, "/connection_method"),
            ({"landlord_id": "x"}, "/landlord_id"),
            ({"device_id": "a\nb"}, "/device_id"),
            ({"screens": [{"width": "wide", "height": 1, "scaling_factor": 1, "colour_depth": 1}]}, "/screens/0/width"),
            ({"window": {"width": 1, "height": 2, "depth": 3}}, "/window/depth"),
            ({"forwarded": [{"by": "192.0.2.80"}]}, "/forwarded/0/for"),
            ({"mfa": [{"type": "SMS", "timestamp": "x", "unique_reference": "x"}]}, "/mfa/0/type"),
            ({"do_not_track": True}, "/do_not_track"),
        ],
    )
    def test_of_the_wrong_shape_is_refused(self, more: dict[str, Any], pointer: str, machine: Caller) -> None:
        answer = machine.post(PATH, {**INTEGRATOR, **more})

        assert problem(answer) == (422, "request.invalid")
        assert list(pointers(answer)) == [pointer]

    def test_names_no_landlord_but_ones_own(
        self, machine: Caller, landlord: Caller, alphas: World, betas: World
    ) -> None:
        answers = [
            machine.post(PATH, {"landlord_id": betas.landlord_id}),
            landlord.post(PATH, {"landlord_id": betas.landlord_id}),
            landlord.post(PATH, {"landlord_id": alphas.key_id}),
        ]

        assert {problem(answer) for answer in answers} == {(404, "not_found")}
        assert landlord.post(PATH, {"landlord_id": alphas.landlord_id}).status_code == 201

    def test_nobody_may_post_without_a_credential(self, outsider: Caller, alpha: Agency) -> None:
        assert problem(outsider.post(PATH, BROWSER)) == (401, "auth.required")


def test_what_was_collected_lies_sealed(machine: Caller, alpha: Agency) -> None:
    answer = machine.post(PATH, INTEGRATOR)

    with tenant(alpha):
        row = FraudContext.objects.filter(pk=answer.json()["id"]).values().get()
    stored = bytes(cast("bytes", row["headers"])) + repr(row).encode()
    for fact in (BROWSER["device_id"], CLIENT_IP, "alice", "Mozilla", "54321", "fc4b5fd6816f75a7"):
        assert fact.encode() not in stored
        assert fact not in answer.content.decode()


class TestWhatIsPublished:
    def test_the_json_schema_takes_what_the_api_takes(self, outsider: Caller, alpha: Agency) -> None:
        answer = outsider.get(f"{PATH}/schema.json")

        schema = answer.json()
        jsonschema.Draft202012Validator.check_schema(schema)
        assert answer.headers["Content-Type"] == "application/schema+json"
        jsonschema.validate(BROWSER, schema)
        jsonschema.validate(INTEGRATOR, schema)
        for wrong in ({"screens": [{"width": "x"}]}, {"connection_method": "BATCH_PROCESS_DIRECT"}, {"mfa": 1}):
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(wrong, schema)

    def test_the_snippet_is_small_cacheable_and_needs_nothing(self, outsider: Caller, alpha: Agency) -> None:
        answer = outsider.get(f"{PATH}/snippet.js", Accept="*/*")

        assert answer.content == SNIPPET.read_bytes()
        assert len(answer.content) <= 2048
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert answer.headers["Cache-Control"] == "public, max-age=3600"
        assert not {"import ", "require(", "fetch(", "http"} & set(answer.content.decode().split())


_STUBS = """
const stored = {};
const kept = { getItem: (name) => stored[name] ?? null, setItem: (name, value) => { stored[name] = value; } };
const closed = { getItem() { throw new Error("denied"); }, setItem() { throw new Error("denied"); } };
const define = (values) => {
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
};
define({
  navigator: { userAgent: "Mozilla/5.0 (X11; Linux x86_64)" }, document: { cookie: "" }, devicePixelRatio: 1.25,
  screen: { width: 1920, height: 1080, colorDepth: 24 }, innerWidth: 1256, innerHeight: 803, localStorage: kept,
});
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node here; Chromium runs it in tests/stack")
class TestTheSnippet:
    def run(self, script: str, *, zone: str = "Europe/London") -> Any:
        source = f"{_STUBS}{SNIPPET.read_text()}\nconsole.log(JSON.stringify({script}))"
        ended = subprocess.run(
            [str(shutil.which("node")), "-e", source], capture_output=True, text=True, check=True, env={"TZ": zone}
        )
        return json.loads(ended.stdout)

    def test_collects_what_a_browser_must_say(self, signed_in: Callable[[str], Caller]) -> None:
        said = self.run("quarterdayFraudContext()")

        answer = signed_in("member").post(PATH, said, **THROUGH_PROXY)

        assert {**said, "device_id": BROWSER["device_id"], "timezone": "UTC+00:00"} == BROWSER
        assert answer.json()["missing"] == []

    @pytest.mark.parametrize("storage", ["kept", "closed"])
    @pytest.mark.parametrize("random", ["crypto", "{ getRandomValues: (bytes) => crypto.getRandomValues(bytes) }"])
    def test_remembers_the_device(self, storage: str, random: str) -> None:
        asked = "[quarterdayFraudContext().device_id, quarterdayFraudContext().device_id]"

        once, twice = self.run(f"(define({{ localStorage: {storage}, crypto: {random} }}), {asked})")

        assert once == twice
        assert UUID(once).version == 4

    @pytest.mark.parametrize(
        ("zone", "said"),
        [
            ("Asia/Kathmandu", "UTC+05:45"),
            ("Etc/GMT+11", "UTC-11:00"),
            ("Etc/UTC", "UTC+00:00"),
            ("Etc/GMT-14", "UTC+14:00"),
        ],
    )
    def test_tells_the_time_zone(self, zone: str, said: str) -> None:
        assert self.run("quarterdayFraudContext().timezone", zone=zone) == said


@pytest.mark.parametrize("name", ["quarterday", "Quarterday", "OS"])
def test_software_may_not_go_by_a_name_under_which_we_speak_ourselves(machine: Caller, name: str) -> None:
    answer = machine.post(PATH, {**INTEGRATOR, "application": {"name": name, "version": "1"}, "user_id": "somebody"})

    assert problem(answer) == (422, "request.invalid")
    assert pointers(answer) == {"/application/name": "reserved"}
