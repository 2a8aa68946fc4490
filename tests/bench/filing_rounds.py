"""The rounds: figures are queued, answers are struck, and the oldest worker is killed in each."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.models import F

import api.log
from hmrc_oauth import stopping
from mtd import batches, claiming, filing, intake, parked
from mtd.batches import Asked, Row
from mtd.models import Batch, Submission, submission
from mtd.models.submission import SETTLED
from tenants import clock, due
from tenants.context import tenant
from tenants.guard import check_start
from tenants.models import Agency, Due
from tenants.provisioning import create_agency
from tests.bench.figures import Figure
from tests.bench.filing_books import Client, compare
from tests.hmrc_oauth.scenes import KEY
from tests.mtd.scenes import DECLARED, given
from tests.soak.fleet import Fleet, at_one_of
from tests.soak.ground import Ground
from tests.soak.hand import Hand
from tests.soak.scale import DEADLINE_S, scale

WORKERS = 5
CLIENTS, CLIENTS_MANY = 240, 1_000
ROUNDS, MOST_A_ROUND, CORRECTED = 50, 400, 0.1
PAUSE_S = (0.3, 1.5)
SETTLES_WITHIN_S = 240.0
# HMRC is done with what was sent before it is asked what became of it (25 s in production). None of them is a 429 or
# a 503: those stop everybody for two seconds, and are the pace's to prove.
FAULTS = (
    {"kind": "answer_lost_before"},
    {"kind": "answer_lost_after"},
    {"kind": "answer_lost_after"},
    {"kind": "status", "status": 500, "code": "INTERNAL_SERVER_ERROR", "when": "after"},
    {"kind": "status", "status": 500, "code": "INTERNAL_SERVER_ERROR"},
    {"kind": "hang", "seconds": 1.1 * DEADLINE_S},
)
# What HMRC refuses is rejected, and figures that come later go all the same.
REFUSED = {"kind": "status", "status": 422, "code": "RULE_EARLY_DATA_SUBMISSION_NOT_ACCEPTED"}
_SCALED = {
    submission: ["LEASE"],
    claiming: ["LEASE", "_SOON"],
    parked: ["LEASE"],
    filing: ["SEND_WITHIN_S", "_SOON", "_READ_BACK_AFTER"],
}


class Crew:
    """Workers that look at the list themselves: only the bell is left out."""

    def __init__(self, agency: Agency) -> None:
        self._agency = agency
        self.hands: list[Hand] = []

    def work(self, hand: Hand) -> None:
        """File what is due until told to stop."""
        while not stopping.has_begun():
            try:
                self._step()
            except DatabaseError:  # PostgreSQL is away: the message is lost, and the list rings again
                connections.close_all()
                time.sleep(0.05)

    def _step(self) -> None:
        batches, found = _due(due.Kind.BATCH), _due(due.Kind.SUBMIT)
        with tenant(self._agency):
            if batches:
                intake.run(batch_id=batches[0])
            elif found:
                filing.run(submission_id=random.choice(found))  # now and then another worker's too: bells ring twice
            else:
                time.sleep(0.01)


def _due(kind: due.Kind) -> list[UUID]:
    waiting = Due.objects.filter(kind=kind, due_at__lte=clock.now()).order_by("due_at")
    return list(waiting.values_list("subject_id", flat=True)[: 4 * WORKERS])


class Rounds:
    """What is counted."""

    def __init__(self, ground: Ground, folder: Path, *, many: int) -> None:
        self._ground, self._many, self._chance = ground, many, random.Random(many)
        api.log.configure("CRITICAL")  # the output is for the figures
        scale(also=_SCALED)
        call_command("migrate_schemas", verbosity=0)
        check_start(rings=["data", "token"])
        self._agency = create_agency(name="Filing Lettings", host="filing.localhost")
        self._fleet = Fleet(
            Crew(self._agency), many=WORKERS, log=folder / "workers.log", fates=at_one_of(filing.POINTS)
        )
        self._faults = self._restarts = self._filed = 0

    def run(self) -> Iterator[Figure]:
        """Kills and faults until all are queued; then everything is let come to rest."""
        with tenant(self._agency):
            many = CLIENTS_MANY if self._many >= ROUNDS * MOST_A_ROUND else CLIENTS
            self._clients = [Client.new(self._ground) for _ in range(many)]
            began, number = time.monotonic(), 0
            while self._filed < self._many:
                number += 1
                self._round(number)
            self._rest()
            took = time.monotonic() - began
            yield from self._figures(took)
            yield from compare(self._clients, many=self._many)

    def _round(self, number: int) -> None:
        self._fleet.man(self._chance, armed=True)
        self._queue()
        self._strike()
        time.sleep(self._chance.uniform(*PAUSE_S))
        for every, disturb in self._disturbances().items():
            if number % every == 0:
                disturb()
        self._fleet.kill(self._chance, share=0.5)

    def _queue(self) -> None:
        """New figures for whoever waits for none, in a batch; for some a second one, and the older is superseded."""
        if Batch.objects.filter(taken__lt=F("size")).exists():
            return
        waiting = set(Submission.objects.exclude(status__in=SETTLED).values_list("landlord_id", flat=True))
        idle = [client for client in self._clients if client.landlord.pk not in waiting]
        most = min(len(idle), MOST_A_ROUND, max(1, self._many // ROUNDS), self._many - self._filed)
        some = self._chance.sample(idle, k=most)
        again = [client for client in some if self._chance.random() < CORRECTED]
        for clients in (some, again[: self._many - self._filed - len(some)]):
            if clients:
                self._batch(clients)

    def _batch(self, clients: Sequence[Client]) -> None:
        rows: list[Row] = []
        for client in clients:
            self._filed += 1
            income = {"periodAmount": f"{self._filed}.{self._chance.randrange(100):02}"}
            rows.append(Row(len(rows) + 1, given(client.landlord, figures={"income": income}, **client.place)))
        batches.create(by=KEY, asked=Asked(rows, DECLARED, None), now=clock.now())

    def _strike(self) -> None:
        for client in self._chance.sample(self._clients, k=max(3, len(self._clients) // 40)):
            operation = self._chance.choice(["uk_cumulative_put", "uk_cumulative_put", "uk_cumulative_get"])
            faults = FAULTS if operation == "uk_cumulative_get" else (*FAULTS, REFUSED)
            self._ground.served.control(
                "faults", {"operation": operation, "nino": client.user.nino, **self._chance.choice(faults)}
            )
            self._faults += 1

    def _disturbances(self) -> dict[int, Callable[[], None]]:
        """What happens every so many rounds."""
        return {
            23: self._ground.flush_redis,
            31: self._ground.redis.crash,
            37: self._restart_hmrc,
            41: self._crash_postgres,
        }

    def _restart_hmrc(self) -> None:
        self._ground.served.kill()
        self._ground.served.start()
        self._restarts += 1

    def _crash_postgres(self) -> None:
        self._ground.postgres.crash()
        connections.close_all()

    def _rest(self) -> None:
        """Faults are over; whoever is left brings everything to its end."""
        self._ground.served.control("faults/lift", {})
        self._fleet.stop()
        self._fleet.man(self._chance, armed=False)
        until = time.monotonic() + SETTLES_WITHIN_S
        while Submission.objects.exclude(status__in=SETTLED).exists() and time.monotonic() < until:
            time.sleep(0.2)
        self._fleet.stop()

    def _figures(self, took: float) -> Iterator[Figure]:
        yield Figure("filing.submissions", self._many, "submissions")
        yield Figure("filing.per_s", self._many / took, "1/s")
        yield Figure("filing.kills", self._fleet.kills, "kills")
        yield Figure("filing.at_failpoints", self._fleet.failpoints, "kills")
        yield Figure("filing.workers_failed", self._fleet.crashed, "workers", "<= 0")
        yield Figure("filing.faults", self._faults, "answers")
        yield Figure("filing.redis_restarts", self._ground.redis.crashes, "restarts")
        yield Figure("filing.postgres_restarts", self._ground.postgres.crashes, "restarts")
        yield Figure("filing.hmrc_restarts", self._restarts, "restarts")
