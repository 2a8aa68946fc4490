"""A passkey in a real browser: made on the console's page, it signs in alone or after the password until removed."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

from tests.stack.browser import Kind, opened
from tests.stack.console import Console
from tests.stack.mails import newest
from tests.stack.world import World, until

pytestmark = [pytest.mark.stack, pytest.mark.browser]
PASSWORD = "a long walk by the canal"


@pytest.fixture
def desk(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A tab whose device knows a person by their finger."""
    world.owner.call("PATCH", "agency", json={"front_end_url": world.demo["console_url"]}, expect=200)
    with opened(tmp_path_factory.mktemp("profile"), Kind.NO_THIRD_PARTIES) as browser:
        device = VirtualAuthenticatorOptions(
            transport="internal", has_resident_key=True, has_user_verification=True, is_user_verified=True
        )
        browser.wire.add_virtual_authenticator(device)
        yield Console(world, browser, tmp_path_factory.mktemp("downloads"))


@pytest.fixture
def email(world: World, desk: Console) -> str:
    """The address of somebody who has just signed in there for the first time."""
    address = f"{uuid4()}@demo.example"
    world.owner.post("staff", {"email": address, "role": "member", "full_name": "Pia Passkey"})
    (link,) = re.findall(r"/staff/password/reset/\S+", newest(world, address, ""))
    world.seen.add("password of staff", PASSWORD)
    desk.open(link)
    desk.browser.enter("New password", PASSWORD)
    desk.press("Use this password")
    desk.until_page("Sign in")
    enter_password(desk, address)
    until(desk.session)
    return address


def enter_password(desk: Console, email: str) -> None:
    desk.browser.enter("E-mail address", email)
    desk.browser.enter("Password", PASSWORD)
    desk.browser.press("Sign in")


def sign_out(desk: Console) -> None:
    desk.press("Sign out")
    desk.until_page("Sign in")


def test_a_passkey_signs_in_alone_and_after_the_password_until_it_is_removed(desk: Console, email: str) -> None:
    desk.go("/account")
    desk.browser.enter("Name of the new passkey", "Pia's laptop")
    desk.browser.press("Add a passkey")
    desk.browser.enter("Password", PASSWORD)
    desk.browser.press("Continue")
    desk.browser.until_says("Your recovery codes")
    desk.shoot("passkeys")
    assert desk.faults() == []
    assert "Pia's laptop" in desk.browser.text()

    sign_out(desk)
    desk.shoot("sign-in-with-a-passkey")
    assert desk.faults() == []
    desk.browser.press("Sign in with a passkey")
    until(desk.session)
    desk.until_page("Deadlines")

    sign_out(desk)
    enter_password(desk, email)
    desk.until_page("Enter your code")
    assert desk.faults() == []
    desk.browser.press("Use a passkey")
    until(desk.session)
    desk.until_page("Deadlines")

    desk.go("/account")
    desk.browser.press("Remove")
    until(lambda: desk.wire.find_elements("css selector", "dialog [type=submit]"))[0].click()
    desk.browser.enter("Password", PASSWORD)
    desk.browser.press("Continue")
    desk.browser.until_says("You have none.")
    sign_out(desk)
    desk.browser.press("Sign in with a passkey")
    desk.browser.until_says("This passkey is not known here.")
    assert desk.session() == ""


def test_who_has_none_is_told_so(desk: Console) -> None:
    desk.open("/sign-in")
    desk.until_page("Sign in")

    desk.browser.press("Sign in with a passkey")

    desk.browser.until_says("No passkey was used.")
