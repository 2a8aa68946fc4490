"""The journey as a landlord sees it, in a real browser, with a front end on an origin of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.frontend.server import served
from tests.stack.browser import Browser, opened
from tests.stack.cast import Landlord
from tests.stack.conftest import MakeLandlord
from tests.stack.world import World, until

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.fixture(scope="module")
def front_end(world: World) -> Iterator[str]:
    """The agency's own front end, served; its origin."""
    with served(api=world.demo["agency_url"]) as origin:
        world.owner.call("PATCH", "agency", json={"front_end_url": origin}, expect=200)
        yield origin


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with opened(tmp_path / "profile") as browser:
        yield browser


def _open_link(world: World, browser: Browser, landlord: Landlord) -> None:
    """What a landlord does with the link in their mail."""
    link: Any = world.agency.post("invitations", {"landlord_id": landlord.id})["url"]
    browser.open(link)
    browser.shoot("connect-start")
    browser.press("Start")
    until(lambda: browser.offers("Connect to HMRC"))
    assert "#" not in browser.address


def test_a_landlord_follows_the_link_and_is_connected(
    world: World, front_end: str, browser: Browser, landlord: Landlord
) -> None:
    _open_link(world, browser, landlord)
    browser.shoot("connect")
    browser.press("Connect to HMRC")
    browser.sign_in_at_hmrc(landlord.user)

    browser.press("Give authority")
    until(browser.heading, lambda heading: heading == "Connected")

    browser.shoot("return-connected")
    assert browser.address == f"{front_end}/return"
    assert "There is nothing more to do" in browser.text()
    assert landlord.connection()["state"] == "active"


def test_opening_the_link_alone_begins_nothing(
    world: World, front_end: str, browser: Browser, landlord: Landlord
) -> None:
    invitation = world.agency.post("invitations", {"landlord_id": landlord.id})

    browser.open(invitation["url"])

    assert browser.heading() == "Connect to HMRC"
    assert world.agency.get(f"invitations/{invitation['id']}")["opened_at"] is None


def test_a_landlord_who_denies_it_is_told_what_to_do_and_may_try_again(
    world: World, front_end: str, browser: Browser, landlord: Landlord
) -> None:
    _open_link(world, browser, landlord)
    browser.press("Connect to HMRC")
    browser.sign_in_at_hmrc(landlord.user)

    browser.press("Do not give authority")
    until(browser.heading, lambda heading: heading == "Not connected")

    browser.shoot("return-denied")
    assert "Permission was not given at HMRC" in browser.text()
    browser.press("Try again")
    browser.press("Start")
    browser.press("Connect to HMRC")
    browser.sign_in_at_hmrc(landlord.user)
    browser.press("Give authority")
    until(browser.heading, lambda heading: heading == "Connected")


def test_a_landlord_whose_number_nobody_knows_is_asked_for_it(
    world: World, front_end: str, browser: Browser, landlord_of: MakeLandlord
) -> None:
    landlord = landlord_of(on_file=False)
    _open_link(world, browser, landlord)
    browser.press("Connect to HMRC")
    browser.until_says("HMRC needs it to identify the taxpayer")
    browser.shoot("connect-nino")
    browser.enter("National Insurance number", "nonsense")
    browser.press("Connect to HMRC")
    browser.until_says("two letters, six digits and a letter")
    browser.shoot("connect-nino-wrong")

    browser.enter("National Insurance number", landlord.user.nino.lower())
    browser.press("Connect to HMRC")

    browser.sign_in_at_hmrc(landlord.user)
    browser.press("Give authority")
    until(browser.heading, lambda heading: heading == "Connected")


def test_a_page_of_a_foreign_origin_gets_no_answer(world: World, browser: Browser) -> None:
    world.agency.call("PATCH", "agency", json={"allowed_origins": ["https://elsewhere.example"]}, expect=200)
    try:
        with served(api=world.demo["agency_url"]) as origin:
            browser.open(f"{origin}/connect#invitation=qdi_anything")

            browser.press("Start")
            browser.until_says("That did not work")
    finally:
        origins = ["http://localhost:*", "http://127.0.0.1:*", "http://demo.localhost:*"]
        world.agency.call("PATCH", "agency", json={"allowed_origins": origins}, expect=200)


def test_a_browser_that_is_lost_is_shown_where_to_go(world: World, browser: Browser) -> None:
    browser.open(f"http://localhost:{world.ports[0]}/hmrc/callback?state=unknown&code=unknown")

    assert browser.heading() == "We can't tell where you came from"
    browser.shoot("lost")


def test_the_document_can_be_read_in_a_browser(world: World, browser: Browser) -> None:
    browser.open(f"{world.demo['agency_url']}/docs/#/landlords/connection_authorize")

    browser.until_says("/api/v1/landlords/{landlord_id}/connection/authorize")
    browser.until_says("wordings")  # the last of all

    browser.shoot("docs")
    browser.open(world.demo["sandbox_url"])
    browser.shoot("hmrc-home")
