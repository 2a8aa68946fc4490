"""What `tenants/turns` asks PostgreSQL. Each statement steps from agency to agency, never from row to row."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from tenants.due import Ring
from tenants.lanes import Lane

_PICKING = 7_105_211_846_103  # the advisory lock under which one picks at a time

# The agencies that have something due in a lane, by their ids: a step of the index for each, to its oldest row.
_STEPS = """
    (SELECT agency_id, due_at FROM tenants_due WHERE is_call AND lane = {lane} AND {within}
     ORDER BY agency_id, due_at LIMIT 1)
    UNION ALL
    SELECT next.* FROM {name}, LATERAL (
        SELECT agency_id, due_at FROM tenants_due
        WHERE is_call AND lane = {lane} AND {within} AND agency_id > {name}.agency_id
        ORDER BY agency_id, due_at LIMIT 1
    ) AS next
"""
# Turns that a capped agency has saved up: it earns its share of the rate, and keeps little.
_ALLOWANCE = """
least(greatest(2, share.cap * %(rate)s),
      share.allowance + greatest(0, extract(epoch FROM %(now)s - share.counted_at)) * share.cap * %(rate)s)
"""
# By how many turns it may go beyond its cap: work that waits for a token is stuck, and it is one call; a person waits,
# but what asks without end is no person.
_DEBT = 5
_BEYOND = f"CASE {{lane}} WHEN '{Lane.TOKEN}' THEN 'Infinity'::float WHEN '{Lane.INTERACTIVE}' THEN {_DEBT} ELSE 0 END"
# Of the agencies stepped to, those for whom something may go. A reserve looks for its own kinds only. The OFFSETs keep
# the planner from looking at all of them before the first.
_MAY_GO = """
FROM stepped AS waiting
CROSS JOIN LATERAL (
    SELECT FROM tenants_agency WHERE id = waiting.agency_id AND status = 'active' OFFSET 0
) AS agency
LEFT JOIN LATERAL (SELECT * FROM tenants_share WHERE agency_id = waiting.agency_id OFFSET 0) AS share ON true
WHERE waiting.due_at <= %(now)s
  AND waiting.agency_id <> ALL(%(paused)s::uuid[])
  AND (share.cap IS NULL OR {allowance} >= 0.999 - {beyond})
  AND (%(kinds)s::text[] IS NULL OR EXISTS (
        SELECT FROM tenants_due AS own
        WHERE own.is_call AND own.lane = {lane} AND own.agency_id = waiting.agency_id AND own.due_at <= %(now)s
          AND own.kind = ANY(%(kinds)s)
  ))
"""


def _steps(name: str, lane: str, within: str = "true") -> str:
    return _STEPS.format(name=name, lane=lane, within=within)


def _may_go(lane: str) -> str:
    return _MAY_GO.format(lane=lane, allowance=_ALLOWANCE, beyond=_BEYOND.format(lane=lane))


_LANES = f"""
SELECT wanted.lane FROM unnest(%(lanes)s::text[]) AS wanted (lane)
WHERE EXISTS (WITH RECURSIVE stepped AS ({_steps("stepped", "wanted.lane")}) SELECT {_may_go("wanted.lane")})
"""  # noqa: S608 - constants of this file
# Round and round, from the agency that was served last: the first whose turn may start at the present virtual time is
# served, and only if there is none, the one whose turn starts earliest, for which all are looked at.
_HEADS = f"""
WITH RECURSIVE
later AS ({_steps("later", "%(lane)s", "agency_id > %(last)s")}),
earlier AS ({_steps("earlier", "%(lane)s", "agency_id <= %(last)s")}),
stepped AS (SELECT *, false AS again FROM later UNION ALL SELECT *, true FROM earlier),
heads AS (
    SELECT waiting.agency_id, coalesce(share.weight, 1) AS weight, share.cap IS NOT NULL AS is_capped, waiting.again,
           greatest(%(clock)s, (
               SELECT ends FROM tenants_agencyturn AS turn
               WHERE turn.lane = %(lane)s AND turn.agency_id = waiting.agency_id
           )) AS start
    {_may_go("%(lane)s")}
)
(SELECT * FROM heads WHERE start = %(clock)s LIMIT %(tries)s)
UNION ALL
(SELECT * FROM heads ORDER BY start, again, agency_id LIMIT %(tries)s)
LIMIT %(tries)s
"""  # noqa: S608 - as above
_TAKE = """
UPDATE tenants_due SET due_at = %(until)s, rung_at = NULL, waits_since = coalesce(waits_since, due_at)
WHERE id = (
    SELECT id FROM tenants_due
    WHERE is_call AND lane = %(lane)s AND agency_id = %(agency)s AND due_at <= %(now)s
      AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s))
    ORDER BY deadline, created_at, id LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING kind, agency_id, subject_id
"""
_PAY = """
INSERT INTO tenants_agencyturn (lane, agency_id, ends) VALUES (%(lane)s, %(agency)s, %(ends)s)
ON CONFLICT (lane, agency_id) DO UPDATE SET ends = excluded.ends
"""
_SPEND = f"""
UPDATE tenants_share AS share SET allowance = greatest(-{_DEBT}, {_ALLOWANCE} - 1), counted_at = %(now)s
WHERE share.agency_id = %(agency)s
"""  # noqa: S608 - as above
# Lost in a crash of the database, a pick leaves the row where it was: its commit need not wait for the disk.
_BEGIN = "SELECT set_config('synchronous_commit', 'off', true), pg_advisory_xact_lock(%s)"


class Head(NamedTuple):
    """An agency that may be served next in a lane, and the virtual time at which its turn would start. `again`: to come
    to it, all are gone round.
    """

    agency_id: UUID
    weight: float
    is_capped: bool
    again: bool
    start: float


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a pick is about: now, who stands still, HMRC's rate in turns a second, and for whom."""

    now: datetime
    paused: Sequence[UUID]
    rate: float
    kinds: Sequence[str] | None
    tries: int


def begin() -> None:
    """Wait until nobody else picks, for the length of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [_PICKING])


def lanes(asked: Asked, *, among: Collection[Lane]) -> list[Lane]:
    """Those lanes in which something may go."""
    with connection.cursor() as cursor:
        cursor.execute(_LANES, {**asdict(asked), "lanes": list(among)})
        return [Lane(lane) for (lane,) in cursor.fetchall()]


def heads(asked: Asked, *, lane: Lane, clock: float, last: UUID) -> list[Head]:
    """The first agencies of a lane whose virtual time is `clock` and that has served `last`, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, {**asdict(asked), "lane": lane, "clock": clock, "last": last})
        found = [Head(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda head: (head.start, head.again, head.agency_id))


def take(asked: Asked, *, lane: Lane, head: Head, until: datetime) -> Ring | None:
    """The agency's first row is put off until then, and its turn is counted. None if somebody holds it."""
    given = {**asdict(asked), "lane": lane, "agency": head.agency_id}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {**given, "until": until})
        taken = cursor.fetchone()
        if taken is None:
            return None
        cursor.execute(_PAY, {**given, "ends": head.start + 1 / head.weight})
        if head.is_capped:
            cursor.execute(_SPEND, given)
    return Ring(*taken)
