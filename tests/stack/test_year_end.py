"""Around the filing, through the whole product: what the workers ask of HMRC is shown by the API."""

from typing import Any

import pytest

from tests.stack.cast import Landlord
from tests.stack.world import World, until

pytestmark = pytest.mark.stack

ADJUSTED = {"adjustments": {"nonResidentLandlord": False, "balancingCharge": "12.50"}}


def read(world: World, path: str) -> Any:
    """What is shown once it has been read at HMRC."""
    return until(lambda: world.agency.call("GET", path), lambda seen: seen.status_code == 200, within=30).json()


def test_the_year_is_known_adjusted_and_calculated(world: World, connected: Landlord) -> None:
    asked = connected.quarter()
    year, business = asked["tax_year"], f"landlords/{connected.id}/businesses/{asked['business_id']}"
    connected.businesses()
    connected.until_submission(world.agency.submit(asked)["id"], "accepted")

    put = world.agency.call("PUT", f"{business}/annual-submissions/{year}", json=ADJUSTED, expect=202).json()
    adjusted = world.until_finished(world.agency.get(f"operations/{put['operation']}"))
    wanted = {"landlord_id": connected.id, "tax_year": year, "type": "in-year"}
    calculation = world.agency.post("calculations", wanted, expect=202)
    over = world.until_finished(world.agency.get(f"operations/{calculation['operation']}"))

    assert (adjusted["status"], over["status"]) == ("succeeded", "succeeded")
    assert read(world, f"{business}/annual-submissions/{year}")["held"]["adjustments"] == ADJUSTED["adjustments"]
    assert read(world, f"landlords/{connected.id}/tax-years/{year}/status")["results"][0]["status"] == "MTD Mandated"
    assert read(world, f"{business}/quarterly-type")["quarters"][0]["period_start"] == asked["period_start"]
    shown = world.agency.get(f"calculations/{calculation['id']}")
    # 1234.56 of rent, less 100.10 of costs, with a balancing charge of 12.50: whole pounds, as HMRC taxes them.
    assert (shown["estimate"], shown["summary"]["total_income"]) == (True, "1146.00")
    assert asked["period_end"] in shown["disclaimer"]["text"]
