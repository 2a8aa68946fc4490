"""Rounds of kill -9 among workers that refresh, ours and two of the usual kind: one stand-in, the same faults."""

import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import quantiles

from django.core.management import call_command
from django.db import connections

import api.log
from hmrc_oauth.models import grant
from tenants.guard import check_start
from tenants.provisioning import create_agency
from tests.bench.figures import Figure
from tests.soak.baselines import ReadCallSave, RedisLock
from tests.soak.books import Books
from tests.soak.design import Design, Ours
from tests.soak.fleet import Fleet
from tests.soak.ground import Ground
from tests.soak.scale import DEADLINE_S, FACTOR, LEASE, REQUESTS_PER_SECOND, scale

LANDLORDS = 24
WORKERS = 3
PAUSE_S = (0.02, 0.2)
SETTLES_WITHIN_S = 60.0
CLOSED_S = 1.55  # the pace grants nothing while a Redis is new; HMRC's second is not scaled
SETTLED_WITHIN_S = 140  # at the lease of production
# HMRC is done with what was sent before its answer is given up and asked about again (35 s in production).
FAULTS = (
    {"kind": "answer_lost_before"},
    {"kind": "answer_lost_after"},
    {"kind": "server_error", "when": "after"},
    {"kind": "hang", "seconds": 0.5 * DEADLINE_S},
    {"kind": "hang", "seconds": 1.25 * DEADLINE_S},
    {"kind": "slow", "seconds": 0.5 * DEADLINE_S, "times": 1},
    {"kind": "slow", "seconds": 1.25 * DEADLINE_S, "times": 1},
)


class Soak:
    """All designs side by side."""

    def __init__(self, ground: Ground, folder: Path, *, rounds: int) -> None:
        self._ground, self._rounds, self._chance = ground, rounds, random.Random(rounds)
        designs: list[Design] = [_ours(), ReadCallSave(ground), RedisLock(ground)]
        self._books = [self._opened(design) for design in designs]
        self._fleets = [Fleet(design, many=WORKERS, log=folder / f"{design.name}.log") for design in designs]
        self._faults = self._flushes = self._stops = self._orderly_losses = 0

    def run(self) -> Iterator[Figure]:
        """Kills and faults; then all is let come to rest; then restarts in good order."""
        for number in range(1, self._rounds + 1):
            self._round(number)
        self._rest()
        yield from self._figures()
        books, fleet = self._books[0], self._fleets[0]
        while self._stops < max(30, self._rounds // 10):
            self._restart(books, fleet)
        yield Figure("soak.orderly_stops", self._stops, "stops")
        yield Figure("soak.orderly_losses", self._orderly_losses, "grants", "<= 0")

    def _opened(self, design: Design) -> Books:
        users = [self._ground.hmrc.add_user() for _ in range(LANDLORDS)]
        ways = {user.nino: partial(self._ground.connect, user) for user in users}
        for nino, connect in ways.items():
            design.enrol(nino, connect())
        return Books(design, self._ground, ways)

    def _round(self, number: int) -> None:
        for fleet in self._fleets:
            fleet.man(self._chance, armed=fleet is self._fleets[0])
        self._ground.served.control("faults/lift", {})  # what struck nobody by now would strike somebody in doubt
        for books in self._books:
            books.design.want(self._chance)
            self._strike(books)
        time.sleep(self._chance.uniform(*PAUSE_S))
        for every, disturb in self._disturbances().items():
            if number % every == 0:
                disturb()
        for books, fleet in zip(self._books, self._fleets, strict=True):
            fleet.kill_oldest()
            books.compare()

    def _strike(self, books: Books) -> None:
        if self._chance.random() < 0.5:
            fault = self._chance.choice(FAULTS)
            victim = self._chance.choice(list(books.users))
            self._ground.served.control("faults", {"operation": "token", "nino": victim, **fault})
            self._faults += 1

    def _disturbances(self) -> dict[int, Callable[[], None]]:
        """What happens every so many rounds."""
        return {19: self._flush, 31: self._crash_redis, 47: self._crash_postgres}

    def _crash_postgres(self) -> None:
        self._ground.postgres.crash()
        connections.close_all()

    def _crash_redis(self) -> None:
        self._ground.redis.crash()
        self._ground.redis.away_s += CLOSED_S

    def _flush(self) -> None:
        self._ground.flush_redis()
        self._ground.redis.away_s += CLOSED_S
        self._flushes += 1

    def _rest(self) -> None:
        """Faults are over; whoever is left brings everything to its end."""
        self._ground.served.control("faults/lift", {})
        for fleet in self._fleets:
            fleet.stop()
        for books, fleet in zip(self._books, self._fleets, strict=True):
            fleet.man(self._chance, armed=False)
            until = time.monotonic() + SETTLES_WITHIN_S
            while books.doubtful:
                assert time.monotonic() < until, "doubt does not settle"
                books.compare()
                time.sleep(0.1)
            fleet.stop()
            books.compare()

    def _restart(self, books: Books, fleet: Fleet) -> None:
        before, lost = len(books.silent), books.lost + books.false_reconnects
        fleet.man(self._chance, armed=False)
        books.design.want(self._chance)
        time.sleep(self._chance.uniform(*PAUSE_S))
        self._stops += fleet.stop()
        books.compare()
        self._orderly_losses += len(books.silent) - before + books.lost + books.false_reconnects - lost + books.doubtful

    def _figures(self) -> Iterator[Figure]:
        ours, fleet = self._books[0], self._fleets[0]
        yield Figure("soak.kills", fleet.kills, "kills", f">= {self._rounds}")
        yield Figure("soak.at_failpoints", fleet.failpoints, "kills")
        yield Figure("soak.workers_failed", fleet.crashed, "workers", "<= 0")
        yield Figure("soak.redis_restarts", self._ground.redis.crashes, "restarts")
        yield Figure("soak.redis_flushes", self._flushes, "flushes")
        yield Figure("soak.postgres_restarts", self._ground.postgres.crashes, "restarts")
        yield Figure("soak.faults", self._faults, "answers")
        yield Figure("soak.lease_s", LEASE.total_seconds(), "s")
        yield Figure("soak.pace_per_s", REQUESTS_PER_SECOND, "1/s")
        yield self._beside("soak.refreshes", lambda books: books.refreshes, "refreshes")
        yield self._beside("soak.silent_losses", lambda books: len(books.silent), "grants", "<= 0")
        yield self._beside("soak.false_reconnects", lambda books: books.false_reconnects, "grants", "<= 0")
        yield self._beside("soak.spent_twice", lambda books: books.spent_twice, "sends", "<= 0")
        yield self._beside("soak.lost_in_flight", lambda books: books.lost, "grants")
        yield Figure("soak.doubts", len(ours.settled_s), "grants")
        yield Figure("soak.settled_scaled_p99_s", _p99(ours.settled_s), "s")
        yield Figure("soak.settled_p99_s", _p99(ours.settled_s) * FACTOR, "s", f"<= {SETTLED_WITHIN_S}")
        # With whoever was killed while settling it: in a soak that is often, and costs a second lease.
        yield Figure("soak.settled_whole_p99_s", _p99(ours.settled_whole_s) * FACTOR, "s")

    def _beside(self, name: str, value: Callable[[Books], int], unit: str, wanted: str = "") -> Figure:
        ours, *others = self._books
        return Figure(name, value(ours), unit, wanted, {each.design.name: value(each) for each in others})


def _ours() -> Ours:
    api.log.configure("CRITICAL")  # the output is for the figures
    scale()
    assert grant.LEASE == LEASE
    call_command("migrate_schemas", verbosity=0)
    check_start(rings=["data", "token"])
    return Ours(create_agency(name="Soak Lettings", host="soak.localhost"))


def _p99(times: list[float]) -> float:
    return quantiles([0.0, *times], n=100, method="inclusive")[-1]
