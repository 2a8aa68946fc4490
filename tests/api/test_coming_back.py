"""Landlords without a session: nobody is told who is known, and nobody asks too often."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outgoing_mail

from hmrc_oauth import connections
from hmrc_oauth.models import ConnectSession
from landlords import codes, posting, records, sign_in, stops
from landlords.models import Landlord, LinkRequest, Mail, SignInCode
from people.principal import SYSTEM, Principal, PrincipalKind
from tenants import clock
from tenants.context import tenant
from tenants.ids import new_id
from tenants.models import Agency
from tests.api.callers import Caller, bearing, pointers, problem
from tests.cast import ALPHA, BETA, NINO


@pytest.fixture
def lena(alpha: Agency) -> Landlord:
    with tenant(alpha):
        given = {"full_name": "Lena", "email": "lena@post.example", "nino": NINO}
        return records.create(by=SYSTEM, given=given, now=clock.now())


@pytest.fixture
def flow(alpha: Agency, lena: Landlord) -> ConnectSession:
    """The landlord has gone to HMRC."""
    with tenant(alpha):
        by = Principal(PrincipalKind.LANDLORD, lena.pk, frozenset())
        return connections.begin(by=by, landlord_id=lena.pk, return_url="", nino=None, now=clock.now()).session


def deliver(agency: Agency) -> str:
    """Whatever is to be mailed goes; the last mail's text."""
    with tenant(agency):
        for request in LinkRequest.objects.all():
            sign_in.run(request_id=request.pk, now=clock.now())
        for mail in Mail.objects.filter(status="queued"):
            posting.run(mail_id=mail.pk)
    return str(outgoing_mail.outbox[-1].body) if outgoing_mail.outbox else ""


class TestAStartPage:
    def test_says_what_is_needed_and_names_nobody(self, outsider: Caller, lena: Landlord) -> None:
        answer = outsider.get("start-page")

        said = answer.json()
        assert (answer.status_code, said["agency"]) == (200, ALPHA.name)
        assert [need["code"] for need in said["needs"]] == ["hmrc_account", "mtd_enrolment", "nino"]
        assert all(need["url"].startswith("https://www.gov.uk/") for need in said["needs"])
        assert "Lena" not in answer.content.decode()

    def test_is_an_agencys(self, alpha: Agency) -> None:
        assert problem(Caller("nobody.localhost").get("start-page"))[0] == 404

    def test_and_everything_else_that_a_scanner_opens_spends_nothing(
        self, machine: Caller, outsider: Caller, lena: Landlord
    ) -> None:
        made = machine.post("invitations", {"landlord_id": str(lena.pk)}).json()
        token = made["invitation_token"]

        for path in ("landlord-sessions", "start-page", "mail-opt-outs", f"landlord-sessions?invitation={token}"):
            for method in ("GET", "HEAD", "OPTIONS"):
                outsider.call(method, path)

        assert machine.get(f"invitations/{made['id']}").json()["status"] == "created"
        assert machine.get("funnel").json()["steps"][1]["here"] == 1
        started = outsider.post("landlord-sessions", {"invitation_token": token})
        assert (started.status_code, started.json()["nino_on_file"]) == (201, True)


class TestAFreshLink:
    def test_is_asked_for_by_address_alone_and_the_answer_is_the_same_for_everybody(
        self, outsider: Caller, lena: Landlord, alpha: Agency
    ) -> None:
        known = outsider.post("landlord-sessions/link", {"email": "Lena@post.example"})
        unknown = outsider.post("landlord-sessions/link", {"email": "nobody@post.example"})

        assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
        token = deliver(alpha).partition("#invitation=")[2].split()[0]
        assert [message.to for message in outgoing_mail.outbox] == [["lena@post.example"]]
        started = outsider.post("landlord-sessions", {"invitation_token": token}).json()
        assert bearing(started["token"], host=ALPHA.host).get(f"landlords/{lena.pk}/connection").status_code == 200

    @pytest.mark.parametrize("address", ["lena@post.example", "nobody@post.example"])
    def test_is_asked_for_three_times_in_an_hour(
        self, outsider: Caller, lena: Landlord, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answers = [outsider.post("landlord-sessions/link", {"email": address}) for _ in range(4)]

        assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
        assert problem(answers[-1]) == (429, "request.slow_down")
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600
        later = clock.now() + timedelta(hours=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert outsider.post("landlord-sessions/link", {"email": address}).status_code == 202

    def test_is_not_asked_for_by_one_host_for_everybody(self, outsider: Caller, alpha: Agency) -> None:
        answers = [outsider.post("landlord-sessions/link", {"email": f"l{n}@post.example"}) for n in range(31)]

        assert [answer.status_code for answer in answers] == [202] * 30 + [429]

    def test_is_of_the_agency_at_hand(self, lena: Landlord, beta: Agency) -> None:
        Caller(BETA.host).post("landlord-sessions/link", {"email": "lena@post.example"})

        assert deliver(beta) == ""


class TestACode:
    def test_goes_on_where_the_landlord_was(
        self, outsider: Caller, alpha: Agency, lena: Landlord, flow: ConnectSession
    ) -> None:
        with tenant(alpha):
            completion = connections.receive(session_id=flow.pk, code="hmrcs-code", now=clock.now())
        asked = outsider.post("landlord-sessions/code", {"connect_session": str(flow.pk)})
        code = deliver(alpha).split("\n\n")[2]

        resumed = outsider.post("landlord-sessions/resume", {"connect_session": str(flow.pk), "code": code})

        assert (asked.status_code, resumed.status_code) == (202, 201)
        landlord = bearing(resumed.json()["token"], host=ALPHA.host)
        done = landlord.post(f"connect-sessions/{flow.pk}/complete", {"completion_code": completion})
        assert (done.status_code, done.json()["status"]) == (202, "exchanging")

    def test_is_answered_alike_for_a_session_that_is_none(
        self, outsider: Caller, alpha: Agency, flow: ConnectSession
    ) -> None:
        sessions = [str(flow.pk), str(new_id())]

        answers = [outsider.post("landlord-sessions/code", {"connect_session": each}) for each in sessions]

        assert answers[0].content == answers[1].content
        with tenant(alpha):
            assert SignInCode.objects.count() == 1

    def test_is_not_for_what_the_agency_began(self, outsider: Caller, alpha: Agency, lena: Landlord) -> None:
        with tenant(alpha):
            begun = connections.begin(by=SYSTEM, landlord_id=lena.pk, return_url="", nino=None, now=clock.now())

        outsider.post("landlord-sessions/code", {"connect_session": str(begun.session.pk)})

        assert deliver(alpha) == ""

    def test_that_is_wrong_counts_although_it_is_refused(
        self, outsider: Caller, alpha: Agency, lena: Landlord, flow: ConnectSession
    ) -> None:
        outsider.post("landlord-sessions/code", {"connect_session": str(flow.pk)})
        code = deliver(alpha).split("\n\n")[2]
        wrong = f"{(int(code) + 1) % 10**6:06}"

        answers = [_resume(outsider, flow, wrong) for _ in range(5)]

        assert {problem(answer) for answer in answers} == {(422, "sign_in.wrong_code")}
        assert problem(_resume(outsider, flow, code)) == (422, "sign_in.wrong_code")

    @pytest.mark.parametrize("code", ["12345", "1234567", "١٢٣٤٥٦", "abcdef", "12345\n"])
    def test_that_is_no_code_is_not_looked_at(self, outsider: Caller, flow: ConnectSession, code: str) -> None:
        answer = _resume(outsider, flow, code)

        assert "/code" in pointers(answer)

    def test_is_in_no_answer(self, outsider: Caller, alpha: Agency, flow: ConnectSession, lena: Landlord) -> None:
        with tenant(alpha):
            codes.ask(landlord=lena, connect_session_id=flow.pk, now=clock.now())
        code = deliver(alpha).split("\n\n")[2]

        assert code not in _resume(outsider, flow, "000000" if code != "000000" else "000001").content.decode()


def test_a_landlord_opts_out_by_the_link_in_a_mail(
    outsider: Caller, machine: Caller, alpha: Agency, lena: Landlord
) -> None:
    machine.post("invitations", {"landlord_id": str(lena.pk), "deliver": "mail"})
    token = deliver(alpha).partition("/opt-out#invitation=")[2].split()[0]

    answer = outsider.post("mail-opt-outs", {"invitation_token": token})

    assert answer.status_code == 204
    assert machine.get(f"landlords/{lena.pk}/mail-stop").json() == {"reason": "opted_out"}
    refused = machine.post("invitations", {"landlord_id": str(lena.pk), "deliver": "mail"})
    assert problem(refused) == (422, "landlord.mail_stopped")
    machine.delete(f"landlords/{lena.pk}/mail-stop")
    assert machine.get(f"landlords/{lena.pk}/mail-stop").json() == {"reason": None}


class TestOneClick:
    @pytest.fixture
    def address(self, machine: Caller, alpha: Agency, lena: Landlord, settings: Any) -> str:
        """Where a mail program takes its reader off the list."""
        settings.PUBLIC_URL = "https://connect.example"
        machine.post("invitations", {"landlord_id": str(lena.pk), "deliver": "mail"})
        deliver(alpha)
        first = str(outgoing_mail.outbox[-1].extra_headers["List-Unsubscribe"]).partition(",")[0].strip("<>")
        return first.removeprefix("https://connect.example")

    @pytest.mark.parametrize(
        ("kind", "body"),
        [
            ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
            (
                "multipart/form-data; boundary=x",
                b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
            ),
        ],
    )
    def test_takes_the_reader_off_at_once_and_shows_nothing(
        self, address: str, machine: Caller, lena: Landlord, kind: str, body: bytes
    ) -> None:
        for _ in range(2):
            answer = Caller("localhost").call("POST", address, raw=body, content_type=kind)
            assert (answer.status_code, answer.content) == (204, b"")

        assert machine.get(f"landlords/{lena.pk}/mail-stop").json() == {"reason": "opted_out"}

    def test_is_nothing_that_a_scanner_does(self, address: str, machine: Caller, lena: Landlord) -> None:
        assert Caller("localhost").get(address).status_code == 405
        assert Caller("localhost").call("HEAD", address).status_code == 405
        assert problem(_clicked(address, b""))[0] == 422
        assert problem(_clicked(address, b"List-Unsubscribe=No"))[0] == 422

        assert machine.get(f"landlords/{lena.pk}/mail-stop").json() == {"reason": None}

    def test_is_what_we_have_made_ourselves(self, address: str, machine: Caller, lena: Landlord, beta: Agency) -> None:
        head, _, token = address.rpartition("/")
        mail_id, agency_id, proof = token.split(".")
        forged = [
            f"{mail_id}.{agency_id}.{'0' * 32}",
            f"{mail_id}.{beta.pk.hex}.{proof}",
            f"{new_id().hex}.{agency_id}.{proof}",
            f"{mail_id}.{new_id().hex}.{proof}",
            f"{mail_id}.{agency_id}.{proof}0",
            "x",
        ]

        assert {problem(_clicked(f"{head}/{each}")) for each in forged} == {(404, "not_found")}
        assert machine.get(f"landlords/{lena.pk}/mail-stop").json() == {"reason": None}

    def test_is_good_for_nothing_else(self, address: str, outsider: Caller) -> None:
        token = address.rpartition("/")[2]

        for path in ("landlord-sessions", "mail-opt-outs"):
            assert outsider.post(path, {"invitation_token": token}).status_code == 401
        assert bearing(token, host=ALPHA.host).get("me").status_code == 401


def _clicked(address: str, body: bytes = b"List-Unsubscribe=One-Click") -> Any:
    return Caller("localhost").call("POST", address, raw=body, content_type="application/x-www-form-urlencoded")


def test_staff_note_an_opt_out_and_a_bounce(machine: Caller, alpha: Agency, lena: Landlord) -> None:
    assert machine.post("bounces", {"email": "lena@post.example"}).json() == {"landlords": 1}
    assert machine.get(f"landlords/{lena.pk}/mail-stop").json() == {"reason": "bounced"}

    said: Any = machine.call("PUT", f"landlords/{lena.pk}/mail-stop")

    assert said.json() == {"reason": "opted_out"}
    with tenant(alpha):
        assert stops.why_not(lena) == "opted_out"


def _resume(caller: Caller, flow: ConnectSession, code: str) -> Any:
    return caller.post("landlord-sessions/resume", {"connect_session": str(flow.pk), "code": code})
