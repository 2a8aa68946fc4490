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
from tenants.models import Agency
from tenants.provisioning import create_agency
from tests.bench.figures import Figure
from tests.soak.baselines import ReadCallSave, RedisLock
from tests.soak.books import Books
from tests.soak.design import Design, Ours
from tests.soak.fleet import Fleet
from tests.soak.ground import Ground
from tests.soak.newcomers import Newcomers
from tests.soak.scale import DEADLINE_S, LEASE, REQUESTS_PER_SECOND, scale

LANDLORDS = 32
NEWCOMERS = 6
WORKERS, WORKERS_BESIDE = 6, 3
KILLED, KILLED_BESIDE = 1.0, 0.4  # of those who may be, in each round
# The other designs show in this many kills of ours what they lose; then the machine is ours alone.
BESIDE_UNTIL = 500
TOLD_EVERY = 1000
PAUSE_S = (0.02, 0.15)
SETTLES_WITHIN_S = 180.0
CLOSED_S = 1.25  # the pace grants nothing while a Redis is new; HMRC's second is not scaled
SETTLED_WITHIN_S = 140  # at the lease of production
# HMRC may be at it for half as long again as we wait for it; what it takes that was sent is over within the lease.
FAULTS = (
    {"kind": "answer_lost_before"},
    {"kind": "answer_lost_after"},
    {"kind": "server_error", "when": "after"},
    {"kind": "hang", "seconds": 0.5 * DEADLINE_S},
    {"kind": "hang", "seconds": 1.5 * DEADLINE_S},
    {"kind": "slow", "seconds": 0.5 * DEADLINE_S, "times": 1},
    {"kind": "slow", "seconds": 1.5 * DEADLINE_S, "times": 1},
)


class Soak:
    """All designs side by side."""

    def __init__(self, ground: Ground, folder: Path, *, rounds: int) -> None:
        self._ground, self._rounds, self._chance = ground, rounds, random.Random(rounds)
        agency = _agency()
        self._newcomers = Newcomers(agency, ground, many=NEWCOMERS)
        designs: list[Design] = [Ours(agency), ReadCallSave(ground), RedisLock(ground)]
        self._books = [self._opened(design) for design in designs]
        self._fleets = [
            Fleet(design, many=WORKERS if design is designs[0] else WORKERS_BESIDE, log=folder / f"{design.name}.log")
            for design in designs
        ]
        self._faults = self._flushes = self._stops = self._orderly_losses = 0
        self._took_s = 0.0

    def run(self) -> Iterator[Figure]:
        """Kills and faults; then all is let come to rest; then restarts in good order."""
        began, books, fleet, number = time.monotonic(), self._books[0], self._fleets[0], 0
        while fleet.kills < self._rounds:
            number += 1
            before = fleet.kills
            self._round(number)
            if fleet.kills // TOLD_EVERY > before // TOLD_EVERY:
                yield Figure("soak.kills_so_far", fleet.kills, "kills")
                yield Figure("soak.silent_losses_so_far", len(books.silent), "grants", "<= 0")
        self._took_s = time.monotonic() - began
        self._rest()
        yield from self._figures()
        scale(1)  # no faults any more, and so nothing to shorten
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
        playing = self._playing()
        for _, fleet in playing:
            fleet.man(self._chance, armed=fleet is self._fleets[0])
        self._newcomers.arrive(self._chance)
        self._ground.served.control("faults/lift", {})  # what struck nobody by now would strike somebody in doubt
        for books, _ in playing:
            books.design.want(self._chance)
            self._strike([*books.users])
        self._strike(self._newcomers.ninos)
        time.sleep(self._chance.uniform(*PAUSE_S))
        for every, disturb in self._disturbances().items():
            if number % every == 0:
                disturb()
        for books, fleet in playing:
            fleet.kill(self._chance, share=KILLED if fleet is self._fleets[0] else KILLED_BESIDE)
            books.compare()
        self._newcomers.compare()

    def _playing(self) -> list[tuple[Books, Fleet]]:
        """Who takes part in this round. Those who are done are stopped, and settle at the end with the others."""
        pairs = list(zip(self._books, self._fleets, strict=True))
        if self._fleets[0].kills < BESIDE_UNTIL:
            return pairs
        for _, fleet in pairs[1:]:
            fleet.stop()
        return pairs[:1]

    def _strike(self, ninos: list[str]) -> None:
        if self._chance.random() < 0.5:
            fault = self._chance.choice(FAULTS)
            victim = self._chance.choice(ninos)
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
        """Faults are over; whoever is left brings everything to its end. What had ended by now is counted here: the
        orderly stops that come next did not end it.
        """
        self._ground.served.control("faults/lift", {})
        for fleet in self._fleets:
            fleet.stop()
        for books, fleet in zip(self._books, self._fleets, strict=True):
            fleet.man(self._chance, armed=False)
            until = time.monotonic() + SETTLES_WITHIN_S
            while books.doubtful or books.dead or self._newcomers.under_way:
                assert time.monotonic() < until, "doubt does not settle"
                books.compare()
                self._newcomers.compare()
                time.sleep(0.1)
            fleet.stop()
            books.compare()

    def _restart(self, books: Books, fleet: Fleet) -> None:
        before = books.told_or_not
        fleet.man(self._chance, armed=False)
        books.design.want(self._chance)
        time.sleep(self._chance.uniform(*PAUSE_S))
        self._stops += fleet.stop()
        books.compare()
        self._orderly_losses += books.told_or_not - before + books.adrift

    def _figures(self) -> Iterator[Figure]:
        ours, fleet = self._books[0], self._fleets[0]
        yield Figure("soak.kills", fleet.kills, "kills", f">= {self._rounds}")
        yield self._beside("soak.kills_beside", lambda books: self._fleet_of(books).kills, "kills")
        yield Figure("soak.kills_per_minute", fleet.kills / self._took_s * 60, "1/min")
        yield Figure("soak.at_failpoints", fleet.failpoints, "kills")
        yield self._beside("soak.paused_past_the_lease", lambda books: self._fleet_of(books).pauses, "workers")
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
        yield Figure("soak.crossed_with_a_late_answer", ours.crossed, "sends")
        yield self._beside("soak.lost_in_flight", lambda books: books.lost, "grants")
        yield self._beside("soak.given_up_after_three_probes", lambda books: books.given_up, "grants")
        yield from self._first_exchanges()
        yield Figure("soak.doubts", len(ours.settled_s), "grants")
        yield Figure("soak.settled_p99_s", _p99(ours.settled_s), "s", f"<= {SETTLED_WITHIN_S}")
        # With whoever was killed while settling it, as the soak's clock has it: each costs a second lease.
        yield Figure("soak.settled_whole_scaled_p99_s", _p99(ours.settled_whole_s), "s")

    def _first_exchanges(self) -> Iterator[Figure]:
        new = self._newcomers
        yield Figure("soak.first_exchanges_kept", new.kept, "grants")
        yield Figure("soak.first_exchanges_said_to_be_lost", new.lost, "grants")
        yield Figure("soak.first_exchanges_failed_unspent", new.unspent, "codes")
        yield Figure("soak.first_exchanges_silent", new.silent, "grants", "<= 0")

    def _fleet_of(self, books: Books) -> Fleet:
        return self._fleets[self._books.index(books)]

    def _beside(self, name: str, value: Callable[[Books], int], unit: str, wanted: str = "") -> Figure:
        ours, *others = self._books
        return Figure(name, value(ours), unit, wanted, {each.design.name: value(each) for each in others})


def _agency() -> Agency:
    api.log.configure("CRITICAL")  # the output is for the figures
    scale()
    assert grant.LEASE == LEASE
    call_command("migrate_schemas", verbosity=0)
    check_start(rings=["data", "token"])
    agency = create_agency(name="Soak Lettings", host="soak.localhost")
    agency.return_urls = ["https://soak.example"]
    agency.save()
    return agency


def _p99(times: list[float]) -> float:
    return quantiles([0.0, *times], n=100, method="inclusive")[-1]
