"""Whose turn it is: the one order in which calls to HMRC go.

Lanes go strictly by urgency, with a floor for each, so that none starves (`tenants/lanes`). In a lane agencies go by
start-time fair queueing (Goyal, Vin and Cheng, 1996): each turn costs an agency 1 / weight of the lane's virtual time,
and the agency whose next turn starts earliest is served. One that has just become busy starts at the present virtual
time: it owns no past, and holds up nobody. Among equals it goes round by turns. In an agency, what HMRC wants first
goes first, then what waited longest.

Nothing is in a line of its own: a pick is one short transaction over the due list, one at a time. Its cost grows with
the agencies that have work, not with how much they have. It takes the row by moving it on for a lease: the row of a
carrier that is killed comes back.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from tenants import turn_queries as queries
from tenants.due import Ring
from tenants.lanes import FLOORS, ORDER, Lane
from tenants.models import LaneTurn, Pause, PauseScope

LEASE = timedelta(seconds=10)
# While no ordinary carrier has picked anything for so many turns, and so long, the reserve picks.
_STANDS_IN_AFTER_TURNS, _STANDS_IN_AFTER_S = 1.5, 0.5
# How many agencies of a lane are tried, should the first one's rows be locked by somebody.
_TRIES = 3


def pick(*, now: datetime, kinds: Collection[str] | None = None) -> Ring | None:
    """Take what comes next for LEASE, or nothing if nothing may go. Runs in the public schema.

    `kinds` is what the reserve answers: it takes these, and only if it need not rest (`rest_s`).
    """
    with transaction.atomic():
        queries.begin()
        if kinds is not None and rest_s():
            return None
        lanes = _Lanes()
        asked, waiting = _look(now, kinds)
        for lane in lanes.in_order(waiting):
            for head in queries.heads(asked, lane=lane, **lanes.place(lane)):
                if ring := queries.take(asked, lane=lane, head=head, until=now + LEASE):
                    lanes.note(lane, head, waiting=waiting, by_reserve=kinds is not None)
                    return ring
    return None


def waits(*, now: datetime, kinds: Collection[str] | None = None) -> bool:
    """Whether `pick` would find something, now or after a rest."""
    _, waiting = _look(now, kinds)
    return bool(waiting)


def rest_s() -> float:
    """For how many seconds more the reserve looks on, by PostgreSQL's clock: an ordinary carrier has just picked."""
    after = max(_STANDS_IN_AFTER_S, _STANDS_IN_AFTER_TURNS / settings.HMRC.requests_per_second)
    since: timedelta | None = LaneTurn.objects.aggregate(since=Now() - Max("picked_at"))["since"]
    return 0.0 if since is None else min(max(0.0, after - since.total_seconds()), after)


def _look(now: datetime, kinds: Collection[str] | None) -> tuple[queries.Asked, list[Lane]]:
    """What is asked for, and the lanes in which something may go."""
    paused = set(Pause.objects.values_list("scope", "name"))
    asked = queries.Asked(
        now=now,
        paused=[UUID(name) for scope, name in paused if scope == PauseScope.AGENCY],
        rate=float(settings.HMRC.requests_per_second),
        kinds=None if kinds is None else sorted(kinds),
        tries=_TRIES,
    )
    return asked, queries.lanes(asked, among=[lane for lane in ORDER if (PauseScope.LANE, lane) not in paused])


class _Lanes:
    """What the lanes remember, as it was read, and as it is to be stored."""

    def __init__(self) -> None:
        rows = LaneTurn.objects.in_bulk()
        self._rows = {lane: rows.get(lane) or LaneTurn(lane=lane) for lane in ORDER}

    def place(self, lane: Lane) -> dict[str, Any]:
        """Its virtual time, and whom it has served last."""
        return {"clock": self._rows[lane].clock, "last": self._rows[lane].last}

    def in_order(self, lanes: Iterable[Lane]) -> list[Lane]:
        """Those that were passed over too often first, then by urgency."""
        return sorted(lanes, key=lambda lane: (not self._is_starved(lane), ORDER.index(lane)))

    def _is_starved(self, lane: Lane) -> bool:
        return lane in FLOORS and self._rows[lane].passed >= FLOORS[lane]

    def note(self, served: Lane, head: queries.Head, *, waiting: Collection[Lane], by_reserve: bool) -> None:
        """One turn was given in a lane, and none in the others in which something waited."""
        now: Any = Now()  # set by PostgreSQL
        for lane, row in self._rows.items():
            if lane == served:
                row.clock, row.last, row.passed, row.served = head.start, head.agency_id, 0, row.served + 1
                row.picked_at = row.picked_at if by_reserve else now
            elif not by_reserve:
                row.passed = row.passed + 1 if lane in waiting else 0
        LaneTurn.objects.bulk_create(
            self._rows.values(),
            update_conflicts=True,
            unique_fields=["lane"],
            update_fields=["clock", "last", "passed", "served", "picked_at"],
        )
