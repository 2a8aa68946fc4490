"""A landlord's pages on the way to HMRC and back, on a desk's screen and a phone's, to the eye and to axe."""

from functools import partial

import pytest
from selenium.webdriver import ActionChains, Keys

from tests.stack.browser import Browser
from tests.stack.cast import Landlord
from tests.stack.conftest import MakeLandlord
from tests.stack.visits import CONNECTED, at, come_back, invite, look, start
from tests.stack.world import World, until

pytestmark = [pytest.mark.stack, pytest.mark.browser]

TEN_MINUTES = 600


def test_the_way_to_hmrc(world: World, browser: Browser, landlord_of: MakeLandlord) -> None:
    landlord = landlord_of(on_file=False)
    browser.open(invite(world, landlord)["url"])
    at(browser, "Connect to HMRC", "start")

    browser.press("Start")
    until(lambda: browser.offers("Connect to HMRC"))
    at(browser, "Connect to HMRC", "connect")

    browser.enter("National Insurance number", "QQ 12 34 S6 C")
    browser.press("Connect to HMRC")
    browser.until_says("two letters, six digits and a letter from A to D")
    look(browser, "connect-fault")

    browser.enter("National Insurance number", "QQ I2 34 56 C")
    browser.press("Connect to HMRC")
    browser.until_says("Did you mean QQ 12 34 56 C?")
    until(browser.said_at_once, lambda said: said.startswith("Did you mean QQ 12 34 56 C?"))
    look(browser, "connect-suggestion")
    browser.press("Use QQ 12 34 56 C")
    until(browser.said_politely, lambda said: said.startswith("The number was changed"))


def test_by_keyboard_alone(world: World, browser: Browser, landlord: Landlord) -> None:
    browser.open(invite(world, landlord)["url"])
    browser.until_headed("Connect to HMRC")
    keys = ActionChains(browser.wire)

    for button in ("Start", "Connect to HMRC"):
        until(partial(browser.offers, button))
        for _ in range(12):
            keys.send_keys(Keys.TAB).perform()
            if browser.focused_text() == button:
                break
        assert browser.focused_text() == button
        keys.send_keys(Keys.ENTER).perform()

    browser.until_says("Use the user ID and password")


def test_a_page_of_hmrc_that_does_not_open(world: World, browser: Browser, landlord: Landlord) -> None:
    start(world, browser, landlord)
    until(lambda: browser.offers("Connect to HMRC"))
    assert "did not open" not in browser.text()
    browser.press("Connect to HMRC")
    browser.until_says("Use the user ID and password")

    browser.wire.back()

    browser.until_says("If its page did not open, HMRC may be out of service")
    at(browser, "Connect to HMRC", "not-opened")
    assert browser.wire.find_element("link text", "see what HMRC says of its services").get_attribute("href")
    come_back(browser, landlord)
    browser.until_headed(CONNECTED)


def test_connected_and_all_that_may_be_done_then(world: World, browser: Browser, landlord: Landlord) -> None:
    start(world, browser, landlord)
    come_back(browser, landlord)
    browser.until_says("HMRC takes your quarterly updates")
    browser.until_says("What you agree to")
    at(browser, CONNECTED, "connected")

    browser.press("I agree")
    browser.until_says("Choose one of the two")
    look(browser, "mandate-fault")
    browser.choose("You see and approve each update before it is sent")
    browser.press("I agree")
    browser.until_says("You agreed to that on")
    look(browser, "connected-later")
    (mandate,) = world.agency.get(f"landlords/{landlord.id}/mandates")["results"]
    assert (mandate["kind"], mandate["channel"]) == ("per_quarter", "link")

    browser.press("Change or take back")
    at(browser, "How your updates are sent", "mandate-change")
    browser.press("Take it back")
    browser.until_says("in one of two ways")

    assert world.agency.get(f"landlords/{landlord.id}/mandates")["results"][0]["ended_how"] == "revoked"

    browser.press("Disconnect from HMRC")
    at(browser, "Disconnect from HMRC?", "disconnect")
    browser.press("Yes, disconnect")
    at(browser, "You are disconnected", "disconnected")
    assert landlord.connection()["state"] == "disconnected"
    browser.press("Connect again")
    at(browser, "Connect to HMRC again", "connect-again")


def test_what_ended_without_a_connection(world: World, browser: Browser, landlord: Landlord) -> None:
    start(world, browser, landlord)
    come_back(browser, landlord, "Do not give authority")
    at(browser, "You are not connected", "denied")
    browser.press("Try again")
    until(lambda: browser.offers("Connect to HMRC"))
    begun = browser.follow_up_to_hmrc()

    back = world.hmrc.walk(begun, landlord.user)
    world.hmrc.pass_time(TEN_MINUTES + 1)
    browser.open(back.onward)

    at(browser, "That took too long", "expired")


def test_a_sign_in_that_is_not_the_numbers(world: World, browser: Browser, landlord_of: MakeLandlord) -> None:
    landlord = landlord_of(nino="AB654321A")
    start(world, browser, landlord)
    come_back(browser, landlord)
    at(browser, "Your HMRC account and your number do not match", "mismatch")
    for cause in ("The number is wrong", "another account", "not signed up"):
        assert cause in browser.text()

    browser.press("Check again")
    browser.until_says("HMRC still says no.")
    assert browser.heading() == "Your HMRC account and your number do not match"

    browser.enter("National Insurance number", landlord.user.nino)
    browser.press("Check again")
    at(browser, "Your agency must confirm your number", "unconfirmed")


def test_not_signed_up_any_more(world: World, browser: Browser, connected: Landlord) -> None:
    # Else HMRC refuses one of the readings that follow a connect first, in words that say less.
    until(connected.connection, lambda seen: (seen["readiness"] or {}).get("status") == "ready")
    world.until_idle()
    world.hmrc.enrol(connected.user, enrolled=False)
    world.agency.call("GET", f"landlords/{connected.id}/tax-years/2026-27/status", params={"refresh": "true"})
    connected.until_state("not_authorised")

    start(world, browser, connected)

    at(browser, "You are not signed up for Making Tax Digital yet", "not-enrolled")
    world.hmrc.enrol(connected.user)
    browser.press("I have signed up: check again")
    browser.until_headed(CONNECTED)


def test_an_authority_that_was_removed_at_hmrc(world: World, browser: Browser, connected: Landlord) -> None:
    world.hmrc.revoke(connected.user)
    world.agency.post(f"landlords/{connected.id}/connection/refresh", expect=202)
    connected.until_state("reconnect_required")

    start(world, browser, connected)

    at(browser, "Your permission has ended", "ended")
    come_back(browser, connected)
    browser.until_headed(CONNECTED)
