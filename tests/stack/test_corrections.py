"""HMRC says no to the first read: what may be wrong is said, and is put right without another sign-in at HMRC."""

import pytest

from tests.stack.cast import Landlord
from tests.stack.conftest import MakeLandlord
from tests.stack.world import World

pytestmark = pytest.mark.stack

SOMEBODY_ELSES = "AC345678D"


@pytest.fixture
def mistaken(landlord_of: MakeLandlord) -> Landlord:
    """A landlord with a wrong number on file, back from HMRC."""
    landlord = landlord_of(nino=SOMEBODY_ELSES)
    landlord.complete(landlord.go(landlord.begin()))
    landlord.until_state("not_authorised")
    return landlord


@pytest.fixture(autouse=True)
def _free_the_number(world: World) -> None:
    """One landlord a number: whoever had this one before gives it up."""
    for landlord in world.agency.feed("landlords"):
        if landlord["nino"] == f"{SOMEBODY_ELSES[:2]}****{SOMEBODY_ELSES[-3:]}":
            world.agency.call("PATCH", f"landlords/{landlord['id']}", json={"nino": _spare(world)}, expect=200)


def _spare(world: World) -> str:
    return world.hmrc.add_user().nino


class TestAWrongNumber:
    def test_is_a_reason_with_everything_that_may_have_caused_it(self, mistaken: Landlord) -> None:
        connection = mistaken.connection()

        assert connection["reason_code"] == "nino_mismatch"
        assert set(connection["possible_causes"]) == {"nino_mismatch", "wrong_account", "not_enrolled"}
        assert "National Insurance number" in connection["user_action"]
        assert connection["connect_url"] is not None

    def test_ends_the_session_with_the_same_reason(self, world: World, mistaken: Landlord) -> None:
        events = world.agency.feed("events", type="connection.not_authorised")

        told = [event for event in events if event["subject_id"] == mistaken.connection()["id"]]

        assert [event["data"]["reason_code"] for event in told] == ["nino_mismatch"]

    def test_is_corrected_without_signing_in_again(self, world: World, mistaken: Landlord) -> None:
        path = f"landlords/{mistaken.id}/connection/check"

        world.agency.post(path, {"nino": mistaken.user.nino}, expect=202)

        assert mistaken.until_state("active")["reason_code"] == ""
        assert world.witness.count("authorization code", user_id=mistaken.user.user_id) == 1

    def test_may_be_corrected_three_times(self, world: World, mistaken: Landlord) -> None:
        path = f"landlords/{mistaken.id}/connection/check"
        for _ in range(3):
            checking = world.agency.post(path, {"nino": _spare(world)}, expect=202)
            assert world.until_finished(checking)["status"] == "failed"

        problem = world.agency.post(path, {"nino": mistaken.user.nino}, expect=409)

        assert problem["code"] == "connect.no_tries_left"
        assert mistaken.connection()["state"] == "not_authorised"

    def test_cannot_be_filed_for(self, world: World, mistaken: Landlord) -> None:
        path = f"landlords/{mistaken.id}/businesses"

        problem = world.agency.get(path, expect=409)

        assert problem["code"] == "hmrc.not_connected"


def test_somebody_who_signs_up_later_is_connected_by_a_check(world: World, landlord_of: MakeLandlord) -> None:
    landlord = landlord_of(enrolled=False)
    landlord.complete(landlord.go(landlord.begin()))
    assert "not_enrolled" in landlord.until_state("not_authorised")["possible_causes"]

    world.hmrc.enrol(landlord.user)
    world.agency.post(f"landlords/{landlord.id}/connection/check", expect=202)

    landlord.until_state("active")
    assert world.witness.count("authorization code", user_id=landlord.user.user_id) == 1
