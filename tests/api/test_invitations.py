"""/invitations."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import TestCase

from tenants import clock
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


def test_a_mailed_invitation_goes_to_the_landlord(machine: Caller, lena: str, alpha: Agency) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        made = machine.post("invitations", {"landlord_id": lena, "deliver": "mail"}).json()

    assert (made["status"], made["sent_at"] is not None) == ("sent", True)
    assert [message.to for message in mail.outbox] == [["lena@post.example"]]
    assert re.search(r"https://alpha\.example/connect#invitation=qdi_\w+", str(mail.outbox[0].body))


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
