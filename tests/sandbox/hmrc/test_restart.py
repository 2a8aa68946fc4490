"""What survives: a restart in the same folder, and a real server killed in the middle of its work."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.sandbox.hmrc.conftest import Start
from tests.sandbox.hmrc.driver import HARRIET, HER_BUSINESS, SECRETS, body, update
from tests.sandbox.hmrc.served import Served

SIX = {"Accept": "application/vnd.hmrc.6.0+json"}


def test_users_grants_submissions_and_the_clock_survive_a_restart(start: Start) -> None:
    hmrc = start()
    users, tokens, code = hmrc.show("users"), hmrc.connect(), hmrc.code()
    hmrc.cumulative("PUT", tokens["access_token"], update())

    again = start()

    assert again.show("users") == users
    assert again.businesses(tokens["access_token"]).status_code == 200
    assert again.exchange(code).status_code == 200
    assert again.refresh(tokens["refresh_token"]).status_code == 200
    assert len(again.show("submissions")["submissions"]) == 1
    assert again.show("clock")["today"] == "2026-11-22"


def test_a_journey_goes_on_after_a_restart(start: Start) -> None:
    hmrc = start()
    journey = hmrc.journey()
    hmrc.sign_in(journey)

    again = start()

    assert again.give_code(journey).status_code == 303
    assert again.post("/oauth/consent", journey=journey, decision="grant").status_code == 303


def test_only_digests_of_tokens_codes_and_secrets_are_on_disk(start: Start, tmp_path: Path) -> None:
    hmrc = start()
    code, tokens, journey = hmrc.code(), hmrc.connect(), hmrc.journey()
    new = body(hmrc.refresh(tokens["refresh_token"]))

    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())

    assert HARRIET.encode() in kept
    for secret in (code, journey, tokens["access_token"], new["access_token"], new["refresh_token"], *SECRETS):
        assert secret.encode() not in kept
    assert (tmp_path / "state.sqlite3").stat().st_mode & 0o077 == 0


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    served.start()
    yield served
    served.kill()


def test_a_kill_9_loses_nothing_that_was_answered(served: Served) -> None:
    tokens = served.connect()
    path = f"{served.address}/individuals/business/property/uk/{HARRIET}/{HER_BUSINESS}/cumulative/2025-26"
    headers = SIX | {"Authorization": f"Bearer {tokens['access_token']}", "Content-Type": "application/json"}
    figures = {"fromDate": "2025-04-06", "toDate": "2025-07-05", "ukProperty": {"income": {"periodAmount": 1.10}}}
    put = requests.put(path, data=json.dumps(figures), headers=headers, timeout=5)
    new = served.token("refresh_token", refresh_token=tokens["refresh_token"]).json()

    served.kill()
    served.start()

    assert put.status_code == 204
    held = requests.get(path, headers=SIX | {"Authorization": f"Bearer {new['access_token']}"}, timeout=5)
    assert held.status_code == 200
    assert held.json()["ukProperty"] == figures["ukProperty"]
    assert served.token("refresh_token", refresh_token=new["refresh_token"]).ok
