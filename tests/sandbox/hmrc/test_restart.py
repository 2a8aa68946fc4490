"""What survives: a restart in the same folder, and a real server killed in the middle of its work."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from tests.sandbox.hmrc.conftest import Start
from tests.sandbox.hmrc.driver import CLIENT_ID, HARRIET, HER_BUSINESS, REDIRECT_URI, SCOPES, SECRETS, body, update

Serve = Callable[[], tuple[subprocess.Popen[bytes], str]]
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
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start the stand-in under its real server; called again, it is the next process over the same folder."""
    (tmp_path / "secrets").write_text(SECRETS[0])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "SANDBOX_HOME": str(tmp_path / "hmrc"),
        "SANDBOX_CLIENT_ID": CLIENT_ID,
        "SANDBOX_CLIENT_SECRETS_FILE": str(tmp_path / "secrets"),
        "SANDBOX_REDIRECT_URIS": "http://localhost:8000",
        "SANDBOX_RATE": "0",
        "CLOCK_FILE": str(tmp_path / "clock"),
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1"]
    command += ["--blocking-threads", "8", "--no-access-log", "sandbox.hmrc.wsgi:app"]
    running: list[subprocess.Popen[bytes]] = []

    def serve() -> tuple[subprocess.Popen[bytes], str]:
        process = subprocess.Popen(
            command, env=os.environ | settings, start_new_session=True, stdout=subprocess.DEVNULL
        )
        running.append(process)
        address = f"http://127.0.0.1:{port}"
        wait_for(address, process)
        return process, address

    yield serve
    for process in running:
        kill(process)


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = monotonic() + 30
    while monotonic() < until:
        assert process.poll() is None
        with suppress(requests.ConnectionError):
            if requests.get(f"{address}/control/health", timeout=5).ok:
                return
        sleep(0.05)
    pytest.fail("the stand-in did not come up")


def kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def connect(address: str) -> dict[str, str]:
    user = requests.get(f"{address}/control/users", timeout=5).json()["users"][0]
    wish = {"response_type": "code", "client_id": CLIENT_ID, "scope": SCOPES, "redirect_uri": REDIRECT_URI}
    page = requests.get(f"{address}/oauth/authorize?{urlencode(wish)}", timeout=5)
    journey = parse_qs(urlsplit(page.url).query)["journey"][0]
    for path, form in (
        ("/sign-in", {"user_id": user["user_id"], "password": user["password"]}),
        ("/sign-in/code", {"access_code": user["access_code"]}),
        ("/oauth/consent", {"decision": "grant"}),
    ):
        sent = {"journey": journey} | form
        answer = requests.post(address + path, data=sent, allow_redirects=False, timeout=5)
    code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
    tokens: dict[str, str] = token(
        address, grant_type="authorization_code", code=code, redirect_uri=REDIRECT_URI
    ).json()
    return tokens


def token(address: str, **form: str) -> requests.Response:
    credentials = {"client_id": CLIENT_ID, "client_secret": SECRETS[0]}
    return requests.post(f"{address}/oauth/token", data=credentials | form, timeout=5)


def test_a_kill_9_loses_nothing_that_was_answered(serve: Serve) -> None:
    process, address = serve()
    tokens = connect(address)
    path = f"{address}/individuals/business/property/uk/{HARRIET}/{HER_BUSINESS}/cumulative/2025-26"
    headers = SIX | {"Authorization": f"Bearer {tokens['access_token']}", "Content-Type": "application/json"}
    figures = {"fromDate": "2025-04-06", "toDate": "2025-07-05", "ukProperty": {"income": {"periodAmount": 1.10}}}
    put = requests.put(path, data=json.dumps(figures), headers=headers, timeout=5)
    new = token(address, grant_type="refresh_token", refresh_token=tokens["refresh_token"]).json()

    kill(process)
    _, address = serve()

    assert put.status_code == 204
    held = requests.get(path, headers=SIX | {"Authorization": f"Bearer {new['access_token']}"}, timeout=5)
    assert held.status_code == 200
    assert held.json()["ukProperty"] == figures["ukProperty"]
    assert token(address, grant_type="refresh_token", refresh_token=new["refresh_token"]).ok


@pytest.mark.parametrize("kind", ["answer_lost_before", "answer_lost_after"])
def test_a_client_sees_a_lost_answer_as_a_broken_one(serve: Serve, kind: str) -> None:
    _, address = serve()
    requests.post(f"{address}/control/faults", json={"kind": kind, "operation": "token"}, timeout=5)

    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        token(address, grant_type="client_credentials")

    assert token(address, grant_type="client_credentials").ok
