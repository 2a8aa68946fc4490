"""A landlord at the console: how they come to a page, and what every page must be."""

from typing import Any

from tests.stack import axe
from tests.stack.browser import Browser
from tests.stack.cast import Landlord
from tests.stack.world import World

DESK, PHONE = 1280, 390
CONNECTED = "You are connected to HMRC"


def look(browser: Browser, name: str) -> None:
    """Nothing that is shown may be out of reach: of a narrow screen, a keyboard, a screen reader."""
    for width in (DESK, PHONE):
        browser.be_wide(width)
        browser.shoot_whole(f"landlord-{name}-{width}")
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
