"""A real Chromium, if there is one, with the gestures of a person."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.stack.stand_in import User
from tests.stack.world import until

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--window-size=1000,900",
)


@contextmanager
def opened(profile: Path, *more: str) -> Iterator["Browser"]:
    """Open a browser with a fresh profile and `more` flags. Without one here the test is skipped; or fails, if it is
    required.
    """
    binary, driver = _first(*_BROWSERS), _first("chromedriver")
    if not (binary and driver):
        _go_without("no Chromium or Chrome with its chromedriver is on the PATH")
    options = ChromeOptions()
    options.binary_location = binary
    for flag in (*_FLAGS, f"--user-data-dir={profile}", *more):
        options.add_argument(flag)
    wire = Chrome(options=options, service=Service(driver))
    try:
        yield Browser(wire)
    finally:
        wire.quit()


def _first(*names: str) -> str:
    return next((path for name in names if (path := shutil.which(name))), "")


def _go_without(reason: str) -> None:
    if os.environ.get("QUARTERDAY_REQUIRE_BROWSER") == "1":
        pytest.fail(f"a browser is required: {reason}")
    pytest.skip(f"browser tests were left out: {reason}")


class Browser:
    """What a person sees, and what they press."""

    def __init__(self, wire: Chrome) -> None:
        self.wire = wire
        self._shots = Path(os.environ["QUARTERDAY_SHOTS"]) if "QUARTERDAY_SHOTS" in os.environ else None

    def open(self, address: str) -> None:
        self.wire.get(address)

    def press(self, text: str) -> None:
        """Press the button, or follow the link, with this text."""
        until(lambda: self.offers(text))[0].click()

    def offers(self, text: str) -> list[WebElement]:
        """The buttons and links with this text that a person can see."""
        return self._visible(By.XPATH, f"//*[self::button or self::a][normalize-space()='{text}']")

    def enter(self, label: str, value: str) -> None:
        """Fill in the field with this label, which must be the label's own."""
        found = until(lambda: self._visible(By.XPATH, f"//label[starts-with(normalize-space(), '{label}')]"))[0]
        field = self.wire.find_element(By.ID, str(found.get_dom_attribute("for")))
        field.clear()
        field.send_keys(value)

    def until_says(self, text: str) -> None:
        """Wait until the page shows this text."""
        until(self.text, lambda shown: text in shown)

    def text(self) -> str:
        """All that the page shows."""
        return str(self.wire.execute_script("return document.body ? document.body.innerText : ''"))

    def heading(self) -> str:
        """What the page is called, or "" while there is none."""
        return str(self.wire.execute_script("return document.querySelector('h1')?.innerText ?? ''"))

    @property
    def address(self) -> str:
        return str(self.wire.current_url)

    def sign_in_at_hmrc(self, user: User) -> None:
        """From HMRC's first page to the one that asks for consent."""
        self.until_says("Use the user ID and password")
        self.shoot("hmrc-sign-in")
        self.enter("User ID", user.user_id)
        self.enter("Password", user.password)
        self.press("Sign in")
        self.until_says("Enter your access code")
        self.shoot("hmrc-code")
        self.enter("Access code", user.access_code)
        self.press("Continue")
        self.until_says("authority to act for you")
        self.shoot("hmrc-consent")

    def shoot(self, name: str) -> None:
        """Take a picture, if QUARTERDAY_SHOTS names a folder for them."""
        if self._shots is not None:
            self.wire.save_screenshot(str(self._shots / f"{name}.png"))

    def _visible(self, by: str, what: str) -> list[WebElement]:
        try:
            return [element for element in self.wire.find_elements(by, what) if element.is_displayed()]
        except StaleElementReferenceException:  # another page came while we looked
            return []
