"""What surrounds the landlords: staff, events, the audit trail, the document, health."""

import re
import time

import pytest

from tests.people.clients import totp
from tests.stack.api import Api
from tests.stack.cast import Landlord
from tests.stack.world import World

pytestmark = pytest.mark.stack


class TestStaff:
    @pytest.fixture
    def signed_in(self, world: World) -> Api:
        """The API as the agency's owner sees it, by the app client's session."""
        return world.sign_in()

    def test_with_a_session_can_list_landlords(self, world: World, signed_in: Api) -> None:
        known = {landlord["id"] for landlord in world.demo["landlords"]}

        listed = signed_in.feed("landlords")

        assert known <= {landlord["id"] for landlord in listed}
        assert signed_in.get("me")["kind"] == "staff"

    def test_with_a_made_up_session_cannot(self, world: World) -> None:
        nobody = world.api(**{"X-Session-Token": "made-up-0123456789"})

        problem = nobody.get("landlords", expect=401)

        assert problem["code"] == "auth.required"

    def test_can_set_up_an_authenticator_app(self, world: World, signed_in: Api) -> None:
        again = {"password": world.demo["staff_password"]}
        signed_in.post("/_allauth/app/v1/auth/reauthenticate", again, expect=200)
        secret = signed_in.get("/_allauth/app/v1/account/authenticators/totp", expect=404)["meta"]["secret"]
        world.seen.add("TOTP secret", secret)

        signed_in.post("/_allauth/app/v1/account/authenticators/totp", {"code": totp(secret, time.time())}, expect=200)

        kinds = [one["type"] for one in signed_in.get("/_allauth/app/v1/account/authenticators")["data"]]
        assert "totp" in kinds


class TestWhatHappened:
    def test_is_told_by_events_in_order(self, world: World, connected: Landlord) -> None:
        queued = world.agency.submit(connected.quarter())
        connected.until_submission(queued["id"], "accepted")

        connection = world.agency.feed("events", subject_id=connected.connection()["id"])
        submission = world.agency.feed("events", subject_id=queued["id"])

        assert [event["type"] for event in connection] == ["connection.connected"]
        assert [event["type"] for event in submission] == ["submission.queued", "submission.accepted"]
        assert submission[0]["data"]["landlord_id"] == connected.id

    def test_is_kept_in_the_audit_trail_with_who_did_it(self, world: World, connected: Landlord) -> None:
        reason = "the landlord asked on the telephone"
        revealed = world.agency.post(f"landlords/{connected.id}/reveal-nino", {"reason": reason}, expect=200)

        trail = world.agency.feed("audit-events", subject_id=connected.id)

        assert revealed["nino"] == connected.user.nino
        did = {entry["action"]: entry for entry in trail}
        assert did.keys() == {"landlord.created", "connection.begun", "connection.connected", "nino.revealed"}
        assert did["nino.revealed"]["detail"]["reason"] == reason
        me = world.agency.get("me")
        assert did["nino.revealed"]["actor_id"] == me["id"]
        assert did["connection.connected"]["actor_kind"] == "system"

    def test_includes_a_disconnection_which_wipes_the_tokens(self, world: World, connected: Landlord) -> None:
        world.agency.call("DELETE", f"landlords/{connected.id}/connection", expect=204)

        connection = connected.connection()

        assert (connection["state"], connection["reason_code"]) == ("disconnected", "disconnected")
        assert connection["access_expires_at"] is None
        events = world.agency.feed("events", subject_id=connection["id"])
        assert [event["type"] for event in events][:2] == ["connection.connected", "connection.disconnected"]


def test_hmrc_is_never_asked_more_than_three_times_in_a_second(world: World, connected: Landlord) -> None:
    rate = world.hmrc.rate()

    assert rate["accepted"] > 0
    assert rate["refused"] == 0
    assert rate["worst_second"] <= 3


class TestTheDocument:
    def test_lists_what_the_api_offers(self, world: World) -> None:
        document = world.api().get("/openapi.json")

        assert document["openapi"].startswith("3.1")
        assert "/api/v1/landlords/{landlord_id}/connection/authorize" in document["paths"]

    def test_is_shown_with_local_assets_only(self, world: World) -> None:
        page = world.api().call("GET", "/docs/", expect=200)

        addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)

        assets = [address for address in addresses if not address.startswith("data:")]
        assert assets
        assert all(address.startswith("/static/") for address in assets)
        for address in assets:
            world.api().call("GET", address, expect=200)


class TestHealth:
    def test_of_the_process_is_told_to_anybody(self, world: World) -> None:
        assert world.api().get("/healthz") == {"status": "alive"}

    def test_of_what_it_needs_is_told_by_name(self, world: World) -> None:
        ready = world.api().get("/readyz")

        assert ready["status"] == "ready"
        assert ready["checks"] == {
            "database": True,
            "redis": True,
            "keys": True,
            "migrations": True,
            "environment": True,
        }
