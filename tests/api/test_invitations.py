"""/invitations."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import TestCase

from events.models import AuditEvent
from landlords import posting
from landlords.models import Invitation, Mail
from tenants import clock
from tenants.context import tenant
from tenants.models import Agency
from tests.api.callers import Caller, pointers, problem
from tests.cast import ALPHA


@pytest.fixture
def lena(machine: Caller) -> str:
    """A landlord's id."""
    return str(machine.post("landlords", {"full_name": "Lena", "email": "lena@post.example"}).json()["id"])


def test_a_link_is_handed_over_once_and_never_shown_again(machine: Caller, lena: str) -> None:
    made = machine.post("invitations", {"landlord_id": lena})

    said, address = made.json(), made.headers["Location"]
    assert (made.status_code, said["status"], said["landlord_id"]) == (201, "created", lena)
    assert said["url"] == f"{ALPHA.front_end}/connect#invitation={said['invitation_token']}"
    read = machine.get(address)
    assert read.json().items() < said.items()
    assert said["invitation_token"] not in read.content.decode() + machine.get("invitations").content.decode()


def test_a_mailed_invitation_is_queued_and_nothing_is_sent_by_the_api(
    machine: Caller, lena: str, alpha: Agency
) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        made = machine.post("invitations", {"landlord_id": lena, "deliver": "mail"}).json()

    assert (made["status"], made["sent_at"], mail.outbox) == ("created", None, [])
    with tenant(alpha):
        waiting = Mail.objects.get()
        posting.run(mail_id=waiting.pk)
    assert [message.to for message in mail.outbox] == [["lena@post.example"]]
    assert re.search(r"https://alpha\.example/connect#invitation=qdi_\w+", str(mail.outbox[0].body))
    assert machine.get(f"invitations/{made['id']}").json()["status"] == "sent"


class TestABranch:
    def test_shows_a_qr_code_that_is_good_once_and_for_a_quarter_of_an_hour(
        self, machine: Caller, outsider: Caller, lena: str, alpha: Agency
    ) -> None:
        made = machine.post("invitations", {"landlord_id": lena, "deliver": "branch"}).json()
        body = {"invitation_token": made["invitation_token"]}

        assert made["qr_svg"].startswith("<svg")
        assert outsider.post("landlord-sessions", body).json()["landlord_id"] == lena
        assert problem(outsider.post("landlord-sessions", body)) == (410, "invitation.not_usable")
        with tenant(alpha):
            assert AuditEvent.objects.get(action="branch.shown").actor_kind == "api_key"
            life = Invitation.objects.get().expires_at - Invitation.objects.get().created_at
        assert life == timedelta(minutes=15)

    def test_needs_a_front_end(self, machine: Caller, lena: str, alpha: Agency) -> None:
        Agency.objects.filter(pk=alpha.pk).update(front_end_url="")

        for deliver in ("branch", "letter"):
            answer = machine.post("invitations", {"landlord_id": lena, "deliver": deliver})
            assert problem(answer) == (409, "agency.no_front_end")


def test_a_letter_is_a_page_that_loads_nothing_and_holds_no_markup_of_others(machine: Caller) -> None:
    otto = machine.post("landlords", {"full_name": "<script>Otto</script>"}).json()["id"]

    made = machine.post("invitations", {"landlord_id": otto, "deliver": "letter"}).json()

    page = made["letter_html"]
    assert made["url"] in page
    assert "&lt;script&gt;Otto" in page
    assert "<svg" in page
    assert not re.search(r"<script|src=|@import|<link", page)


class TestSendingAgain:
    def test_gives_another_link_and_leaves_the_earlier_ones(
        self, machine: Caller, outsider: Caller, lena: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = machine.post("invitations", {"landlord_id": lena}).json()
        later = clock.now() + timedelta(days=10)
        monkeypatch.setattr(clock, "now", lambda: later)

        again = machine.post(f"invitations/{first['id']}/resend", {"deliver": "link"})

        said = again.json()
        assert (again.status_code, said["id"]) == (200, first["id"])
        assert said["expires_at"] > first["expires_at"]
        for token in (first["invitation_token"], said["invitation_token"]):
            assert outsider.post("landlord-sessions", {"invitation_token": token}).status_code == 201

    def test_by_mail_queues_one(self, machine: Caller, lena: str, alpha: Agency) -> None:
        first = machine.post("invitations", {"landlord_id": lena}).json()

        machine.post(f"invitations/{first['id']}/resend", {})

        with tenant(alpha):
            assert Mail.objects.get().kind == "invitation"

    def test_is_refused_for_one_that_is_revoked_or_good_once(self, machine: Caller, lena: str) -> None:
        revoked = machine.post("invitations", {"landlord_id": lena}).json()
        machine.delete(f"invitations/{revoked['id']}")
        branch = machine.post("invitations", {"landlord_id": lena, "deliver": "branch"}).json()

        for made in (revoked, branch):
            answer = machine.post(f"invitations/{made['id']}/resend", {"deliver": "link"})
            assert problem(answer) == (410, "invitation.not_usable")


def test_a_landlord_without_an_address_gets_no_mail(machine: Caller) -> None:
    otto = machine.post("landlords", {"full_name": "Otto"}).json()["id"]

    answer = machine.post("invitations", {"landlord_id": otto, "deliver": "mail"})

    assert problem(answer) == (422, "landlord.no_email")
    assert machine.get("invitations").json()["results"] == []


def test_an_agency_without_a_front_end_can_not_mail_links(machine: Caller, lena: str, alpha: Agency) -> None:
    Agency.objects.filter(pk=alpha.pk).update(front_end_url="")

    assert problem(machine.post("invitations", {"landlord_id": lena, "deliver": "mail"})) == (
        409,
        "agency.no_front_end",
    )


def test_a_revoked_invitation_says_so(machine: Caller, lena: str) -> None:
    address = machine.post("invitations", {"landlord_id": lena}).headers["Location"]

    assert machine.delete(address).status_code == 204
    assert machine.get(address).json()["status"] == "revoked"


def test_an_invitation_whose_time_is_over_says_so(machine: Caller, lena: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = machine.post("invitations", {"landlord_id": lena})
    later = clock.now() + timedelta(days=60)

    monkeypatch.setattr(clock, "now", lambda: later)

    assert machine.get(made.headers["Location"]).json()["status"] == "expired"


def test_by_letter_or_by_link_and_no_other_way(machine: Caller, lena: str) -> None:
    answer = machine.post("invitations", {"landlord_id": lena, "deliver": "pigeon"})

    assert pointers(answer) == {"/deliver": "invalid_choice"}
