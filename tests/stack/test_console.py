"""The staff's part of the reference console, in a real browser that blocks cookies of others."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from selenium.webdriver.common.keys import Keys

from tests.stack.browser import Kind, opened
from tests.stack.cast import Landlord, new_landlord
from tests.stack.console import WIDTHS, Console, lasting_code
from tests.stack.mails import newest
from tests.stack.world import World, until

pytestmark = [pytest.mark.stack, pytest.mark.browser]

PASSWORD = "a long walk by the canal"
_HEADINGS = {
    "/deadlines": "Deadlines",
    "/landlords": "Landlords",
    "/landlords/new": "Add a landlord",
    "/landlords/{landlord}": "Winifred Larkspur",
    "/landlords/{landlord}/edit": "Change Winifred Larkspur",
    "/imports": "Import landlords",
    "/campaigns": "Campaigns",
    "/campaigns?place=not_invited": "Campaigns",
    "/campaigns/new": "Start a campaign",
    "/campaigns/{campaign}": "Spring",
    "/connections": "Connections",
    "/submissions": "Submissions",
    "/submissions/new": "Send figures: whose?",
    "/submissions/new?landlord={landlord}": "Send figures of Winifred Larkspur",
    "/submissions/{submission}": "Update",
    "/batches": "Batches",
    "/batches/new": "Send a file of figures",
    "/webhooks": "Webhooks",
    "/webhooks/new": "Add an endpoint",
    "/webhooks/{endpoint}": "Endpoint",
    "/keys": "API keys",
    "/keys/new": "Make a key",
    "/account": "Your sign-in",
    "/nowhere": "There is no such page",
}


@pytest.fixture(scope="module")
def console(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A tab of one browser for all of these tests, in which nobody is signed in yet."""
    world.owner.call("PATCH", "agency", json={"front_end_url": world.demo["console_url"]}, expect=200)
    downloads = tmp_path_factory.mktemp("downloads")
    with opened(tmp_path_factory.mktemp("profile"), Kind.NO_THIRD_PARTIES) as browser:
        yield Console(world, browser, downloads)


@pytest.fixture(scope="module")
def email(world: World) -> str:
    """The address of an administrator who has been invited."""
    address = f"{uuid4()}@demo.example"
    world.owner.post("staff", {"email": address, "role": "admin", "full_name": "Ada Admin"})
    return address


@pytest.fixture(scope="module")
def client(world: World) -> Landlord:
    """A landlord who is connected."""
    landlord = new_landlord(world)
    landlord.connect()
    landlord.obligations()
    return landlord


@pytest.fixture(scope="module")
def admin(console: Console, email: str, world: World) -> Console:
    """The console, with the administrator signed in."""
    link = re.search(r"/staff/password/reset/\S+", newest(world, email, ""))
    assert link
    console.open(link[0])
    console.until_page("Choose a new password")
    world.seen.add("password of staff", PASSWORD)
    console.browser.enter("New password", PASSWORD)
    console.press("Use this password")
    console.until_page("Sign in")
    _sign_in_by_keyboard(console, email)
    return console


def _sign_in_by_keyboard(console: Console, email: str) -> None:
    console.tab_to("E-mail address")
    console.type(email, Keys.TAB, PASSWORD, Keys.ENTER)
    until(console.session)
    console.settle()


def test_staff_sign_in_by_keyboard_alone_and_no_cookie_is_set(admin: Console) -> None:
    admin.until_page("Deadlines")

    assert admin.wire.get_cookies() == []
    admin.tab_to("Skip to the page", back=True)
    admin.type(Keys.ENTER)
    assert admin.focused() == "Deadlines"


def test_every_page_suits_everybody_at_a_desk_and_on_a_phone(admin: Console, world: World, client: Landlord) -> None:
    made = {
        "landlord": client.id,
        "submission": world.agency.submit(client.quarter())["id"],
        "campaign": world.agency.post("campaigns", {"name": "Spring", "kind": "connect"})["id"],
        "endpoint": world.owner.post("webhook-endpoints", {"url": "https://hooks.example.com/in"})["id"],
    }
    client.until_submission(made["submission"], "accepted")
    faults: dict[str, list[str]] = {}

    for path, heading in _HEADINGS.items():
        admin.go(path.format(**made))
        assert admin.browser.heading().startswith(heading), path
        for width in WIDTHS:
            admin.resize(width)
            faults[f"{path} at {width}"] = admin.faults()
            admin.shoot(f"{path}-{width}")

    admin.resize(WIDTHS[0])
    assert {place: found for place, found in faults.items() if found} == {}


def test_a_file_is_looked_at_then_taken_in(admin: Console, tmp_path: Path) -> None:
    name = f"Iris {uuid4()}"
    file = tmp_path / "landlords.csv"
    file.write_text(f"Reference,Name,NI number\nC-{uuid4()},{name},\nC-2,Otto,not a number\n")
    admin.go("/imports")
    admin.choose_file(file)
    admin.press("Look at the file")
    admin.browser.until_says("C3")
    admin.shoot("import")
    assert admin.faults() == []

    admin.browser.press("Take in 1 row")
    admin.until_page("Import")
    admin.browser.until_says("1 created")

    admin.browser.press("Download the result")
    result = until(lambda: list(admin.downloads.glob("*.csv")))[0]
    assert [line.split(",")[1] for line in result.read_text("utf-8-sig").splitlines()][1:] == ["created", "rejected"]

    admin.go("/landlords?search=" + name.replace(" ", "%20"))
    admin.browser.until_says(name)


def test_a_landlord_is_changed_unless_somebody_was_quicker(admin: Console, world: World, landlord: Landlord) -> None:
    admin.go(f"/landlords/{landlord.id}/edit")
    world.agency.call("PATCH", f"landlords/{landlord.id}", json={"full_name": "Wilma"}, expect=200)

    admin.browser.enter("Full name", "Wanda")
    admin.browser.press("Save")

    admin.browser.until_says("Somebody else was quicker")
    admin.shoot("quicker")
    assert "There is a problem" in admin.focused()
    assert admin.faults() == []
    admin.press("Begin again with what is on file now")
    admin.browser.enter("Full name", "Wanda")
    admin.press("Save")
    admin.until_page("Wanda")


def test_a_number_is_shown_in_full_once_it_is_said_why(admin: Console, landlord: Landlord) -> None:
    admin.go(f"/landlords/{landlord.id}")
    admin.browser.press("Show in full")
    admin.browser.press("Show it")
    admin.browser.until_says("Something is missing.")
    admin.shoot("reveal")
    assert admin.faults() == []

    admin.browser.enter("Why it is needed", "The landlord asks")
    admin.browser.press("Show it")

    admin.browser.until_says(landlord.user.nino)


def test_figures_go_to_hmrc_and_a_wrong_one_is_told_at_its_field(admin: Console, client: Landlord) -> None:
    admin.go(f"/submissions/new?landlord={client.id}")
    _send(admin, "twelve")
    admin.browser.until_says("An amount from 0.00")
    admin.shoot("faults")
    assert "There is a problem" in admin.focused()
    assert admin.faults() == []

    admin.browser.enter("Rents and other income of the period", "£1,300.10")
    admin.press("Send to HMRC")

    admin.browser.until_says("Accepted")
    assert "£1,300.10" in admin.browser.text()


def test_what_somebody_else_sent_is_shown_beside_and_replaced_only_if_asked(
    admin: Console, world: World, client: Landlord, connected: Landlord
) -> None:
    business = connected.obligations()[0]["business_id"]
    with closing(sqlite3.connect(world.home / "sandbox" / "state.sqlite3", timeout=10)) as hmrc, hmrc:
        columns = "kind, ?, ?, tax_year, to_date, body, submitted_at, 1"
        copied = [connected.user.nino, business, client.user.nino]
        hmrc.execute(f"INSERT INTO filings SELECT {columns} FROM filings WHERE nino = ?", copied)

    admin.go(f"/submissions/new?landlord={connected.id}")
    _send(admin, "77.00")
    admin.browser.until_says("These figures, and those that HMRC holds")
    admin.shoot("stopped")
    assert "£1,300.10" in admin.browser.text()
    assert admin.faults() == []

    admin.press("Replace what HMRC holds")
    _send(admin, "78.00")
    admin.browser.until_says("Accepted")
    assert "£78.00" in admin.browser.text()


def test_a_file_of_figures_goes_on_its_way_and_says_which_cell_is_at_fault(
    admin: Console, world: World, client: Landlord, landlord: Landlord, tmp_path: Path
) -> None:
    due = client.quarter()
    right, wrong = (world.agency.get(f"landlords/{each.id}")["reference"] for each in (client, landlord))
    file = tmp_path / "figures.csv"
    file.write_text(
        f"reference,business_id,income.periodAmount\n"
        f"{right},{due['business_id']},1400.00\n"
        f"{wrong},{due['business_id']},plenty\n"
    )
    admin.go("/batches/new")
    admin.choose_file(file)
    admin.browser.enter("Tax year", str(due["tax_year"]))
    for name in ("period_start", "period_end"):
        script = "document.querySelector(`input[name=${arguments[0]}]`).value = arguments[1]"
        admin.wire.execute_script(script, name, due[name])
    admin.browser.enter("Your name", "Ada Admin")
    _agree(admin)
    admin.press("Send to HMRC")

    admin.browser.until_says("Nothing more is to come of this batch.")
    admin.shoot("batch")
    assert "1 accepted, 1 refused" in admin.browser.text()
    assert "income.periodAmount: An amount from" in admin.browser.text()
    assert admin.faults() == []


def test_those_chosen_are_invited_and_it_is_said_who_can_not_be(
    admin: Console, world: World, landlord: Landlord
) -> None:
    admin.go(f"/landlords?search={world.agency.get(f'landlords/{landlord.id}')['reference']}")
    admin.browser.press("Invite those chosen")
    admin.browser.until_says("Choose the landlords first")
    admin.wire.find_element("css selector", "td input[type=checkbox]").click()
    admin.browser.press("Invite those chosen")
    admin.press("Send the invitations")

    admin.browser.until_says("Landlord no email")
    assert admin.faults() == []


def _send(console: Console, amount: str) -> None:
    console.browser.enter("Rents and other income of the period", amount)
    console.browser.enter("Your name", "Ada Admin")
    _agree(console)
    console.press("Send to HMRC")


def _agree(console: Console) -> None:
    """Tick whatever is to be agreed to."""
    for box in console.wire.find_elements("css selector", "input[type=checkbox]:not(:checked)"):
        box.click()


def test_secrets_are_shown_once(admin: Console, world: World) -> None:
    admin.go("/keys/new")
    admin.browser.enter("Name", "the ledger")
    admin.wire.find_element("css selector", "input[value='landlords:read']").click()
    admin.browser.press("Make the key")
    admin.browser.until_says("The key, shown once")
    key = re.search(r"qd_test_\S+", admin.browser.text())
    assert key
    world.seen.add("API key", key[0])
    assert world.api(key[0]).get("me")["scopes"] == ["landlords:read"]

    admin.press("All keys")

    admin.until_page("API keys")
    assert key[0] not in admin.browser.text()


def test_a_landlord_beside_one_connects_in_the_same_browser(admin: Console, landlord: Landlord) -> None:
    admin.go(f"/landlords/{landlord.id}")
    admin.browser.press("Connect to HMRC here")
    admin.browser.sign_in_at_hmrc(landlord.user)
    admin.browser.press("Give authority")

    until(admin.browser.heading, lambda seen: seen == "Connected to HMRC")
    assert "completion_code" not in admin.browser.address
    admin.press("Go to the landlord")

    admin.browser.press("Check at HMRC")
    admin.browser.until_says("HMRC was asked. This is what it said.")
    admin.browser.press("Disconnect")
    assert admin.faults() == []
    until(lambda: admin.browser.offers("Disconnect")[1:])[0].click()
    admin.browser.until_says("Disconnected.")
    assert landlord.connection()["state"] == "disconnected"


def test_an_endpoint_is_added_and_tried(admin: Console) -> None:
    admin.go("/webhooks/new")
    admin.browser.enter("Address", "https://hooks.example.com/tried")
    admin.browser.enter("Event types", "submission.accepted\nno.such_event")
    admin.browser.press("Add the endpoint")
    admin.browser.until_says("There is a problem")
    assert admin.focused().startswith("There is a problem")
    admin.browser.enter("Event types", "submission.accepted")
    admin.browser.press("Add the endpoint")
    admin.browser.until_says("The secret, shown once")
    assert "whsec_" in admin.browser.text()

    admin.press("Go to the endpoint")
    admin.until_page("Endpoint")
    admin.browser.press("Send a test event")

    admin.browser.until_says("webhook_endpoint.test")
    assert "whsec_" not in admin.browser.text()
    assert admin.faults() == []


def test_whose_session_is_over_signs_in_again_and_is_where_they_were(
    admin: Console, email: str, world: World, landlord: Landlord
) -> None:
    admin.go("/connections?state=active")
    world.api(**{"X-Session-Token": admin.session()}).call("DELETE", "/_allauth/app/v1/auth/session")

    admin.go(f"/landlords/{landlord.id}")
    admin.until_page("Sign in")
    assert admin.session() == ""
    _sign_in_by_keyboard(admin, email)

    admin.until_page("Winifred Larkspur")
    assert admin.browser.address.endswith(f"/landlords/{landlord.id}")


def test_with_a_second_factor_the_code_is_asked_for(admin: Console, email: str, world: World) -> None:
    admin.go("/account")
    secret = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", admin.browser.text())
    assert secret
    bare = secret[0].replace(" ", "")
    world.seen.add("TOTP secret", bare)
    picture = admin.wire.find_element("css selector", "svg.qr")
    assert (picture.get_attribute("role"), picture.get_attribute("aria-label")) == (
        "img",
        "QR code of the key that stands below",
    )
    assert picture.size["width"] == picture.size["height"] > 150
    admin.shoot("second-factor")
    assert admin.faults() == []
    admin.browser.enter("Code", lasting_code(bare))
    admin.browser.press("Turn on the second factor")
    admin.browser.enter("Password", PASSWORD)
    admin.browser.press("Continue")
    admin.browser.until_says("Your recovery codes")
    admin.shoot("recovery-codes")
    recovery = admin.wire.find_element("css selector", ".codes code").text
    assert admin.faults() == []

    admin.press("Sign out")
    admin.until_page("Sign in")
    admin.tab_to("E-mail address")
    admin.type(email, Keys.TAB, PASSWORD, Keys.ENTER)
    admin.until_page("Enter your code")
    assert admin.faults() == []
    admin.browser.enter("Code", recovery)  # the app's is good once, and another comes in half a minute
    admin.browser.press("Continue")

    until(admin.session)
    admin.until_page("Deadlines")
