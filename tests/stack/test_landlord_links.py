"""A landlord's other ways in: a lost tab, a fresh link, one that leads nowhere, an approval, no more mails."""

import re

import pytest

from tests.stack.browser import Browser
from tests.stack.cast import Landlord
from tests.stack.mails import newest
from tests.stack.visits import CONNECTED, at, give_address, invite, look, start
from tests.stack.world import World, until

pytestmark = [pytest.mark.stack, pytest.mark.browser]


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
    browser.open(f"{world.demo['console_url']}/connect?landlord={connected.id}")
    at(browser, "Connect to HMRC", "no-link")
    assert browser.address == f"{world.demo['console_url']}/connect"
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
    browser.wire.refresh()
    browser.until_headed(CONNECTED)

    browser.open(link)
    browser.press("Start")
    browser.until_says("This link has been used")


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
