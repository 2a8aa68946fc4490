"""The contract in one piece: an agency's desk and a landlord's phone at the console, their server that takes webhooks,
HMRC; from an empty desk to a receipt, through a lost authority, and on.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from standardwebhooks import Webhook

from tests.events.receiver import Receiver, listening
from tests.people.clients import totp
from tests.stack.browser import Browser, Kind, opened
from tests.stack.cast import Landlord
from tests.stack.console import Console, lasting_code
from tests.stack.mails import newest
from tests.stack.visits import CONNECTED, come_back
from tests.stack.world import World, until

pytestmark = [pytest.mark.stack, pytest.mark.browser]

PASSWORD = "three herons on the weir"
ROWS = 200
AN_HOUR = 3600


@dataclass(frozen=True)
class Scene:
    """Who is there, and what each of them looks at."""

    world: World
    desk: Console
    phone: Browser
    server: Receiver


@pytest.fixture
def scene(world: World, tmp_path: Path) -> Iterator[Scene]:
    """Neither browser lets other sites keep cookies."""
    world.owner.call("PATCH", "agency", json={"front_end_url": world.demo["console_url"]}, expect=200)
    with (
        listening() as server,
        opened(tmp_path / "desk", Kind.NO_THIRD_PARTIES) as desk,
        opened(tmp_path / "phone", Kind.NO_THIRD_PARTIES) as phone,
    ):
        phone.be_wide(390)
        yield Scene(world, Console(world, desk, tmp_path), phone, server)


def test_from_an_empty_desk_to_a_receipt_through_a_lost_authority_and_on(scene: Scene, tmp_path: Path) -> None:
    desk, browser = scene.desk, scene.desk.browser
    email, secret, used = _begin(scene)
    endpoint = _add_an_endpoint(scene)
    landlord = _import(scene, tmp_path / "landlords.csv")
    _sign_in_with_two_factors(scene, email, secret, unlike=used)

    _open(desk, f"/landlords/{landlord.id}")
    browser.press("Invite")
    browser.until_says("The mail is on its way.")
    _connect_by_mail(scene, landlord, "connect HMRC")
    first = _send(scene, landlord, "1300.10")
    browser.until_says("HMRC took it")
    _until_told(scene, endpoint, "submission.accepted", first)

    scene.world.hmrc.pass_time(AN_HOUR)  # a token that HMRC has just given is not given up for one 401
    scene.world.hmrc.revoke(landlord.user)
    second = _send(scene, landlord, "2600.20")
    browser.until_says("Waiting for connection")
    _until_told(scene, endpoint, "connection.reconnect_required", landlord.connection()["id"])
    _open(desk, f"/landlords/{landlord.id}")
    browser.until_says("Reconnect required")
    assert landlord.connection()["user_action"] in browser.text()
    assert _held(scene, landlord) == [Decimal("1300.10")]

    _connect_by_mail(scene, landlord, "connect HMRC again")
    _until_told(scene, endpoint, "submission.accepted", second)
    _open(desk, f"/submissions/{second}")
    browser.until_says("HMRC took it")
    assert _held(scene, landlord)[-1] == Decimal("2600.20")


def _begin(scene: Scene) -> tuple[str, str, str]:
    """An administrator's first day: a password, and a second factor. Their address, its secret, and the code used."""
    world, desk, browser, email = scene.world, scene.desk, scene.desk.browser, f"{uuid4()}@demo.example"
    world.owner.post("staff", {"email": email, "role": "admin", "full_name": "Ines Admin"})
    (link,) = re.findall(r"/staff/password/reset/\S+", newest(world, email, ""))
    world.seen.add("password of staff", PASSWORD)
    desk.open(link)
    browser.enter("New password", PASSWORD)
    desk.press("Use this password")
    desk.until_page("Sign in")
    _enter_password(desk, email)
    until(desk.session)
    _open(desk, "/account")
    (shown,) = re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", browser.text())
    secret = shown.replace(" ", "")
    world.seen.add("TOTP secret", secret)
    code = lasting_code(secret)
    browser.enter("Code", code)
    browser.press("Turn on the second factor")
    browser.enter("Password", PASSWORD)
    browser.press("Continue")
    browser.until_says("Your recovery codes")
    return email, secret, code


def _sign_in_with_two_factors(scene: Scene, email: str, secret: str, *, unlike: str) -> None:
    """Each code is good once, so that it may have to be waited for."""
    desk = scene.desk
    desk.press("Sign out")
    desk.until_page("Sign in")
    _enter_password(desk, email)
    desk.until_page("Enter your code")
    desk.browser.enter("Code", until(lambda: totp(secret, time.time()), lambda code: code != unlike, within=31))
    desk.browser.press("Continue")
    desk.until_page("Deadlines")
    desk.session()


def _enter_password(desk: Console, email: str) -> None:
    desk.browser.enter("E-mail address", email)
    desk.browser.enter("Password", PASSWORD)
    desk.press("Sign in")


def _add_an_endpoint(scene: Scene) -> Webhook:
    """The agency's own server is to hear of everything; what verifies that it was told by us."""
    _open(scene.desk, "/webhooks/new")
    scene.desk.browser.enter("Address", scene.server.url)
    scene.desk.browser.press("Add the endpoint")
    scene.desk.browser.until_says("The secret, shown once")
    (secret,) = re.findall(r"whsec_\S+", scene.desk.browser.text())
    scene.world.seen.add("webhook secret", secret)
    return Webhook(secret)


def _import(scene: Scene, file: Path) -> Landlord:
    """Two hundred landlords on file; the one of them whom HMRC knows."""
    world, browser, user = scene.world, scene.desk.browser, scene.world.hmrc.add_user()
    batch, name = str(uuid4()), f"Ottilie {uuid4()}"
    numbers = [user.nino, *(f"CE{number:06}A" for number in range(100_000, 100_000 + ROWS - 1))]
    world.seen.add("NINO", *numbers[:5])  # each is searched for everywhere in the end
    rows = [f"{batch}-{at},{name},{batch}-{at}@post.example,{nino}" for at, nino in enumerate(numbers)]
    file.write_text("\n".join(["Reference,Name,E-mail,NI number", *rows, ""]))
    _open(scene.desk, "/imports")
    scene.desk.choose_file(file)
    scene.desk.press("Look at the file")
    browser.until_says("All rows are looked at.")
    browser.press(f"Take in {ROWS} rows")
    scene.desk.until_page("Import")
    browser.until_says(f"{ROWS} created")
    (made,) = world.agency.get("landlords", reference=f"{batch}-0")["results"]
    return Landlord(made["id"], user, world)


def _connect_by_mail(scene: Scene, landlord: Landlord, subject: str) -> None:
    """The landlord reads the mail on the phone, and goes to HMRC and back."""
    address = scene.world.agency.get(f"landlords/{landlord.id}")["email"]
    (link,) = re.findall(r"http\S+/connect#invitation=\S+", newest(scene.world, address, subject))
    scene.phone.open(link)
    scene.phone.press("Start")
    come_back(scene.phone, landlord)
    scene.phone.until_headed(CONNECTED)


def _send(scene: Scene, landlord: Landlord, amount: str) -> str:
    """Staff send the year's figures so far; the submission's id."""
    desk = scene.desk
    _open(desk, f"/submissions/new?landlord={landlord.id}")
    desk.browser.enter("Rents and other income of the period", amount)
    desk.browser.enter("Your name", "Ines Admin")
    for box in desk.wire.find_elements("css selector", "input[name=mandate], input[name=accepted]"):
        box.click()
    desk.press("Send to HMRC")
    desk.browser.until_says("Evidence")
    return desk.browser.address.rpartition("/")[2]


def _open(desk: Console, path: str) -> None:
    desk.go(path)
    assert desk.faults() == [], path


def _until_told(scene: Scene, endpoint: Webhook, type: str, subject: str) -> None:
    """Wait for the one webhook of this, signed as it must be; nothing in it may be a secret."""

    def arrived() -> bool:
        with scene.server.lock:
            heard = [each for each in scene.server.heard if each.said["type"] == type]
        found = [each for each in heard if each.said["data"]["subject_id"] == subject]
        for each in found:
            assert endpoint.verify(each.body, each.headers) == each.said
        return bool(found)

    until(arrived, within=40)


def _held(scene: Scene, landlord: Landlord) -> list[Decimal]:
    """The rents that HMRC was sent of this landlord, oldest first."""
    return [each["body"]["ukProperty"]["income"]["periodAmount"] for each in scene.world.hmrc.held(landlord.user)]
