"""One link, one landlord."""

import re

import pytest

from tests.stack.api import Api
from tests.stack.cast import Landlord
from tests.stack.conftest import MakeLandlord
from tests.stack.world import World, until

pytestmark = pytest.mark.stack


def _invited(world: World, landlord: Landlord) -> Api:
    """The API as this landlord sees it after opening their link."""
    invitation = world.agency.post("invitations", {"landlord_id": landlord.id})
    session = world.api().post("landlord-sessions", {"invitation_token": invitation["invitation_token"]})
    assert session["landlord_id"] == landlord.id
    return world.api(session["token"])


def _mailed_link(world: World, address: str) -> str:
    """The token in the newest mail to this address; empty if none has come."""
    mails = [file.read_text() for file in sorted((world.home / "mail").glob("*"))]
    found = [re.findall(r"#invitation=(\S+)", mail) for mail in mails if address in mail]
    return found[-1][-1] if found else ""


def test_an_invited_landlord_connects_by_themselves(world: World, landlord: Landlord) -> None:
    own = _invited(world, landlord)

    landlord.complete(landlord.go(landlord.begin(own)), own)

    assert landlord.until_state("active")["generation"] == 1
    assert landlord.connection(own)["state"] == "active"


def test_a_landlord_who_lost_the_session_goes_on_in_another(world: World, landlord: Landlord) -> None:
    back = landlord.go(landlord.begin(_invited(world, landlord)))

    landlord.complete(back, _invited(world, landlord))

    landlord.until_state("active")


def test_what_a_landlord_began_is_not_the_agencys_to_complete(world: World, landlord: Landlord) -> None:
    back = landlord.go(landlord.begin(_invited(world, landlord)))

    problem = landlord.complete(back, expect=409)

    assert problem["code"] == "connect.other_principal"


class TestALandlord:
    def test_cannot_see_another(self, world: World, landlord: Landlord, landlord_of: MakeLandlord) -> None:
        own, other = _invited(world, landlord), landlord_of()
        begun = other.begin()

        answers = [
            own.call("GET", f"landlords/{other.id}/connection"),
            own.call("POST", f"landlords/{other.id}/connection/authorize", json={}),
            own.call("GET", f"landlords/{other.id}/businesses"),
            own.call("GET", f"connect-sessions/{begun['connect_session']}"),
        ]

        assert [answer.status_code for answer in answers] == [404] * 4

    def test_cannot_do_what_is_the_agencys(self, world: World, landlord: Landlord) -> None:
        own = _invited(world, landlord)

        answers = [own.call("GET", path) for path in ("landlords", "events", "audit-events", "api-keys", "staff")]

        assert [answer.status_code for answer in answers] == [403] * 5


def test_a_revoked_invitation_opens_nothing(world: World, landlord: Landlord) -> None:
    invitation = world.agency.post("invitations", {"landlord_id": landlord.id})
    token = invitation["invitation_token"]
    own = world.api(world.api().post("landlord-sessions", {"invitation_token": token})["token"])

    world.agency.call("DELETE", f"invitations/{invitation['id']}", expect=204)

    assert own.call("GET", f"landlords/{landlord.id}/connection").status_code == 401
    assert world.api().call("POST", "landlord-sessions", json={"invitation_token": token}).status_code == 401


def test_a_landlord_whose_authority_was_removed_connects_again_by_the_link_in_their_mail(
    world: World, connected: Landlord
) -> None:
    address = f"{connected.id}@post.example"
    world.agency.call("PATCH", f"landlords/{connected.id}", json={"email": address}, expect=200)
    asked = connected.quarter()
    world.hmrc.pass_time(3600)  # a token that HMRC has just given is not given up for one 401
    world.hmrc.revoke(connected.user)
    waiting = world.agency.submit(asked)["id"]

    token = until(lambda: _mailed_link(world, address), bool)
    own = world.api(world.api().post("landlord-sessions", {"invitation_token": token})["token"])
    connected.complete(connected.go(connected.begin(own)), own)

    connected.until_submission(waiting, "accepted")
    again = world.api().call("POST", "landlord-sessions", json={"invitation_token": token}, expect=410)
    assert again.json()["code"] == "invitation.not_usable"
