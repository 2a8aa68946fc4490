"""The stand-in under its real server, and landlords whose connection to it works."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from time import time as real_time
from typing import Any
from urllib.parse import urlencode

from hmrc_door.environment import Deadlines, Environment
from hmrc_oauth.models import Connection, Grant, Tokens
from landlords.models import Landlord
from mtd.models import Submission, SubmissionStatus
from tenants import clock
from tests.hmrc_door.conftest import an_environment
from tests.hmrc_oauth.scenes import a_landlord
from tests.mtd.scenes import queue
from tests.sandbox.hmrc.driver import CLIENT_ID, REDIRECT_URI, SCOPES, SECRETS
from tests.sandbox.hmrc.served import Served, query
from tests.stack.seen import Seen
from tests.stack.stand_in import StandIn, User


@dataclass
class RealHmrc:
    served: Served

    def __post_init__(self) -> None:
        self.hmrc = StandIn(self.served.address, Seen())

    def is_now(self, now: datetime) -> None:
        self.served.control("clock", {"offset_seconds": now.timestamp() - real_time()})

    def restart(self) -> None:
        """As after a crash: what it has accepted stands."""
        self.served.kill()
        self.served.start()

    @property
    def environment(self) -> Environment:
        """What the door is told of it; an answer is given up soon."""
        here = an_environment(self.served.address, secrets=SECRETS)
        return replace(here, client_id=CLIENT_ID, deadlines=Deadlines(connect_s=2, read_s=2, total_s=4))

    def tokens(self, user: User) -> Tokens:
        """What this person's authority buys."""
        wish = {"response_type": "code", "client_id": CLIENT_ID, "scope": SCOPES, "redirect_uri": REDIRECT_URI}
        address = f"{self.served.address}/oauth/authorize?{urlencode({**wish, 'state': 'state-of-the-test'})}"
        code = query(self.hmrc.leave(address, user))["code"]
        given = self.served.token("authorization_code", code=code, redirect_uri=REDIRECT_URI).json()
        return Tokens(given["access_token"], given["refresh_token"], int(given["expires_in"]))

    def client(self) -> "Client":
        """A connected landlord, with nothing at HMRC yet."""
        user = self.hmrc.add_user()
        landlord = a_landlord(nino=user.nino)
        grant = Grant.issue(
            landlord_id=landlord.pk, tokens=self.tokens(user), scope="write:self-assessment", now=clock.now()
        )
        grant.verify(now=clock.now())
        assert Connection.of(landlord, now=clock.now()).establish(grant=grant, now=clock.now())
        return Client(self, landlord, user)


@dataclass
class Client:
    """One landlord, on both sides."""

    world: RealHmrc
    landlord: Landlord
    user: User

    def file(self, income: str, **more: Any) -> Submission:
        """Queue figures that nobody else has."""
        return queue(self.landlord, income=income, business_id=self.user.business_id, is_known=False, **more)

    def strike(self, *, kind: str, **how: object) -> None:
        """A fault for the next figures that are sent."""
        self.world.hmrc.fail(kind, "uk_cumulative_put", self.user, **how)

    def agrees(self) -> bool:
        """Whether HMRC holds the newest of what we call accepted, to the penny, and took each of them in once."""
        mine = Submission.objects.filter(landlord=self.landlord)
        accepted = list(mine.filter(status=SubmissionStatus.ACCEPTED).order_by("created_at", "pk"))
        held = self.world.hmrc.held(self.user)
        if not accepted:
            return held == []
        with accepted[-1].figures.open(reason="test") as figures:
            income = held[0]["body"]["ukProperty"]["income"]["periodAmount"]
            return f'"{Decimal(income):.2f}"' in figures and held[0]["times"] == len(accepted)


@contextmanager
def running(folder: Path, *, now: datetime) -> Iterator[RealHmrc]:
    """Until the block ends."""
    served = Served(folder)
    served.start()
    try:
        world = RealHmrc(served)
        world.is_now(now)
        yield world
    finally:
        served.kill()
