"""The journey as a landlord sees it, in real browsers, with the reference console on an origin of its own."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from sandbox.console import server
from tests.stack.browser import Browser, Kind, opened
from tests.stack.cast import Landlord
from tests.stack.conftest import MakeLandlord
from tests.stack.visits import CONNECTED, look
from tests.stack.world import World, until

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.fixture(params=list(Kind))
def any_browser(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Browser]:
    with opened(tmp_path / "profile", request.param) as browser:
        yield browser


def _open_link(world: World, browser: Browser, landlord: Landlord) -> None:
    """What a landlord does with the link in their mail."""
    link: Any = world.agency.post("invitations", {"landlord_id": landlord.id})["url"]
    browser.open(link)
    browser.press("Start")
    until(lambda: browser.offers("Connect to HMRC"))
    assert browser.address == f"{world.demo['console_url']}/connect"


def test_a_landlord_follows_the_link_and_is_connected(world: World, any_browser: Browser, landlord: Landlord) -> None:
    browser = any_browser
    _open_link(world, browser, landlord)
    browser.press("Connect to HMRC")
    browser.sign_in_at_hmrc(landlord.user)

    browser.press("Give authority")
    browser.until_headed(CONNECTED)

    assert browser.address == f"{world.demo['console_url']}/return"
    browser.until_says("s it for 18 months. Your permission lasts until")
    browser.until_says("HMRC takes your quarterly updates")
    assert landlord.connection()["state"] == "active"
    assert "qdl_" not in browser.remembers()


def test_opening_the_link_alone_begins_nothing_and_names_nobody(
    world: World, browser: Browser, landlord: Landlord
) -> None:
    invitation = world.agency.post("invitations", {"landlord_id": landlord.id})

    browser.open(invitation["url"])
    browser.until_headed("Connect to HMRC")

    assert world.agency.get(f"invitations/{invitation['id']}")["opened_at"] is None
    assert browser.address == f"{world.demo['console_url']}/connect"
    assert "Larkspur" not in browser.text()
    for needed in ("Your HMRC sign-in", "Enrolment for Making Tax Digital", "Your National Insurance number"):
        assert needed in browser.text()
    for told in ("Privacy notice", "Terms of use", "security@quarterday.example", "this computer"):
        assert told in browser.text()


def test_a_landlord_who_denies_it_is_told_what_to_do_and_may_try_again(
    world: World, browser: Browser, landlord: Landlord
) -> None:
    _open_link(world, browser, landlord)
    browser.press("Connect to HMRC")
    browser.sign_in_at_hmrc(landlord.user)

    browser.press("Do not give authority")
    browser.until_headed("You are not connected")

    assert "Permission was not given at HMRC" in browser.text()
    browser.press("Try again")
    browser.press("Connect to HMRC")
    browser.sign_in_at_hmrc(landlord.user)
    browser.press("Give authority")
    browser.until_headed(CONNECTED)


def test_a_landlord_whose_number_nobody_knows_is_asked_for_it(
    world: World, any_browser: Browser, landlord_of: MakeLandlord
) -> None:
    browser, landlord = any_browser, landlord_of(on_file=False)
    _open_link(world, browser, landlord)
    for told in ("Privacy notice", "Terms of use", "security@quarterday.example", "this computer"):
        assert told in browser.text().partition("National Insurance number\n")[0]
    browser.press("Connect to HMRC")
    browser.until_says("Enter your National Insurance number")
    browser.enter("National Insurance number", "nonsense")
    browser.press("Connect to HMRC")
    browser.until_says("two letters, six digits and a letter from A to D")
    assert browser.describes("nino").count("two letters, six digits") == 1

    browser.enter("National Insurance number", landlord.user.nino.lower())
    browser.press("Connect to HMRC")

    browser.sign_in_at_hmrc(landlord.user)
    browser.press("Give authority")
    browser.until_headed("Your agency must confirm your number")
    world.agency.post(f"landlords/{landlord.id}/connection/nino/confirm", expect=202)
    landlord.until_state("active")
    browser.press("See whether it is confirmed")
    browser.until_headed(CONNECTED)


def test_what_looks_alike_in_a_number_is_asked_and_never_changed(
    world: World, browser: Browser, landlord_of: MakeLandlord
) -> None:
    landlord = landlord_of(on_file=False)
    nino = landlord.user.nino
    typed = nino[:2] + nino[2:8].replace("0", "O").replace("1", "I") + nino[8]
    typed = typed if typed != nino else f"{nino[:2]} O12345 A"
    _open_link(world, browser, landlord)
    browser.enter("National Insurance number", typed)
    browser.press("Connect to HMRC")

    browser.until_says("Did you mean")

    assert browser.value_of("nino") == typed
    (offer,) = [each for each in browser.buttons() if each.startswith("Use ")]
    browser.press(offer)
    assert browser.value_of("nino") == offer.removeprefix("Use ")


def test_a_number_of_another_landlord_is_refused_at_the_field(
    world: World, browser: Browser, landlord_of: MakeLandlord
) -> None:
    other, landlord = landlord_of(), landlord_of(on_file=False)
    _open_link(world, browser, landlord)

    browser.enter("National Insurance number", other.user.nino)
    browser.press("Connect to HMRC")

    browser.until_says("Your agency has this number for another landlord")
    assert "another landlord" in browser.describes("nino")
    assert browser.focused() == "nino"


def test_no_token_and_no_number_reaches_address_console_or_title(
    world: World, browser: Browser, landlord_of: MakeLandlord
) -> None:
    landlord = landlord_of(on_file=False)
    _open_link(world, browser, landlord)
    browser.enter("National Insurance number", landlord.user.nino)
    browser.press("Connect to HMRC")
    browser.sign_in_at_hmrc(landlord.user)
    browser.press("Give authority")
    browser.until_headed("Your agency must confirm your number")

    said = [*browser.console(), browser.address, browser.title, *browser.resources()]

    assert [each for each in said if any(secret in each for secret in ("qdi_", "qdl_", landlord.user.nino))] == []
    assert browser.remembers().count("qd") == 0


def test_a_page_of_a_foreign_origin_gets_no_answer(world: World, browser: Browser) -> None:
    world.agency.call("PATCH", "agency", json={"allowed_origins": ["https://elsewhere.example"]}, expect=200)
    try:
        with server(port=0, api_url=world.demo["agency_url"]) as foreign:
            Thread(target=foreign.serve_forever, daemon=True).start()
            browser.open(f"http://localhost:{foreign.server_port}/connect#invitation=qdi_anything")

            browser.until_says("Check that you are online")
            look(browser, "away")
            foreign.shutdown()
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
