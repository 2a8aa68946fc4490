"""People with a fixed outcome, and the lever: through the real API, workers and stand-in."""

from typing import Any
from uuid import uuid4

import pytest

from tests.stack.cast import Landlord
from tests.stack.world import World, until

pytestmark = pytest.mark.stack

A_MINUTE = 61


@pytest.fixture(scope="module")
def magic(world: World) -> dict[str, Landlord]:
    """A landlord of the agency for each outcome."""
    return {outcome: _landlord(world, user) for outcome, user in world.hmrc.magic().items()}


@pytest.fixture(scope="module")
def losing(magic: dict[str, Landlord], world: World) -> Landlord:
    """The one whose refresh is lost: asked for first, since a doubt lasts as long as a lease."""
    lost = magic["lost"]
    lost.connect()
    world.agency.post(f"landlords/{lost.id}/connection/refresh", expect=202)
    return lost


def test_one_connects(losing: Landlord, magic: dict[str, Landlord]) -> None:
    assert magic["connects"].connect()["state"] == "active"


def test_one_denies(magic: dict[str, Landlord]) -> None:
    landlord = magic["denies"]
    back = landlord.go(landlord.begin())

    assert back.said["status"] == "denied"
    assert (landlord.connection()["state"], landlord.connection()["reason_code"]) == ("not_connected", "denied")


def test_one_is_not_signed_up(magic: dict[str, Landlord]) -> None:
    landlord = magic["not_enrolled"]
    back = landlord.go(landlord.begin())
    landlord.complete(back)

    session = landlord.until_settled(back.said["connect_session"])

    assert session["status"] == "failed"
    assert "not_enrolled" in session["possible_causes"]  # HMRC does not tell it from another's number
    assert landlord.connection()["state"] == "not_authorised"


def test_one_is_throttled_and_connects_all_the_same(magic: dict[str, Landlord]) -> None:
    landlord = magic["throttled"]
    landlord.complete(landlord.go(landlord.begin()))

    assert landlord.until_state("active", within=60)["generation"] == 1
    assert landlord.businesses()


def test_one_is_slow_and_connects_all_the_same(magic: dict[str, Landlord]) -> None:
    landlord = magic["slow"]
    landlord.complete(landlord.go(landlord.begin()))

    assert landlord.until_state("active", within=60)["generation"] == 1


class TestTheLever:
    @pytest.mark.parametrize("action", ["revoke", "expire"])
    def test_ends_a_permission_at_hmrc(self, action: str, world: World, magic: dict[str, Landlord]) -> None:
        landlord = magic["connects"]
        connection = landlord.connect()

        assert act(world, connection, action)["grants"] >= 1

        assert landlord.connection()["state"] == "active"  # until it is used
        world.agency.post(f"landlords/{landlord.id}/connection/refresh", expect=202)
        assert landlord.until_state("reconnect_required")["reason_code"]

    def test_tells_an_event_that_happened_to_nobody(self, world: World, connected: Landlord) -> None:
        connection = connected.connection()

        fired = act(world, connection, "fire_webhook", event_type="connection.expiring")

        told = until(lambda: world.agency.feed("events", subject_id=connection["id"], type="connection.expiring"))
        assert [(each["id"], each["data"]["test"]) for each in told] == [(fired["event_id"], True)]
        assert connected.connection() == connection

    def test_knows_nobody_but_the_stand_ins_people(self, world: World, landlord: Landlord) -> None:
        made = world.agency.post("landlords", {"reference": f"T-{uuid4()}", "full_name": "Nobody", "nino": "CE987654D"})
        world.seen.add("NINO", "CE987654D")
        connection = world.agency.get(f"landlords/{made['id']}/connection")

        problem = world.agency.post(f"sandbox/connections/{connection['id']}/actions", {"action": "revoke"}, expect=409)

        assert problem["code"] == "sandbox.unknown_person"


def test_one_takes_it_back_after_a_minute(world: World, magic: dict[str, Landlord]) -> None:
    landlord = magic["revoked_later"]
    landlord.connect()
    world.hmrc.pass_time(A_MINUTE)

    world.agency.post(f"landlords/{landlord.id}/connection/refresh", expect=202)

    assert landlord.until_state("reconnect_required")["possible_causes"]


@pytest.mark.timeout(240)
def test_ones_refresh_is_lost_which_is_never_silent(world: World, losing: Landlord) -> None:
    ended = losing.until_state("reconnect_required", within=150)

    assert ended["reason_code"] == "lost"
    events = world.agency.feed("events", subject_id=ended["id"])
    assert {"connection.uncertain", "connection.reconnect_required"} <= {each["type"] for each in events}


def act(world: World, connection: Any, action: str, **more: str) -> Any:
    return world.agency.post(f"sandbox/connections/{connection['id']}/actions", {"action": action, **more}, expect=200)


def _landlord(world: World, user: Any) -> Landlord:
    made = world.agency.post(
        "landlords", {"reference": f"M-{uuid4()}", "full_name": "Magda Fairweather", "nino": user.nino}
    )
    return Landlord(made["id"], user, world)
