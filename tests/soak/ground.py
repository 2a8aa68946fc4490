"""What the workers of a soak stand on: PostgreSQL and Redis that can be crashed, the stand-in, and an environment."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import redis
import requests

from sandbox import orphans
from sandbox.home import TAG, Home
from sandbox.postgres_server import Postgres
from sandbox.redis_server import Redis
from sandbox.servers import Server
from tests.sandbox.hmrc.driver import CLIENT_ID, REDIRECT_URI, SCOPES, SECRETS
from tests.sandbox.hmrc.served import Served, query
from tests.servers import product
from tests.stack.seen import Seen
from tests.stack.stand_in import StandIn, User


class Crashable:
    """A server that comes back with its data, at the same port."""

    def __init__(self, home: Home, server: Server, *, dies_by: signal.Signals) -> None:
        self.server, self._home, self._dies_by = server, home, dies_by
        self.crashes = 0
        self.away_s = 0.0
        self._start()

    def crash(self) -> None:
        """End it in no good order, and wait until it answers again."""
        began = time.monotonic()
        self.stop(self._dies_by)
        self._start()
        self.crashes += 1
        self.away_s += time.monotonic() - began

    def stop(self, signum: signal.Signals) -> None:
        self._process.send_signal(signum)
        self._process.wait(60)

    def _start(self) -> None:
        self.server.prepare()
        with (self._home.logs / f"{self.server.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.server.argv(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, TAG: str(self._home.path)},
                start_new_session=True,
            )
        while not self.server.answers():
            assert self._process.poll() is None, f"{self.server.name} did not start"
            time.sleep(0.02)


@dataclass
class Ground:
    """All servers, and HMRC's side of every grant."""

    postgres: Crashable
    redis: Crashable
    served: Served

    def __post_init__(self) -> None:
        self.hmrc = StandIn(self.served.address, Seen())

    def flush_redis(self) -> None:
        with redis.Redis.from_url(self.redis.server.url) as client:
            client.flushall()

    def connect(self, user: User) -> dict[str, str]:
        """The user removes what was there, and gives authority anew, in spite of all faults. HMRC's tokens."""
        while True:
            self.served.control("grants/revoke", {"nino": user.nino})
            with suppress(requests.RequestException):
                answer = self.served.token("authorization_code", code=self._code(user), redirect_uri=REDIRECT_URI)
                if answer.ok:
                    tokens: dict[str, str] = answer.json()
                    return tokens

    def _code(self, user: User) -> str:
        wish = {"response_type": "code", "client_id": CLIENT_ID, "scope": SCOPES, "redirect_uri": REDIRECT_URI}
        address = f"{self.served.address}/oauth/authorize?{urlencode({**wish, 'state': 'state-of-the-soak'})}"
        return query(self.hmrc.leave(address, user))["code"]

    def environ(self, keys: Path) -> dict[str, str]:
        """What the product is told of all this."""
        return {
            **product(keys),
            "CLOCK_FILE": str(self.served.folder / "clock"),
            "DATABASE_URL": self.postgres.server.url,
            "REDIS_URL": self.redis.server.url,
            "HMRC_API_URL": self.served.address,
            "HMRC_AUTHORIZE_URL": f"{self.served.address}/oauth/authorize",
            "HMRC_TOKEN_URL": f"{self.served.address}/oauth/token",
            "HMRC_CLIENT_ID": CLIENT_ID,
            "HMRC_CLIENT_SECRETS": SECRETS[0],
        }

    def now(self) -> float:
        """Seconds in which all servers were there: an outage takes as long as it takes, and no scale applies to it."""
        return time.monotonic() - self.postgres.away_s - self.redis.away_s

    def books(self, *, after: int) -> Any:
        """What the stand-in knows of refresh tokens, and the sends of a token that came after the first so many."""
        return self.hmrc.grants(after=after)


@contextmanager
def laid(folder: Path) -> Iterator[Ground]:
    """All of it in `folder`, until the block ends."""
    home = Home(folder / "home")
    home.prepare()
    served = Served(folder)
    with home.locked(), ExitStack() as stack:
        stack.callback(orphans.end_all, home.path)
        postgres = Crashable(home, Postgres(home), dies_by=signal.SIGQUIT)  # PostgreSQL's immediate shutdown
        cache = Crashable(home, Redis(home), dies_by=signal.SIGKILL)
        served.start()
        stack.callback(served.kill)
        yield Ground(postgres, cache, served)
