"""The stand-in under its real server, in a process of its own, and a client that speaks to it over the wire."""

import os
import signal
import socket
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from sandbox.product import stand_in_argv
from tests.sandbox.hmrc.driver import CLIENT_ID, REDIRECT_URI, SCOPES, SECRETS

PATIENCE = 30


@dataclass
class Served:
    """A stand-in over a folder, at one port however often it is started."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "secrets").write_text(SECRETS[0])
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        settings = {
            "SANDBOX_HOME": str(self.folder / "hmrc"),
            "SANDBOX_CLIENT_ID": CLIENT_ID,
            "SANDBOX_CLIENT_SECRETS_FILE": str(self.folder / "secrets"),
            "SANDBOX_REDIRECT_URIS": "http://localhost:8000",
            "SANDBOX_RATE": "0",
            "CLOCK_FILE": str(self.folder / "clock"),
        }
        self.process = subprocess.Popen(
            stand_in_argv(self.port),
            env={**os.environ, **settings, **self.settings},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )
        self._wait()

    def _wait(self) -> None:
        until = monotonic() + PATIENCE
        while monotonic() < until and self.process.poll() is None:
            with suppress(requests.ConnectionError):
                if requests.get(f"{self.address}/control/health", timeout=5).ok:
                    return
            sleep(0.05)
        raise RuntimeError("the stand-in did not come up")

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    # The client

    def control(self, path: str, body: object) -> requests.Response:
        answer = requests.post(f"{self.address}/control/{path}", json=body, timeout=5)
        answer.raise_for_status()
        return answer

    def show(self, path: str) -> dict[str, Any]:
        told: dict[str, Any] = requests.get(f"{self.address}/control/{path}", timeout=5).json()
        return told

    def connect(self) -> dict[str, str]:
        """The first user's way through the pages, and the tokens that it buys."""
        user = requests.get(f"{self.address}/control/users", timeout=5).json()["users"][0]
        wish = {"response_type": "code", "client_id": CLIENT_ID, "scope": SCOPES, "redirect_uri": REDIRECT_URI}
        page = requests.get(f"{self.address}/oauth/authorize?{urlencode(wish)}", timeout=5)
        form = {name: user[name] for name in ("user_id", "password", "access_code")}
        form |= {"decision": "grant", "journey": query(page.url)["journey"]}
        for path in ("/sign-in", "/sign-in/code", "/oauth/consent"):
            answer = requests.post(self.address + path, data=form, allow_redirects=False, timeout=5)
        code = query(answer.headers["Location"])["code"]
        tokens: dict[str, str] = self.token("authorization_code", code=code, redirect_uri=REDIRECT_URI).json()
        return tokens

    def token(self, grant_type: str, **form: str) -> requests.Response:
        credentials = {"grant_type": grant_type, "client_id": CLIENT_ID, "client_secret": SECRETS[0]}
        return requests.post(f"{self.address}/oauth/token", data=credentials | form, timeout=PATIENCE)


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
