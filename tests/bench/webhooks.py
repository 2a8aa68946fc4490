"""Webhooks, with everybody dying: the receiver twice, delivery workers three times, all by kill -9, and a fifth of all
requests refused. Every event arrives at least once, in order for each subject, and none without its change.

DELIVERIES= says how many; the long run is 100000.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from sandbox.product import HOOKS, HOUSE, PROMPT, WORK
from tests.bench.figures import Figure
from tests.bench.rooms import in_django
from tests.house.source import ROOT

DELIVERIES = int(os.environ.get("DELIVERIES", "5000"))
SMOOTH = 2000  # of those without any trouble, to measure how fast it goes
AGENCIES, ENDPOINTS, SUBJECTS, AT_ONCE = 2, 2, 50, 10
ROLLED_BACK = 0.05
PATIENCE_S = 300 + DELIVERIES / 20


class Arrival(NamedTuple):
    """A line of the receiver's."""

    path: str
    event: str
    subject: str
    place: int


class Process:
    """One that can be killed with everything that it started, and started again."""

    def __init__(self, *argv: str) -> None:
        self._argv = argv
        self.start()

    def start(self, **more: str) -> None:
        environ, out = {**os.environ, **PROMPT, **more}, subprocess.DEVNULL
        self._process = subprocess.Popen(
            self._argv, cwd=ROOT, env=environ, stdout=out, stderr=out, start_new_session=True
        )

    def wait(self) -> None:
        """Until it ends by itself, for a minute at most."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(60)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def python(words: str) -> Process:
    return Process(sys.executable, *words.split())


def delivering() -> Iterator[Figure]:
    """How fast, and whether anything is lost, out of order, or invented."""
    with in_django(), TemporaryDirectory() as folder, ExitStack() as world:
        run = Run(Path(folder), world)
        yield Figure("webhooks.deliveries_per_s", run.smooth(), "deliveries/s", ">= 100")
        began = time.monotonic()
        run.rough()
        seconds = time.monotonic() - began
        arrived, expected = run.arrived(), run.expected()
        lost = len(expected - {(each.path, each.event) for each in arrived})
        yield Figure("webhooks.lost", lost, "deliveries", "<= 0")
        yield Figure("webhooks.out_of_order", out_of_order(arrived), "deliveries", "<= 0")
        yield Figure("webhooks.without_change", run.without_change(arrived), "events", "<= 0")
        yield Figure("webhooks.twice", len(arrived) - len(set(arrived)), "deliveries")
        yield Figure("webhooks.rough_deliveries", len(expected), "deliveries")
        yield Figure("webhooks.rough_per_s", len(expected) / seconds, "deliveries/s")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def out_of_order(arrived: list[Arrival]) -> int:
    """How many came for the first time after a later one of their subject."""
    newest: dict[tuple[str, str], int] = {}
    seen: set[tuple[str, str]] = set()
    wrong = 0
    for each in arrived:
        if (each.path, each.event) in seen:
            continue
        seen.add((each.path, each.event))
        place = newest.get((each.path, each.subject), -1)
        wrong += each.place < place
        newest[each.path, each.subject] = max(place, each.place)
    return wrong


class Run:
    """Agencies, their endpoints, the receiver and the workers."""

    def __init__(self, folder: Path, world: ExitStack) -> None:
        from tenants.ids import new_id
        from tenants.provisioning import create_agency

        self._log, self._port = folder / "arrived", _free_port()
        self._log.touch()
        self._world, self._chance, self._places = world, random.Random(3), count()
        self._agencies = [
            create_agency(name=f"Bench {each}", host=f"bench{each}.localhost") for each in range(AGENCIES)
        ]
        self._subjects = {agency: [new_id() for _ in range(SUBJECTS)] for agency in self._agencies}
        self._since = 0
        self._hooks = [self._started(HOOKS) for _ in range(2)]
        self._started(f"{WORK} {HOUSE}")
        self._started("manage.py scheduler")
        self._receiver = self._receive(share=0.0)

    def smooth(self) -> float:
        """Deliveries a second of one endpoint to a receiver that takes everything, from the first to the last."""
        from django.db.models import Max, Min

        from events.models import Delivery
        from tenants.context import tenant

        agency = self._agencies[0]
        self._listen(agency, "smooth")
        self._publish(SMOOTH, [agency])
        self._until_all_is_said()
        with tenant(agency):
            times = Delivery.objects.aggregate(first=Min("settled_at"), last=Max("settled_at"))
        return SMOOTH / float((times["last"] - times["first"]).total_seconds())

    def rough(self) -> None:
        """The same, with trouble, to several endpoints of several agencies."""
        self._since = len(self._lines())
        for agency in self._agencies:
            for number in range(ENDPOINTS - (agency is self._agencies[0])):
                self._listen(agency, f"rough{number}")
        self._receiver.kill()
        self._receiver = self._receive(share=0.2)
        many = DELIVERIES // ENDPOINTS
        # Of each trouble some happens while much is on its way.
        for trouble in (self._kill_receiver, self._kill_worker, self._kill_receiver):
            self._publish(many // 4, self._agencies)
            trouble()
        self._publish(many - 3 * (many // 4), self._agencies)
        self._until_all_is_said()

    def arrived(self) -> list[Arrival]:
        """In order, those of the rough part."""
        rough = self._lines()[self._since :]
        return [Arrival(path, event, subject, int(place)) for path, event, subject, place in rough]

    def expected(self) -> set[tuple[str, str]]:
        """Which events should have come to which path."""
        from events.models import Event, WebhookEndpoint
        from tenants.context import tenant

        found = set()
        for agency in self._agencies:
            with tenant(agency):
                rough = [str(each) for each in Event.objects.filter(data__rough=True).values_list("id", flat=True)]
                for endpoint in WebhookEndpoint.objects.all():
                    found |= {("/" + endpoint.url.rpartition("/")[2], event) for event in rough}
        return found

    def without_change(self, arrived: list[Arrival]) -> int:
        """Events that arrived although their change was rolled back, and changes whose event was not written."""
        from events.models import AuditEvent, Event
        from tenants.context import tenant

        changes, events = set(), set()
        for agency in self._agencies:
            with tenant(agency):
                said = AuditEvent.objects.filter(action="bench.changed").values_list("subject_id", "detail__place")
                changes |= {(str(subject), place) for subject, place in said}
                told = Event.objects.exclude(data__place=None).values_list("subject_id", "data__place")
                events |= {(str(subject), place) for subject, place in told}
        came = {(each.subject, each.place) for each in arrived}
        return len(changes ^ events) + len(came - changes)

    def _started(self, words: str) -> Process:
        process = python(words)
        self._world.callback(process.kill)
        return process

    def _receive(self, *, share: float) -> Process:
        self._share = share
        return self._started(f"-m tests.bench.webhook_receiver {self._port} {self._log} {share}")

    def _kill_receiver(self) -> None:
        self._receiver.kill()
        time.sleep(3)
        self._receiver.start()

    def _kill_worker(self) -> None:
        """At any moment; and once more at the worst one: what it sent has arrived, and it did not write that down."""
        for hooks, more in zip(self._hooks, ({"QUARTERDAY_DIE_AT": "deliver.after_sending"}, {}), strict=True):
            hooks.kill()
            hooks.start(**more)
        self._publish(AT_ONCE * 10, self._agencies)
        self._hooks[0].wait()
        self._hooks[0].start()

    def _listen(self, agency: Any, path: str) -> None:
        from events import webhooks
        from people.principal import SYSTEM
        from tenants import clock
        from tenants.context import tenant

        url = f"http://127.0.0.1:{self._port}/{agency.name.replace(' ', '')}-{path}"
        with tenant(agency):
            webhooks.create(by=SYSTEM, given={"url": url}, now=clock.now())

    def _publish(self, many: int, agencies: list[Any]) -> None:
        """Changes with their events, some of which are rolled back."""
        for _ in range(many // AT_ONCE):
            agency = self._chance.choice(agencies)
            subjects = self._chance.sample(self._subjects[agency], AT_ONCE)
            self._change(agency, subjects, keep=True)
            if self._chance.random() < ROLLED_BACK:
                self._change(agency, subjects, keep=False)

    def _change(self, agency: Any, subjects: list[Any], *, keep: bool) -> None:
        from django.db import transaction

        from events import audit, outbox
        from people.principal import SYSTEM
        from tenants import clock
        from tenants.context import tenant

        said = {each: {"place": next(self._places), "rough": self._share > 0} for each in subjects}
        with tenant(agency), transaction.atomic():
            audit.record_all(by=SYSTEM, action="bench.changed", subject_type="property", details=said, now=clock.now())
            outbox.publish_all(type="property.changed", subject_type="property", data=said, now=clock.now())
            transaction.set_rollback(not keep)

    def _until_all_is_said(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while self._waits():
            if time.monotonic() > until:
                sys.stderr.write("Not everything was delivered in time.\n")
                return
            time.sleep(0.5)

    def _waits(self) -> bool:
        from events.models import Delivery
        from tenants.context import tenant
        from tenants.models import Due

        if Due.objects.filter(kind="relay").exists():
            return True
        for agency in self._agencies:
            with tenant(agency):
                if Delivery.objects.filter(status="pending").exists():
                    return True
        return False

    def _lines(self) -> list[list[str]]:
        # The last one may be half a line, of a receiver that was killed: it has answered nothing then.
        return [line.split() for line in self._log.read_text().splitlines() if len(line.split()) == 4]
