"""Whose turn it is: the one order in which calls to HMRC go.

Lanes go strictly by urgency, with a floor for each, so that none starves (`tenants/lanes`). In a lane agencies go by
start-time fair queueing (Goyal, Vin and Cheng, 1996): each turn costs an agency 1 / weight of the lane's virtual time,
and the agency whose next turn starts earliest is served. One that has just become busy starts at the present virtual
time: it owns no past, and holds up nobody. In an agency, what HMRC wants first goes first, then what waited longest.

Nothing is in a line of its own: a pick is one short transaction over the due list, one at a time. Its cost grows with
the agencies that have work, not with how much they have. It takes the row by moving it on for a lease: the row of a
carrier that is killed comes back.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from tenants.due import Ring
from tenants.lanes import FLOORS, ORDER, Lane
from tenants.models import LaneTurn

LEASE = timedelta(seconds=10)
# What has waited for this long while no ordinary carrier picked anything is for the reserve.
_STANDS_IN_AFTER = timedelta(seconds=1)
_PICKING = 7_105_211_846_103  # the advisory lock under which one picks at a time
# How many agencies of a lane are tried, should the first one's rows be locked by somebody.
_TRIES = 3
# Lanes in which a cap holds nobody back: a person or waiting work is stuck, and it is one call.
_UNCAPPED = (Lane.INTERACTIVE, Lane.TOKEN)

# The agencies of each lane that have something due: one step of the index for each, to its oldest row.
WAITING = """
WITH RECURSIVE stepped AS (
    (SELECT lane, agency_id, due_at FROM tenants_due WHERE is_call ORDER BY lane, agency_id, due_at LIMIT 1)
    UNION ALL
    SELECT next.* FROM stepped, LATERAL (
        SELECT lane, agency_id, due_at FROM tenants_due
        WHERE is_call AND (lane, agency_id) > (stepped.lane, stepped.agency_id)
        ORDER BY lane, agency_id, due_at LIMIT 1
    ) AS next
),
waiting AS (
    SELECT lane, agency_id FROM stepped
    WHERE due_at <= %(now)s AND (%(kinds)s::text[] IS NULL OR EXISTS (
        SELECT FROM tenants_due AS own
        WHERE own.is_call AND own.agency_id = stepped.agency_id AND own.kind = ANY(%(kinds)s)
          AND own.lane = stepped.lane AND own.due_at <= %(now)s
    ))
)
"""
# Of these, those of agencies that are served, with what is known of each.
KNOWN = """
FROM waiting
JOIN tenants_agency AS agency ON agency.id = waiting.agency_id AND agency.status = 'active'
LEFT JOIN tenants_laneturn AS lane ON lane.lane = waiting.lane
LEFT JOIN tenants_agencyturn AS turn ON turn.lane = waiting.lane AND turn.agency_id = waiting.agency_id
LEFT JOIN tenants_share AS share ON share.agency_id = waiting.agency_id
"""
MAY_GO = """
NOT EXISTS (
    SELECT FROM tenants_pause AS pause
    WHERE (pause.scope = 'lane' AND pause.name = waiting.lane)
       OR (pause.scope = 'agency' AND pause.name = waiting.agency_id::text)
)
"""
# Where its next turn starts, in virtual time.
START = "greatest(coalesce(turn.ends, 0), coalesce(lane.clock, 0))"
_ALLOWANCE = """
least(greatest(2, share.cap * %(rate)s),
      share.allowance + greatest(0, extract(epoch FROM %(now)s - share.counted_at)) * share.cap * %(rate)s)
"""
_HEADS = f"""
{WAITING},
heads AS (
    SELECT waiting.lane, waiting.agency_id, {START} AS start, coalesce(share.weight, 1) AS weight,
           row_number() OVER (
               PARTITION BY waiting.lane ORDER BY {START}, waiting.agency_id
           ) AS place
    {KNOWN}
    WHERE {MAY_GO} AND (share.cap IS NULL OR waiting.lane = ANY(%(uncapped)s) OR {_ALLOWANCE} >= 0.999)
)
SELECT lane, agency_id, start, weight FROM heads WHERE place <= %(tries)s ORDER BY lane, place
"""  # noqa: S608 - constants of this file
_TAKE = """
UPDATE tenants_due SET due_at = %(until)s, rung_at = NULL
WHERE id = (
    SELECT id FROM tenants_due
    WHERE is_call AND lane = %(lane)s AND agency_id = %(agency)s AND due_at <= %(now)s
      AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s))
    ORDER BY deadline, due_at, id LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING kind, agency_id, subject_id
"""
_PAY = """
INSERT INTO tenants_agencyturn (lane, agency_id, ends) VALUES (%(lane)s, %(agency)s, %(ends)s)
ON CONFLICT (lane, agency_id) DO UPDATE SET ends = excluded.ends
"""
_SPEND = f"""
UPDATE tenants_share AS share SET allowance = {_ALLOWANCE} - 1, counted_at = %(now)s
WHERE share.agency_id = %(agency)s AND share.cap IS NOT NULL
"""  # noqa: S608 - as above
# Lost in a crash of the database, a pick leaves the row where it was: its commit need not wait for the disk.
_BEGIN = """
SELECT set_config('synchronous_commit', 'off', true), pg_advisory_xact_lock(%s)
"""


class _Head(NamedTuple):
    """An agency that may be served next in a lane, and the virtual time at which its turn would start."""

    lane: str
    agency_id: UUID
    start: float
    weight: float


def pick(*, now: datetime, kinds: Collection[str] | None = None) -> Ring | None:
    """Take what comes next for LEASE, or nothing if nothing may go. Runs in the public schema.

    `kinds` is what the reserve answers: it takes these, and only if no ordinary carrier has picked for a second.
    """
    given = _given(now, kinds)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BEGIN, [_PICKING])
        lanes = _Lanes(LaneTurn.objects.in_bulk())
        if kinds is not None and lanes.are_served:
            return None
        heads = _heads(given)
        for head in lanes.in_order(heads):
            cursor.execute(_TAKE, {**given, "lane": head.lane, "agency": head.agency_id, "until": now + LEASE})
            if taken := cursor.fetchone():
                cursor.execute(_PAY, {**head._asdict(), "agency": head.agency_id, "ends": head.start + 1 / head.weight})
                cursor.execute(_SPEND, {**given, "agency": head.agency_id})
                lanes.note(head, waiting={head.lane for head in heads}, by_reserve=kinds is not None)
                return Ring(*taken)
    return None


def waits(*, now: datetime, kinds: Collection[str] | None = None) -> bool:
    """Whether `pick` would find something."""
    if kinds is not None and _Lanes(LaneTurn.objects.in_bulk()).are_served:
        return False
    return bool(_heads(_given(now, kinds)))


def _given(now: datetime, kinds: Collection[str] | None) -> dict[str, Any]:
    return {
        "now": now,
        "kinds": None if kinds is None else sorted(kinds),
        "rate": float(settings.HMRC.requests_per_second),
        "uncapped": list(_UNCAPPED),
        "tries": _TRIES,
    }


def _heads(given: Mapping[str, Any]) -> list[_Head]:
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, given)
        return [_Head(*row) for row in cursor.fetchall()]


class _Lanes:
    """What the lanes remember, as it was read, and as it is to be stored."""

    def __init__(self, rows: Mapping[str, LaneTurn]) -> None:
        self._rows = {lane: rows.get(lane) or LaneTurn(lane=lane) for lane in ORDER}

    @property
    def are_served(self) -> bool:
        """Whether an ordinary carrier has picked just now."""
        return any(row.picked_at and row.picked_at > _clock() - _STANDS_IN_AFTER for row in self._rows.values())

    def in_order(self, heads: Collection[_Head]) -> list[_Head]:
        """Those of a lane that was passed over too often first, then those of the most urgent one."""
        return sorted(heads, key=lambda head: (not self._is_starved(head.lane), ORDER.index(Lane(head.lane))))

    def _is_starved(self, lane: str) -> bool:
        floor = FLOORS.get(Lane(lane))
        return floor is not None and self._rows[Lane(lane)].passed >= floor

    def note(self, head: _Head, *, waiting: Collection[str], by_reserve: bool) -> None:
        """One turn was given to `head`, and none to the other lanes in which something waited."""
        for lane, row in self._rows.items():
            if lane == head.lane:
                row.clock, row.passed, row.served = head.start, 0, row.served + 1
                row.picked_at = row.picked_at if by_reserve else _clock()
            elif not by_reserve:
                row.passed = row.passed + 1 if lane in waiting else 0
        LaneTurn.objects.bulk_create(
            self._rows.values(),
            update_conflicts=True,
            unique_fields=["lane"],
            update_fields=["clock", "passed", "served", "picked_at"],
        )


def _clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
        return found
