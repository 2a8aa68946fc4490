"""A landlord, their agency and HMRC: from "Connect to HMRC" to active."""

import time

import pytest

from tests.stack.cast import RETURN_URL, Landlord
from tests.stack.conftest import MakeLandlord
from tests.stack.world import World

pytestmark = pytest.mark.stack


def test_a_landlord_who_grants_it_is_connected(landlord: Landlord) -> None:
    back = landlord.go(landlord.begin())

    landlord.complete(back)
    began = time.monotonic()
    connection = landlord.until_state("active")

    print(f"complete to active: {time.monotonic() - began:.2f} s")  # noqa: T201 - shown by pytest -s
    assert (connection["reason_code"], connection["user_action"], connection["connect_url"]) == ("", "", None)
    assert connection["generation"] == 1
    assert connection["grant_expires_at"] > connection["access_expires_at"] > connection["connected_at"]
    assert landlord.session(back.said["connect_session"])["status"] == "connected"


def test_the_way_back_says_which_session_and_that_it_is_pending(landlord: Landlord) -> None:
    begun = landlord.begin()

    back = landlord.go(begun)

    assert back.onward.startswith(f"{RETURN_URL}?")
    assert back.said["connect_session"] == begun["connect_session"]
    assert back.said["status"] == "pending"
    assert landlord.session(begun["connect_session"])["status"] == "returned"


def test_a_session_left_at_hmrc_waits_there_and_says_how_hmrc_is(world: World, landlord: Landlord) -> None:
    begun = landlord.begin()

    session = landlord.session(begun["connect_session"])

    assert session["status"] == "waiting_at_hmrc"
    assert session["hmrc"]["status"] in {"available", "unknown"}
    assert session["hmrc"]["availability_page"] == f"{world.demo['sandbox_url']}/"
    assert landlord.connection()["state"] == "connecting"


def test_nothing_is_sent_to_hmrc_before_the_completion(world: World, landlord: Landlord) -> None:
    before = world.witness.count("access token", user_id=landlord.user.user_id)

    landlord.go(landlord.begin())

    assert before == world.witness.count("access token", user_id=landlord.user.user_id) == 0
    assert world.witness.count("authorization code", user_id=landlord.user.user_id) == 1


def test_a_landlord_without_a_business_is_connected(landlord_of: MakeLandlord) -> None:
    landlord = landlord_of(businesses=[])

    landlord.connect()

    assert landlord.businesses() == []


class TestWithoutANationalInsuranceNumber:
    def test_on_file_or_typed_nobody_is_redirected(self, world: World, landlord_of: MakeLandlord) -> None:
        landlord = landlord_of(on_file=False)
        path = f"landlords/{landlord.id}/connection/authorize"

        problem = world.agency.post(path, {"return_url": RETURN_URL}, expect=422)

        assert problem["code"] == "hmrc.nino_missing"
        assert problem["user_action"]
        assert landlord.connection()["state"] == "not_connected"

    def test_on_file_one_that_is_typed_is_kept_once_hmrc_confirms_it(
        self, world: World, landlord_of: MakeLandlord
    ) -> None:
        landlord = landlord_of(on_file=False)
        nino = landlord.user.nino

        landlord.complete(landlord.go(landlord.begin(nino=f" {nino[:2]} {nino[2:].lower()}")))

        assert world.agency.get(f"landlords/{landlord.id}")["nino"] is None
        landlord.until_state("active")
        assert world.agency.get(f"landlords/{landlord.id}")["nino"] == f"{nino[:2]}****{nino[-3:]}"


class TestTwoTabs:
    def test_are_two_sessions_and_the_newest_grant_wins(self, world: World, landlord: Landlord) -> None:
        first, second = landlord.go(landlord.begin()), landlord.go(landlord.begin())
        landlord.complete(second)
        landlord.until_settled(second.said["connect_session"])

        landlord.complete(first)
        landlord.until_settled(first.said["connect_session"])

        sessions = [landlord.session(back.said["connect_session"])["status"] for back in (first, second)]
        assert sessions == ["connected", "connected"]
        assert landlord.connection()["generation"] == 2
        world.agency.get(f"landlords/{landlord.id}/businesses", refresh="true", expect=202)

    def test_one_denied_leaves_the_other_alone(self, landlord: Landlord) -> None:
        granted = landlord.go(landlord.begin())

        denied = landlord.go(landlord.begin(), decision="deny")
        landlord.complete(granted)

        assert denied.said["status"] == "denied"
        assert landlord.until_state("active")["reason_code"] == ""
