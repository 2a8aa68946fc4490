"""Who watches what in this process. Looks at the operations that are watched, and hands each watcher what is new.

A bell says which operation to look at; every few seconds all are looked at, since a bell may be lost. However many
watch, an agency is asked one question at a time, for all of its operations at once.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Protocol
from uuid import UUID

import structlog

from api.streams import metrics
from api.streams.states import State

log = structlog.get_logger()

LOOK_EVERY_S: Final = 5.0
LOOK_EVERY_DEAF_S: Final = 1.0

Read = Callable[[UUID, Iterable[UUID]], Awaitable[Mapping[UUID, State]]]


class Watcher(Protocol):
    """Is handed each state that is found. Decides itself whether it is new."""

    def hand(self, state: State) -> None: ...


class _Agency:
    """What is watched of one agency, what of it is to be looked at, and who looks just now."""

    def __init__(self) -> None:
        self.watched: defaultdict[UUID, set[Watcher]] = defaultdict(set)
        self.rung: set[UUID] = set()
        self.looking: asyncio.Task[None] | None = None


class Hub:
    """`read` looks at some operations of one agency. Lives in one event loop."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._agencies: dict[UUID, _Agency] = {}
        self.hears = False  # whether bells are heard

    @contextmanager
    def watching(self, agency_id: UUID, operation_id: UUID, watcher: Watcher) -> Iterator[None]:
        """Hand it every state from now on, the present one first."""
        agency = self._agencies.setdefault(agency_id, _Agency())
        agency.watched[operation_id].add(watcher)
        self.ring(agency_id, operation_id)
        try:
            yield
        finally:
            agency.watched[operation_id].discard(watcher)
            if not agency.watched[operation_id]:
                del agency.watched[operation_id]
            if not agency.watched:
                self._agencies.pop(agency_id, None)

    def ring(self, agency_id: UUID, operation_id: UUID) -> None:
        """Look at this one, if anybody watches it."""
        agency = self._agencies.get(agency_id)
        if agency is not None and operation_id in agency.watched:
            agency.rung.add(operation_id)
            self._look(agency_id, agency)

    def ring_all(self) -> None:
        """Look at everything that is watched."""
        for agency_id, agency in self._agencies.items():
            agency.rung |= agency.watched.keys()
            self._look(agency_id, agency)

    async def keep_looking(self) -> None:
        """Until it is cancelled: whatever the bells say, and more often while none are heard."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S if self.hears else LOOK_EVERY_DEAF_S)
            self.ring_all()

    def _look(self, agency_id: UUID, agency: _Agency) -> None:
        if agency.looking is None or agency.looking.done():
            agency.looking = asyncio.get_running_loop().create_task(self._look_until_quiet(agency_id, agency))

    async def _look_until_quiet(self, agency_id: UUID, agency: _Agency) -> None:
        while agency.rung:
            ids, agency.rung = agency.rung, set()
            try:
                with metrics.READ.time():
                    found = await self._read(agency_id, ids)
            except Exception as why:  # noqa: BLE001 - whatever ails the database, the next look comes
                log.warning("streams.unread", agency=str(agency_id), why=type(why).__name__)
                return
            for operation_id, state in found.items():
                for watcher in tuple(agency.watched.get(operation_id, ())):
                    watcher.hand(state)
