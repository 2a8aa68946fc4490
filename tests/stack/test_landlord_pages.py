"""Every page that a landlord may come to: what it says, on a desk's screen and a phone's, to the eye and to axe."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import ActionChains, Keys

from tests.stack import axe
from tests.stack.browser import Browser, opened
from tests.stack.cast import Landlord
from tests.stack.conftest import MakeLandlord
from tests.stack.mails import newest
from tests.stack.world import World, until

pytestmark = [pytest.mark.stack, pytest.mark.browser]

DESK, PHONE = 1280, 390
CONNECTED = "You are connected to HMRC"
TEN_MINUTES = 600


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with opened(tmp_path / "profile") as browser:
        yield browser


def look(browser: Browser, name: str) -> None:
    """Nothing that is shown may be out of reach: of a narrow screen, a keyboard, a screen reader."""
    for width in (DESK, PHONE):
        browser.be_wide(width)
        browser.shoot_whole(f"landlord-{name}-{width}")
        assert browser.is_within_its_window(), f"{name} is wider than {width}"
        assert axe.faults(browser) == [], name


def at(browser: Browser, heading: str, name: str) -> None:
    """The page of this heading has come: its reader is at the top of it, and it is fit to be looked at."""
    browser.until_headed(heading)
    assert browser.focused() == "H1"
    assert browser.title.startswith(heading)
    look(browser, name)


def invite(world: World, landlord: Landlord) -> Any:
    return world.agency.post("invitations", {"landlord_id": landlord.id})


def start(world: World, browser: Browser, landlord: Landlord) -> None:
    browser.open(invite(world, landlord)["url"])
    browser.press("Start")


def come_back(browser: Browser, landlord: Landlord, decision: str = "Give authority") -> None:
    """To HMRC and back."""
    browser.press("Connect to HMRC")
    browser.sign_in_at_hmrc(landlord.user)
    browser.press(decision)


def give_address(world: World, landlord: Landlord) -> str:
    address = f"{landlord.id}@post.example"
    world.agency.call("PATCH", f"landlords/{landlord.id}", json={"email": address}, expect=200)
    return address


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
    assert browser.said_at_once().startswith("Did you mean QQ 12 34 56 C?")
    look(browser, "connect-suggestion")
    browser.press("Use QQ 12 34 56 C")
    until(browser.said_politely, lambda said: said.startswith("The number was changed"))


def test_by_keyboard_alone(world: World, browser: Browser, landlord: Landlord) -> None:
    browser.open(invite(world, landlord)["url"])
    browser.until_headed("Connect to HMRC")
    keys = ActionChains(browser.wire)

    for button in ("Start", "Connect to HMRC"):
        until(lambda wanted=button: browser.offers(wanted))
        for _ in range(12):
            keys.send_keys(Keys.TAB).perform()
            if browser.focused_text() == button:
                break
        assert browser.focused_text() == button
        keys.send_keys(Keys.ENTER).perform()

    browser.until_says("Use the user ID and password")


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
    browser.until_says("Choose how.")

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
    at(browser, "HMRC does not match your sign-in and your number", "mismatch")
    for cause in ("The number is wrong", "another account", "not signed up"):
        assert cause in browser.text()

    browser.press("Check again")
    browser.until_says("HMRC still says no.")
    assert browser.heading() == "HMRC does not match your sign-in and your number"

    browser.enter("National Insurance number", landlord.user.nino)
    browser.press("Check again")
    at(browser, "Your agency must confirm your number", "unconfirmed")


def test_not_signed_up_any_more(world: World, browser: Browser, connected: Landlord) -> None:
    world.hmrc.enrol(connected.user, enrolled=False)
    world.agency.call("GET", f"landlords/{connected.id}/tax-years/2026-27/status", params={"refresh": "true"})
    connected.until_state("not_authorised")

    start(world, browser, connected)

    at(browser, "You are not signed up for Making Tax Digital yet", "not-enrolled")
    world.hmrc.enrol(connected.user)
    browser.press("I have signed up: check again")
    browser.until_headed(CONNECTED)


def test_a_tab_that_was_lost_goes_on_by_a_code(world: World, browser: Browser, landlord: Landlord) -> None:
    address = give_address(world, landlord)
    start(world, browser, landlord)
    until(lambda: browser.offers("Connect to HMRC"))
    back = world.hmrc.walk(browser.follow_up_to_hmrc(), landlord.user)
    browser.lose_the_tab(world.demo["console_url"])

    browser.open(back.onward)
    at(browser, "Go on where you were", "lost-tab")
    assert browser.address == f"{world.demo['console_url']}/return"
    browser.press("Mail me a code")
    at(browser, "Enter the code from your mail", "code")
    browser.enter("Six-digit code", "000000")
    browser.press("Go on")
    browser.until_says("That is not the code")
    look(browser, "code-wrong")
    (code,) = re.findall(r"^([0-9]{6})$", newest(world, address, "your code"), re.MULTILINE)
    browser.enter("Six-digit code", code)
    browser.press("Go on")

    browser.until_headed(CONNECTED)


def test_coming_back_without_a_link(world: World, browser: Browser, connected: Landlord) -> None:
    address = give_address(world, connected)
    browser.open(f"{world.demo['console_url']}/connect")
    at(browser, "Connect to HMRC", "no-link")
    browser.enter("Your e-mail address", "nobody")
    browser.press("Send me a fresh sign-in link")
    browser.until_says("Enter an e-mail address")
    look(browser, "no-link-fault")
    browser.enter("Your e-mail address", address)
    browser.press("Send me a fresh sign-in link")
    at(browser, "Look into your mail", "asked")

    (link,) = re.findall(r"http\S+/connect#invitation=\S+", newest(world, address, "your link"))
    browser.open(link)
    browser.press("Start")

    browser.until_headed(CONNECTED)


@pytest.mark.parametrize("how", ["revoked", "cut short", "made up"])
def test_a_link_that_leads_nowhere(world: World, browser: Browser, landlord: Landlord, how: str) -> None:
    invitation = invite(world, landlord)
    links = {"cut short": invitation["url"][:-9], "made up": invitation["url"][:-20] + "A" * 20}
    if how == "revoked":
        world.agency.call("DELETE", f"invitations/{invitation['id']}", expect=204)

    browser.open(links.get(how, invitation["url"]))
    browser.press("Start")

    browser.until_says("Get a fresh link")
    look(browser, f"link-{how.replace(' ', '-')}")


def test_an_approval(world: World, browser: Browser, connected: Landlord) -> None:
    submission = world.agency.submit(connected.quarter(mandate={"kind": "per_quarter"}))
    link = world.agency.post(f"submissions/{submission['id']}/approval-link", {"deliver": "link"})["url"]

    browser.open(link)
    at(browser, "Approve your quarterly figures", "approve-start")
    browser.press("Start")
    browser.until_says("£1,234.56")
    at(browser, "Approve your quarterly figures", "approve")
    browser.press("These figures are not right")
    at(browser, "What is not right?", "decline")
    browser.press("Back to the figures")
    browser.press("Approve and send to HMRC")

    at(browser, "HMRC has your figures", "approved")
    assert connected.until_submission(submission["id"], "accepted")["approval"]["landlord_id"] == connected.id


def test_a_refusal_to_approve(world: World, browser: Browser, connected: Landlord) -> None:
    submission = world.agency.submit(connected.quarter(mandate={"kind": "per_quarter"}))
    start(world, browser, connected)
    browser.until_says("Waiting for your approval")
    look(browser, "connected-approval")
    browser.press_first("See the figures for")
    browser.press("These figures are not right")
    browser.enter("What your agency should correct", "The boiler was mended in May.")
    browser.press("Send this to your agency")

    at(browser, "Your agency has been told", "declined")

    assert connected.until_submission(submission["id"], "cancelled")["reason_code"] == "approval.declined"


def test_no_more_mails(world: World, browser: Browser, landlord: Landlord) -> None:
    token = invite(world, landlord)["invitation_token"]
    browser.open(f"{world.demo['console_url']}/opt-out#invitation={token}")
    browser.until_says("you get no links")
    assert world.agency.get(f"landlords/{landlord.id}/mail-stop")["reason"] is None
    look(browser, "opt-out")

    browser.press("Stop these mails")

    at(browser, "No more mails", "opted-out")
    assert world.agency.get(f"landlords/{landlord.id}/mail-stop")["reason"] == "opted_out"


def test_a_session_that_is_over(world: World, browser: Browser, landlord: Landlord) -> None:
    invitation = invite(world, landlord)
    browser.open(invitation["url"])
    browser.press("Start")
    until(lambda: browser.offers("Connect to HMRC"))
    world.agency.call("DELETE", f"invitations/{invitation['id']}", expect=204)

    browser.press("Connect to HMRC")

    at(browser, "You are signed out", "signed-out")
