"""The whole way as a landlord goes it: a mail, a scanner, Start, HMRC, a lost tab, a code, connected, ready."""

import re
from uuid import uuid4

import pytest

from tests.stack.api import Api
from tests.stack.cast import Landlord
from tests.stack.conftest import MakeLandlord
from tests.stack.mails import newest
from tests.stack.world import World, until

pytestmark = pytest.mark.stack


def token_in(text: str) -> str:
    return str(re.findall(r"/connect#invitation=(\S+)", text)[0])


def invite_by_campaign(world: World, landlord: Landlord) -> str:
    """The agency's doing; the campaign's id."""
    world.agency.call("PATCH", f"landlords/{landlord.id}", json={"email": _address(landlord)}, expect=200)
    body = {"name": f"C-{uuid4()}", "kind": "connect", "landlord_ids": [landlord.id], "deliver": "mail"}
    return str(world.agency.post("campaigns", body)["id"])


def stage(world: World, campaign: str) -> str:
    """Where the one landlord of the campaign stands."""
    (row,) = world.agency.get(f"campaigns/{campaign}/landlords")["results"]
    return str(row["stage"])


def _address(landlord: Landlord) -> str:
    return f"{landlord.id}@post.example"


def test_a_landlord_goes_the_whole_way(world: World, landlord: Landlord) -> None:
    campaign = invite_by_campaign(world, landlord)
    text = newest(world, _address(landlord), "connect HMRC")
    token, anybody = token_in(text), world.api()

    # A scanner opens what it finds; the landlord reads what they need.
    for path in ("landlord-sessions", "start-page", "mail-opt-outs"):
        anybody.call("GET", path)
    needs = {need["code"] for need in anybody.get("start-page")["needs"]}
    assert needs == {"hmrc_account", "mtd_enrolment", "nino"}
    assert stage(world, campaign) == "invited"

    # Start, and away to HMRC.
    own = world.api(anybody.post("landlord-sessions", {"invitation_token": token})["token"])
    assert stage(world, campaign) == "opened"
    begun = landlord.begin(own)
    assert stage(world, campaign) == "at_hmrc"
    back = landlord.go(begun)

    # The tab is gone with its session: six digits bring another one, for the same landlord.
    again = resume(world, landlord, begun["connect_session"])
    landlord.complete(back, again)
    until(lambda: stage(world, campaign), lambda seen: seen in {"connected", "ready"})

    # HMRC is asked by itself whether updates can be sent.
    until(lambda: stage(world, campaign), lambda seen: seen == "ready", within=40)
    readiness = landlord.connection()["readiness"]
    assert (readiness["status"], readiness["itsa_status"], readiness["businesses"]) == ("ready", "MTD Mandated", 1)
    assert readiness["next_due_date"]
    assert world.agency.get(f"landlords/{landlord.id}")["readiness"] == "ready"

    # Later they come back without account or password.
    anybody.post("landlord-sessions/link", {"email": _address(landlord)}, expect=202)
    link = token_in(newest(world, _address(landlord), "your link"))
    back_again = world.api(anybody.post("landlord-sessions", {"invitation_token": link})["token"])
    assert landlord.connection(back_again)["state"] == "active"


def started(world: World, landlord: Landlord) -> Api:
    """The API as whoever has the landlord's link sees it."""
    token = world.agency.post("invitations", {"landlord_id": landlord.id})["invitation_token"]
    return world.api(world.api().post("landlord-sessions", {"invitation_token": token})["token"])


def resume(world: World, landlord: Landlord, session: str) -> Api:
    """The landlord asks for a code, reads it, and types it."""
    anybody = world.api()
    anybody.post("landlord-sessions/code", {"connect_session": session}, expect=202)
    text = newest(world, _address(landlord), "your code")
    code = re.findall(r"^([0-9]{6})$", text, re.MULTILINE)[0]
    given = {"connect_session": session, "code": code}
    return world.api(anybody.post("landlord-sessions/resume", given)["token"])


def test_a_forwarded_link_binds_nobody_else(world: World, landlord: Landlord) -> None:
    spouse = world.hmrc.add_user()
    own = started(world, landlord)

    begun = landlord.begin(own, nino=spouse.nino)
    as_spouse = Landlord(landlord.id, spouse, world)
    as_spouse.complete(as_spouse.go(begun), own)

    held = until(landlord.connection, lambda seen: seen["reason_code"] == "nino_unconfirmed")
    assert held["state"] == "not_authorised"
    assert world.agency.get(f"landlords/{landlord.id}/businesses", expect=409)["code"] == "nino.unconfirmed"
    world.agency.post(f"landlords/{landlord.id}/connection/nino/refuse", expect=200)
    assert landlord.connection()["state"] == "not_connected"
    landlord.connect()


def test_a_number_that_staff_confirm_makes_the_connection_work(world: World, landlord_of: MakeLandlord) -> None:
    landlord = landlord_of(on_file=False)
    own = started(world, landlord)
    landlord.complete(landlord.go(landlord.begin(own, nino=landlord.user.nino)), own)
    until(landlord.connection, lambda seen: seen["reason_code"] == "nino_unconfirmed")

    world.agency.post(f"landlords/{landlord.id}/connection/nino/confirm", expect=202)

    landlord.until_state("active")
    assert world.witness.count("authorization code", user_id=landlord.user.user_id) == 1
