"""Migrations over all agencies: schemas of one state need the same SQL, so the first is migrated by Django and says it,
and it is sent to the others. What can't be replayed is migrated by Django, schema by schema.

A schema is done or not done, and which, it records itself: whoever is stopped in the midst begins again and goes on.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from django.db import DEFAULT_DB_ALIAS, connections

from tenants.db import connection
from tenants.fleet import states
from tenants.fleet.crew import default_processes, spread
from tenants.fleet.outcome import Outcome, Result, Way
from tenants.fleet.planning import obstacle, pending
from tenants.fleet.rehearsing import Script
from tenants.fleet.replaying import by_script, one_by_django, prove, rehearsed
from tenants.models import Agency

_LOCK = 7_105_211_846_104  # the advisory lock of whoever migrates
_TRIALS = 3  # when so many fail before one succeeds, it is the migration and not the agency


def migrate_all(*, processes: int | None = None, replays: bool = True) -> Iterator[Outcome]:
    """Bring every agency to this code's last migration, those too that are made meanwhile, and yield what became of
    each. `replays`: False leaves everything to Django.
    """
    done: set[str] = set()
    while schemas := [each for each in _schemas() if each not in done]:
        yield from migrate(schemas, processes=processes, replays=replays)
        done.update(schemas)


def migrate(schemas: Sequence[str], *, processes: int | None = None, replays: bool = True) -> Iterator[Outcome]:
    """The same for these. Whoever else migrates at the same time waits until they are done."""
    with _alone():
        for state, members in states.grouped(schemas).items():
            group = _Group(state, members, processes or default_processes())
            yield from group.migrate(replays=replays)


class _Group:
    """Schemas that have recorded the same migrations."""

    def __init__(self, state: str, members: Iterable[str], processes: int) -> None:
        self._state, self._waiting, self._processes = state, deque(members), processes
        self._script: Script | None = None

    def migrate(self, *, replays: bool) -> Iterator[Outcome]:
        """All of them, by the way that is found for the first."""
        why = self._why_not() if replays else "not asked to replay"
        if why is None:
            yield from (Outcome(schema, Result.SKIPPED) for schema in self._waiting)
        elif why:
            yield from self._until_one_succeeds(partial(one_by_django, why=why))
            yield from self._rest(why)
        else:
            yield from self._until_one_succeeds(self._rehearse)
            yield from self._try_out()
            yield from self._rest("could not be replayed")

    def _why_not(self) -> str | None:
        """Why the pending migrations can't be replayed, empty if they can, None if there are none."""
        if self._state == states.UNKNOWN:
            return "records no migrations"
        try:
            plan = pending(self._waiting[0])
            return obstacle(plan) if plan else None
        finally:
            connection.set_schema_to_public()

    def _until_one_succeeds(self, one: Callable[[str], Outcome]) -> Iterator[Outcome]:
        """The first, and if it fails, the next. After some failures no other is tried."""
        for _ in range(min(_TRIALS, len(self._waiting))):
            outcome = one(self._waiting.popleft())
            yield outcome
            if outcome.result is Result.MIGRATED:
                return
        yield from (Outcome(schema, Result.FAILED, why="not tried: others failed") for schema in self._waiting)
        self._waiting.clear()

    def _rehearse(self, schema: str) -> Outcome:
        outcome, self._script = rehearsed(schema, self._state)
        return outcome

    def _try_out(self) -> Iterator[Outcome]:
        """Send it to the next, and look at what becomes of it. A script that none confirms is thrown away."""
        script, self._script = self._script, None
        for _ in range(min(_TRIALS, len(self._waiting))):
            if script is None:
                return
            outcome = by_script(self._waiting.popleft(), script=script, send=prove)
            yield outcome
            if outcome.way is Way.REPLAYED and outcome.result is Result.MIGRATED:
                self._script = script
                return

    def _rest(self, why: str) -> Iterator[Outcome]:
        one = partial(by_script, script=self._script) if self._script else partial(one_by_django, why=why)
        yield from spread(one, [*self._waiting], processes=self._processes)


def _schemas() -> list[str]:
    return [*Agency.objects.order_by("pk").values_list("schema_name", flat=True)]


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock on a connection of its own: the other is closed when a schema is done."""
    own = connections[DEFAULT_DB_ALIAS].copy()
    own.settings_dict["OPTIONS"].pop("pool", None)
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        yield
    finally:
        own.close()
