"""Rounds of kill -9 against a running world while it refreshes and files; then the books of both sides are compared.

Every round the access tokens lapse, every landlord files new figures, and one program is killed with all its processes
somewhere in the middle. What is lost in flight can't be prevented, only be seen: it is told, and connected again.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure, tell
from tests.stack.cast import Landlord, new_landlord
from tests.stack.world import World, until

LANDLORDS = 4
VICTIMS = ("worker", "tokens", "house", "scheduler", "api", "redis")
FOUR_HOURS = 4 * 3600 + 60
SETTLED = {"accepted", "rejected", "superseded", "cancelled"}


class Soak:
    """What is counted."""

    def __init__(self, world: World, rounds: int) -> None:
        self.world, self.rounds = world, rounds
        self.chance = random.Random(rounds)
        self.landlords = [new_landlord(world) for _ in range(LANDLORDS)]
        self.kills = self.lost_in_flight = self.unsettled = self.lost = 0

    def run(self) -> Iterator[Figure]:
        """All rounds, then the figures."""
        for landlord in self.landlords:
            landlord.connect()
        for number in range(self.rounds):
            self._round(number)
        yield Figure("filing.kills", self.kills, "kills", f">= {self.rounds}")
        yield Figure("filing.lost_in_flight", self.lost_in_flight, "grants")
        yield Figure("filing.silent_losses", self._silent(), "grants", "<= 0")
        yield Figure("filing.unsettled", self.unsettled, "submissions", "<= 0")
        yield Figure("filing.lost", self.lost, "submissions", "<= 0")

    def _round(self, number: int) -> None:
        self.world.hmrc.pass_time(FOUR_HOURS)
        sent = [(landlord, self._file(landlord, number)) for landlord in self.landlords]
        time.sleep(self.chance.uniform(0, 2))
        self.world.kill(self.chance.choice(VICTIMS))
        self.kills += 1
        for landlord, submission in sent:
            self._settle(landlord, submission)

    def _file(self, landlord: Landlord, number: int) -> Any:
        figures = {"income": {"periodAmount": f"{1000 + number}.{self.chance.randrange(100):02}"}}
        return self.world.agency.submit(landlord.quarter(figures=figures))

    def _settle(self, landlord: Landlord, submission: Any) -> None:
        path = f"submissions/{submission['id']}"
        seen = until(
            lambda: self._get(path), lambda it: it.get("status") in {*SETTLED, "waiting_for_connection"}, within=240
        )
        if seen["status"] == "waiting_for_connection":
            self.lost_in_flight += 1
            landlord.connect()
            seen = until(lambda: self._get(path), lambda it: it.get("status") in SETTLED, within=120)
        self.unsettled += seen["status"] != "accepted"
        wanted = Decimal(submission["figures"]["income"]["periodAmount"])
        self.lost += self._held(landlord, submission) != wanted

    def _held(self, landlord: Landlord, submission: Any) -> Decimal | None:
        """What HMRC holds of that business and tax year; as days go by, an earlier year's quarters are filed too."""
        place = ("business_id", "tax_year")
        for found in self.world.hmrc.held(landlord.user):
            if all(found[name] == submission[name] for name in place):
                income: Decimal = found["body"]["ukProperty"]["income"]["periodAmount"]
                return income
        return None

    def _silent(self) -> int:
        """Connections that say they are active and whose next refresh shows that they are not."""
        silent = 0
        for landlord in self.landlords:
            self.world.agency.post(f"landlords/{landlord.id}/connection/refresh", expect=202)
        self.world.until_idle()
        for landlord in self.landlords:
            silent += landlord.connection()["state"] != "active"
        return silent

    def _get(self, path: str) -> Any:
        """The resource; nothing while the API itself is being replaced."""
        try:
            return self.world.agency.call("GET", path).json()
        except OSError:
            return {}


def soak(rounds: int) -> bool:
    """True if all figures are as wanted."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder).resolve() / "home")
        try:
            world.start()
            return tell(Soak(world, rounds).run())
        except AssertionError:
            sys.stderr.write(world.logs() + "\n")
            raise
        finally:
            world.stop()
