"""A connection as the API shows it: why it is so, what to do and where; and its end at the agency's wish."""

from datetime import timedelta
from typing import Any

import pytest

from hmrc_oauth.models import Connection, ConnectionState, Grant
from mtd.models import Submission
from tenants.context import tenant
from tenants.models import Agency, Due
from tests.api.callers import Caller, landlord_caller, pointers, problem
from tests.api.world import World
from tests.cast import ALPHA

NOBODY_ACTS = {"active", "refreshing", "uncertain"}


@pytest.fixture
def shown(machine: Caller, alpha: Agency, alphas: World) -> Any:
    """The connection, after its rows were given these values."""

    def show(*, grant: str = "active", **connection: Any) -> dict[str, Any]:
        with tenant(alpha):
            Connection.objects.update(**connection)
            lease = Grant.objects.get().ends_at if grant == "refreshing" else None
            Grant.objects.update(status=grant, lease_ends_at=lease)
        return dict(machine.get(f"landlords/{alphas.landlord_id}/connection").json())

    return show


def _rows_of(state: str) -> dict[str, Any]:
    return {"grant": state} if state in {"refreshing", "uncertain"} else {"state": state}


@pytest.mark.parametrize("state", ConnectionState.values)
def test_every_state_says_where_a_human_goes_if_and_only_if_one_must(shown: Any, alphas: World, state: str) -> None:
    said = shown(**_rows_of(state))

    assert said["state"] == state
    here = f"{ALPHA.front_end}/connect?landlord={alphas.landlord_id}"
    assert said["connect_url"] == (None if state in NOBODY_ACTS else here)
    assert bool(said["user_action"]) is (state not in {"active", "refreshing"})


def test_without_a_front_end_it_is_the_path_to_post_to(
    shown: Any, machine: Caller, alpha: Agency, alphas: World
) -> None:
    Agency.objects.filter(pk=alpha.pk).update(front_end_url="")

    said = shown(state="reconnect_required", reason_code="refused")

    begun = machine.post(said["connect_url"])
    assert (begun.status_code, bool(begun.json()["authorization_url"])) == (201, True)


@pytest.mark.parametrize(
    ("reason", "stored", "causes"),
    [
        ("refused", [], ["revoked", "grant_ended"]),
        ("grant_ended", [], []),
        ("not_enrolled", ["not_enrolled", "nino_mismatch"], ["not_enrolled", "nino_mismatch"]),
        ("", [], []),
    ],
)
def test_causes_are_named_where_hmrc_does_not_tell_them_apart(
    shown: Any, reason: str, stored: list[str], causes: list[str]
) -> None:
    said = shown(state="reconnect_required", reason_code=reason, possible_causes=stored)

    assert (said["reason_code"], said["possible_causes"]) == (reason, causes)


def test_the_grants_end_is_shown_and_can_be_asked_for(
    shown: Any, machine: Caller, alpha: Agency, alphas: World
) -> None:
    said = shown()
    with tenant(alpha):
        end = Grant.objects.get().ends_at

    assert said["grant_expires_at"] == end.isoformat().replace("+00:00", "Z")
    for before, found in ((end, 0), (end + timedelta(seconds=1), 1)):
        page = machine.get(f"connections?grant_expires_before={before.isoformat().replace('+00:00', 'Z')}").json()
        assert len(page["results"]) == found


class TestDisconnecting:
    @pytest.mark.parametrize("query", ["", "?work=park"])
    def test_keeps_what_waits_and_says_where_hmrc_still_lists_the_authority(
        self, machine: Caller, alpha: Agency, alphas: World, query: str
    ) -> None:
        path = f"landlords/{alphas.landlord_id}/connection"

        assert machine.delete(path + query).status_code == 204

        said = machine.get(path).json()
        assert (said["state"], said["reason_code"]) == ("disconnected", "disconnected")
        assert "/applications-manage-authority" in said["user_action"]
        assert machine.get(f"submissions/{alphas.submission_id}").json()["status"] == "queued"
        assert Due.objects.filter(agency_id=alpha.pk, kind="tell_landlord").count() == 1

    def test_cancels_what_waits_if_asked_to(self, machine: Caller, alpha: Agency, alphas: World) -> None:
        assert machine.delete(f"landlords/{alphas.landlord_id}/connection?work=cancel").status_code == 204

        said = machine.get(f"submissions/{alphas.submission_id}").json()
        assert (said["status"], said["reason_code"]) == ("cancelled", "hmrc.not_connected")
        assert machine.get(f"operations/{alphas.submission_id}").json()["status"] == "failed"
        assert not Due.objects.filter(agency_id=alpha.pk, kind="submit").exists()

    def test_knows_no_other_way(self, machine: Caller, alpha: Agency, alphas: World) -> None:
        answer = machine.delete(f"landlords/{alphas.landlord_id}/connection?work=burn")

        assert (problem(answer)[0], pointers(answer)) == (422, {"?work": "invalid_choice"})
        with tenant(alpha):
            assert Connection.objects.get().state == "active"

    def test_is_the_landlords_right_too(self, alpha: Agency, alphas: World) -> None:
        landlord = landlord_caller(alpha, alphas.landlord_id, host=ALPHA.host)

        assert landlord.delete(f"landlords/{alphas.landlord_id}/connection?work=cancel").status_code == 204

        with tenant(alpha):
            assert Submission.objects.get(pk=alphas.submission_id).status == "cancelled"


class TestWhoAsksToReconnect:
    def test_is_quarterday_unless_the_agency_says_otherwise(self, machine: Caller) -> None:
        assert machine.get("agency").json()["reconnect_mail"] == "landlord"

        changed = machine.patch("agency", {"reconnect_mail": "agency"})

        assert (changed.status_code, changed.json()["reconnect_mail"]) == (200, "agency")

    def test_is_one_of_the_two(self, machine: Caller) -> None:
        answer = machine.patch("agency", {"reconnect_mail": "nobody"})

        assert (problem(answer)[0], pointers(answer)) == (422, {"/reconnect_mail": "invalid_choice"})
