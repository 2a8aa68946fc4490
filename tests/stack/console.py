"""The reference console in a browser, as a member of staff uses it: pages, fields, files."""

import re
import time
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.people.clients import totp
from tests.stack import axe
from tests.stack.browser import Browser
from tests.stack.world import World, until

# A desk and a phone, in CSS pixels.
WIDTHS = (1280, 390)


class Console:
    """A tab at the console."""

    def __init__(self, world: World, browser: Browser, downloads: Path) -> None:
        self.world, self.browser, self.wire = world, browser, browser.wire
        self.downloads = downloads
        where = {"behavior": "allow", "downloadPath": str(downloads)}
        self.wire.execute_cdp_cmd("Browser.setDownloadBehavior", where)
        self.origin = str(world.demo["console_url"])

    def open(self, path: str) -> None:
        """Load a page anew."""
        self.browser.open(self.origin + path)
        self.settle()

    def go(self, path: str) -> None:
        """Go to a page as its links do."""
        self.wire.execute_script(
            "history.pushState(null, '', arguments[0]); dispatchEvent(new PopStateEvent('popstate'))", path
        )
        self.settle()

    def settle(self) -> None:
        """Wait until a page is there, and nothing is under way."""
        until(lambda: self.browser.heading() and not self.wire.find_elements(By.CSS_SELECTOR, "main[aria-busy]"))

    def press(self, text: str) -> None:
        """Press a button or follow a link, and wait for the page that it leads to."""
        self.browser.press(text)
        self.settle()

    def until_page(self, heading: str) -> None:
        """Wait for the page that is called so; it must have the focus at its heading, and a title."""
        until(self.browser.heading, lambda seen: seen == heading)
        self.settle()
        assert self.wire.execute_script("return document.activeElement.tagName") == "H1"
        assert self.wire.title.startswith(heading)

    def type(self, *keys: str) -> None:
        """Type where the focus is."""
        for each in keys:
            self.wire.switch_to.active_element.send_keys(each)

    def tab_to(self, name: str, *, back: bool = False) -> None:
        """Press Tab, or Shift and Tab, until what has the focus is called so."""
        for _ in range(200):  # pages with whole lists on them
            if self.focused() == name:
                return
            self.type(Keys.SHIFT + Keys.TAB if back else Keys.TAB)
        raise AssertionError(f"Tab leads to no {name}; last at {self.focused()}")

    def focused(self) -> str:
        """The name of what has the focus."""
        script = "const it = document.activeElement; return (it.labels?.[0] ?? it).innerText?.trim() ?? ''"
        return str(self.wire.execute_script(script))

    def choose_file(self, file: Path) -> None:
        """Give a file to the page's form."""
        self.wire.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(str(file))

    def resize(self, width: int, height: int = 900) -> None:
        """Give the page a window of this size."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.wire.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def faults(self) -> list[str]:
        """What is wrong with the page, by axe, and by its width."""
        return axe.faults(self.browser)

    def shoot(self, name: str) -> None:
        """Take a picture of the whole page, if QUARTERDAY_SHOTS names a folder for them."""
        width, height = self.wire.execute_script("return [innerWidth, document.documentElement.scrollHeight]")
        self.resize(width, height)
        self.browser.shoot("console" + re.sub(r"\W+", "-", name))

    def session(self) -> str:
        """The key of the session that the tab holds, remembered as a secret."""
        token = str(self.wire.execute_script("return sessionStorage.getItem('quarterday.session') ?? ''"))
        if token:
            self.world.seen.add("session key", token)
        return token


def lasting_code(secret: str) -> str:
    """A code of the authenticator's that outlives a password asked for in between: half of its time is left."""
    until(lambda: time.time() % 30 < 15, within=31)
    return totp(secret, time.time())
