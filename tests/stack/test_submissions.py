"""Figures on their way to HMRC: exact to the penny, once, and never forgotten."""

from decimal import Decimal
from uuid import uuid4

import pytest

from tests.stack.cast import Landlord
from tests.stack.world import World

pytestmark = pytest.mark.stack

AN_HOUR = 3600
FOUR_HOURS = 4 * AN_HOUR


def test_what_was_asked_is_what_hmrc_holds(world: World, connected: Landlord) -> None:
    figures = {
        "income": {"periodAmount": "99999999999.99", "otherIncome": "0.10", "rentARoom": {"rentsReceived": "17.3"}},
        "expenses": {"premisesRunningCosts": "100.10", "other": "-12.34", "residentialFinancialCost": 2500},
    }
    asked = connected.quarter(figures=figures)

    queued = world.agency.submit(asked)
    settled = connected.until_submission(queued["id"], "accepted")

    (held,) = world.hmrc.held(connected.user)
    assert held["times"] == 1
    assert held["body"] == {
        "fromDate": asked["period_start"],
        "toDate": asked["period_end"],
        "ukProperty": {
            "income": {
                "periodAmount": Decimal("99999999999.99"),
                "otherIncome": Decimal("0.10"),
                "rentARoom": {"rentsReceived": Decimal("17.30")},
            },
            "expenses": {
                "premisesRunningCosts": Decimal("100.10"),
                "other": Decimal("-12.34"),
                "residentialFinancialCost": 2500,
            },
        },
    }
    assert (settled["outcome"], settled["hmrc"]["status"]) == ("confirmed", 204)
    assert settled["hmrc"]["correlation_id"]


def test_an_accepted_submission_fulfils_its_obligation(world: World, connected: Landlord) -> None:
    asked = connected.quarter()
    connected.until_submission(world.agency.submit(asked)["id"], "accepted")

    fetch = world.agency.get(f"landlords/{connected.id}/obligations", refresh="true", expect=202)

    assert world.until_finished(fetch)["status"] == "succeeded"
    statuses = {each["period_end"]: each["status"] for each in connected.obligations()}
    assert statuses[str(asked["period_end"])] == "fulfilled"


def test_asking_twice_with_one_key_is_asking_once(world: World, connected: Landlord) -> None:
    asked, key = connected.quarter(), str(uuid4())
    first = world.agency.call("POST", "submissions", json=asked, headers={"Idempotency-Key": key}, expect=202)

    again = world.agency.call("POST", "submissions", json=asked, headers={"Idempotency-Key": key}, expect=202)

    assert again.json() == first.json()
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    connected.until_submission(first.json()["id"], "accepted")
    assert [held["times"] for held in world.hmrc.held(connected.user)] == [1]


def test_another_question_with_the_same_key_is_refused(world: World, connected: Landlord) -> None:
    asked, key = connected.quarter(), str(uuid4())
    queued = world.agency.submit(asked, key=key)

    problem = world.agency.post(
        "submissions", {**asked, "figures": {"income": {"periodAmount": "1.00"}}}, expect=422, Idempotency_Key=key
    )

    assert problem["code"] == "idempotency.key_reused"
    connected.until_submission(queued["id"], "accepted")


def test_after_four_hours_the_token_is_refreshed_just_before_use(world: World, connected: Landlord) -> None:
    asked, before = connected.quarter(), connected.connection()
    world.until_idle()
    world.hmrc.pass_time(FOUR_HOURS)

    queued = world.agency.submit(asked)
    connected.until_submission(queued["id"], "accepted")

    after = connected.connection()
    assert after["access_expires_at"] > before["access_expires_at"]
    assert (after["generation"], after["grant_expires_at"]) == (before["generation"], before["grant_expires_at"])
    for what in ("access token", "refresh token"):
        assert world.witness.count(what, user_id=connected.user.user_id) == 2


def test_a_refresh_that_is_asked_for_rotates_both_tokens(world: World, connected: Landlord) -> None:
    asked = world.agency.post(f"landlords/{connected.id}/connection/refresh", expect=202)

    assert world.until_finished(asked)["status"] == "succeeded"
    assert world.witness.count("refresh token", user_id=connected.user.user_id) == 2


def test_for_a_landlord_who_is_not_connected_nothing_is_queued(world: World, landlord: Landlord) -> None:
    asked = {
        "landlord_id": landlord.id,
        "business_id": landlord.user.business_id,
        "tax_year": "2026-27",
        "period_start": "2026-04-06",
        "period_end": "2026-07-05",
        "figures": {"income": {"periodAmount": "1.00"}},
        "declaration": {"accepted": True, "covers_whole_business": True},
    }

    problem = world.agency.post("submissions", asked, expect=409, Idempotency_Key=str(uuid4()))

    assert problem["code"] == "hmrc.not_connected"
    assert world.agency.feed("submissions", landlord_id=landlord.id) == []


class TestWhenTheAuthorityWasRemovedAtHmrc:
    def test_a_submission_waits_and_goes_by_itself_after_the_reconnect(self, world: World, connected: Landlord) -> None:
        asked = connected.quarter()
        world.hmrc.pass_time(AN_HOUR)  # a token that HMRC has just given is not given up for one 401
        world.hmrc.revoke(connected.user)

        queued = world.agency.submit(asked)
        connected.until_submission(queued["id"], "waiting_for_connection")
        connection = connected.until_state("reconnect_required")
        assert connection["connect_url"] is not None
        assert "Connect to HMRC" in connection["user_action"]
        assert world.hmrc.held(connected.user) == []

        connected.connect()

        connected.until_submission(queued["id"], "accepted")
        assert [held["times"] for held in world.hmrc.held(connected.user)] == [1]
