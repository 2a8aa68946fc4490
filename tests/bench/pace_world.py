"""A deadline day on one machine: agencies with their backlogs, real workers, and the strictest HMRC."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil

from sandbox.product import HOUSE, PROMPT, WORK, WORKER
from tests.house.source import ROOT
from tests.soak.ground import Ground

WORKERS = 4
READ = "status:2026-27"  # one call, and no other after it


class Agency:
    """One agency whose landlords share one of HMRC's users, so that each call is a real and a good one."""

    def __init__(self, ground: Ground, name: str, *, landlords: int) -> None:
        from tenants.context import tenant
        from tenants.provisioning import create_agency

        self.row = create_agency(name=name, host=f"{name}.localhost")
        user = ground.hmrc.add_user()
        with tenant(self.row):
            self.landlords = _landlords(user.nino, ground.connect(user), many=landlords)

    def queue(self) -> None:
        """A bulk reading of each landlord."""
        from people.models import Operation
        from tenants import clock, due
        from tenants.context import tenant

        now = clock.now()
        asked = {"kind": f"fetch.{READ}", "subject_type": "landlord", "created_at": now}
        with tenant(self.row):
            made = Operation.objects.bulk_create(
                Operation(subject_id=each, landlord_id=each, **asked) for each in self.landlords
            )
            due.put_all(kind=due.Kind.FETCH, lane=due.Lane.BULK, at={operation.pk: now for operation in made})

    def ask(self) -> UUID:
        """A person wants a reading of the next landlord now. The operation."""
        from mtd import readings
        from tenants import clock, due
        from tenants.context import tenant

        with tenant(self.row):
            operation = readings.ask(
                landlord_id=self.landlords.pop(), what=READ, lane=due.Lane.INTERACTIVE, now=clock.now()
            )
            return UUID(str(operation.pk))

    def finished(self) -> list[tuple[datetime, datetime]]:
        """When each answered operation was asked for and when its answer was stored."""
        from people.models import Operation
        from tenants.context import tenant

        with tenant(self.row):
            done = Operation.objects.filter(status="succeeded").order_by("finished_at")
            return [(each.created_at, each.finished_at) for each in done if each.finished_at]


def _landlords(nino: str, tokens: Mapping[str, Any], *, many: int) -> list[UUID]:
    from hmrc_oauth.models import Connection, ConnectionState, Grant, Tokens
    from landlords.models import Landlord
    from tenants import clock

    now = clock.now()
    rows = [Landlord(reference=f"L{number}", full_name=f"Landlord {number}") for number in range(many)]
    for row in rows:
        row.put_nino(nino)
        row.nino_index = os.urandom(32)  # each is somebody else to us, and the same user to HMRC
    Landlord.objects.bulk_create(rows, batch_size=1000)
    kept = Tokens(tokens["access_token"], tokens["refresh_token"], int(tokens["expires_in"]))
    grant = Grant.issue(landlord_id=rows[0].pk, tokens=kept, scope=tokens["scope"], now=now)
    grant.verify(now=now)
    Connection.objects.bulk_create(
        (
            Connection(landlord=row, grant=grant, state=ConnectionState.ACTIVE, connected_at=now, changed_at=now)
            for row in rows
        ),
        batch_size=1000,
    )
    return [row.pk for row in rows]


class Workers:
    """So many workers, one for housework, and a scheduler, as operators start them."""

    def __init__(self, environ: Mapping[str, str], folder: Path) -> None:
        given = {**os.environ, **environ, **PROMPT}
        self._log = (folder / "workers.log").open("ab")
        programs = [f"{WORK} {WORKER}"] * WORKERS + [f"{WORK} {HOUSE}", "manage.py scheduler"]
        self._running = [
            subprocess.Popen(
                [sys.executable, *program.split()], env=given, cwd=ROOT, stdout=self._log, stderr=self._log
            )
            for program in programs
        ]

    def memory_mb(self) -> float:
        """What they hold in memory, all together."""
        every = [psutil.Process(running.pid) for running in self._running]
        tree = {child for one in every for child in (one, *one.children(recursive=True))}
        return float(sum(one.memory_info().rss for one in tree)) / 2**20

    def stop(self) -> None:
        for running in self._running:
            running.terminate()
        for running in self._running:
            running.wait(60)
        self._log.close()


@contextmanager
def working(environ: Mapping[str, str], folder: Path) -> Iterator[Workers]:
    workers = Workers(environ, folder)
    try:
        yield workers
    finally:
        workers.stop()


def counted(ground: Ground) -> dict[str, Any]:
    """What the stand-in has counted since its rate was set."""
    return dict(ground.served.show("rate"))


def until_answered(ground: Ground, *, accepted: int, within_s: float = 60.0) -> None:
    """Wait until HMRC has taken so many requests."""
    until = time.monotonic() + within_s
    while counted(ground)["accepted"] < accepted:
        assert time.monotonic() < until, "nothing reaches HMRC"
        time.sleep(0.05)
