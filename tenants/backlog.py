"""What waits for HMRC, and when each of it is likely to go.

Counted once a second by whoever leads the schedulers, over the public list, so that asking costs no count of its own.
A place is foretold by the rules by which turns are given (`tenants/turns`): exactly within a lane, and between lanes as
a flow. What comes meanwhile and is more urgent is not foreseen.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from tenants import clock
from tenants.context import current_agency
from tenants.due import NEVER, Kind
from tenants.lanes import FLOORS, ORDER, Lane
from tenants.models import Backlog, Due, LaneTurn, Pause, PauseScope, Share

# Older than this, it is counted anew by whoever asks: no scheduler leads.
_KEPT_FOR = timedelta(seconds=5)
# How much of the rate is of the last second: it follows a change within some twenty.
_NEWS = 0.05
_LEAST = 0.01
# For a count, agencies that a cap holds back wait like all others.
_COUNT = """
WITH waiting AS MATERIALIZED (
    SELECT lane, agency_id, sum(calls)::int AS many FROM tenants_due WHERE is_call AND due_at <= %(now)s GROUP BY 1, 2
)
SELECT waiting.lane, waiting.agency_id::text, many, greatest(coalesce(turn.ends, 0), coalesce(lane.clock, 0)),
       coalesce(waiting.agency_id <= lane.last, false), coalesce(share.weight, 1), NOT EXISTS (
           SELECT FROM tenants_pause AS pause
           WHERE (pause.scope = 'lane' AND pause.name = waiting.lane)
              OR (pause.scope = 'agency' AND pause.name = waiting.agency_id::text)
       )
FROM waiting
JOIN tenants_agency AS agency ON agency.id = waiting.agency_id AND agency.status = 'active'
LEFT JOIN tenants_laneturn AS lane ON lane.lane = waiting.lane
LEFT JOIN tenants_agencyturn AS turn ON turn.lane = waiting.lane AND turn.agency_id = waiting.agency_id
LEFT JOIN tenants_share AS share ON share.agency_id = waiting.agency_id
"""
# Of one agency's rows, how many calls go in their lanes until the last one of each: window functions, so that a page of
# a hundred is one question.
_RANKS = """
SELECT subject_id, lane, due_at, rank, deadline FROM (
    SELECT subject_id, kind, lane, due_at, deadline,
           calls - 1 + coalesce(sum(calls) FILTER (WHERE due_at <= %(now)s) OVER (
        PARTITION BY lane ORDER BY deadline, created_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0)::int AS rank
    FROM tenants_due WHERE is_call AND agency_id = %(agency)s AND due_at < %(never)s AND lane = ANY(%(lanes)s)
) AS ranked
WHERE kind = %(kind)s AND (%(subjects)s::uuid[] IS NULL OR subject_id = ANY(%(subjects)s::uuid[]))
"""
# HMRC's days by which something of an agency is due, and how many of its calls go until then, in each lane.
_DAYS = """
SELECT lane, deadline, (sum(sum(calls)) OVER (PARTITION BY lane ORDER BY deadline))::int
FROM tenants_due WHERE is_call AND agency_id = %(agency)s AND due_at <= %(now)s AND deadline IS NOT NULL
  AND lane = ANY(%(lanes)s)
GROUP BY lane, deadline
"""


class Line(NamedTuple):
    """How many calls of one agency wait in one lane, the virtual time at which its next turn starts, and whether it may
    go.

    `again`: among equals, the others come first.
    """

    lane: str
    agency: str
    many: int
    start: float
    again: bool
    weight: float
    goes: bool


class Place(NamedTuple):
    """Where something stands, from 1, and when the last call that it takes is likely to go: the one that sends it. Both
    None while it is held back, by its batch or by HMRC's operation; no time while its lane or agency is paused.
    """

    position: int | None
    starts_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """All that waited at one moment. `rate` is how many turns a second are really given, None while nothing waits."""

    taken_at: datetime
    lines: tuple[Line, ...]
    served: int
    rate: float | None

    @classmethod
    def count(cls, *, now: datetime) -> Self:
        """Count it. Runs in any schema."""
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"now": now})
            lines = tuple(Line(*row) for row in cursor.fetchall())
        served = LaneTurn.objects.aggregate(sum=Sum("served"))["sum"] or 0
        return cls(taken_at=now, lines=lines, served=served, rate=None)

    @classmethod
    def of(cls, row: Backlog) -> Self:
        """As it was kept."""
        lines = tuple(Line(*each) for each in row.lines)
        return cls(taken_at=row.taken_at, lines=lines, served=row.served, rate=row.rate)

    @property
    def something_goes(self) -> bool:
        """Whether a turn would be used now."""
        return any(line.goes for line in self.lines)

    def by_lane(self, agency: UUID | None = None) -> dict[Lane, int]:
        """How much waits in each lane, of one agency or of all."""
        return _by_lane(line for line in self.lines if agency is None or line.agency == str(agency))


def take(*, now: datetime, full_rate: float, is_paused: bool) -> None:
    """Count what waits, and keep it. `full_rate` is what HMRC allows in a second; `is_paused`: it has asked for a
    pause, which says nothing of the rate.
    """
    before, counted = Backlog.objects.first(), Waiting.count(now=now)
    rate = _rate(before, counted, full_rate=full_rate, is_paused=is_paused)
    kept = {"taken_at": now, "lines": counted.lines, "served": counted.served, "rate": rate}
    Backlog.objects.update_or_create(pk=1, defaults=kept)


def read(*, now: datetime) -> Waiting:
    """What waits, as it was last counted."""
    kept = Backlog.objects.first()
    return Waiting.of(kept) if kept and abs(now - kept.taken_at) <= _KEPT_FOR else Waiting.count(now=now)


def places(
    *,
    kind: Kind,
    subject_ids: Collection[UUID],
    now: datetime,
    full_rate: float,
    paused_until: datetime | None = None,
) -> dict[UUID, Place]:
    """Where each of these of the current agency stands; without those that are not on the list.

    `full_rate` is what HMRC allows in a second, `paused_until` when the pause ends that it asked for.
    """
    agency, begins = current_agency().pk, max(now, paused_until or now)
    mine = Due.objects.filter(agency_id=agency, kind=kind, is_call=True, subject_id__in=subject_ids)
    found = {subject: Place(None, None) for subject in mine.values_list("subject_id", flat=True)}
    if found:
        view = View.of(agency, now=now, full_rate=full_rate)
        lanes = set(mine.values_list("lane", flat=True))
        for subject, lane, due_at, rank, _ in _ranks(agency, kind, list(found), lanes, now):
            position, wait = view.turn(Lane(lane), rank)
            found[subject] = Place(position, None if wait is None else max(begins, due_at) + wait)
    return found


def misfits(*, kind: Kind, now: datetime, full_rate: float, paused_until: datetime | None = None) -> set[UUID]:
    """Those of the current agency that are not likely to go before HMRC's day is over. What is paused is not told."""
    agency, begins = current_agency().pk, max(now, paused_until or now)
    view: View | None = None
    late: set[UUID] = set()
    for lane, deadline, until in _days(agency, now):
        view = view or View.of(agency, now=now, full_rate=full_rate)
        fits = view.fits(Lane(lane), within=clock.end_of(deadline) - begins, most=until)
        if fits < until:
            ranks = _ranks(agency, kind, None, [lane], now)
            late |= {subject for subject, _, _, rank, day in ranks if day == deadline and rank >= fits}
    return late


class View(NamedTuple):
    """All that waits, as one agency sees it."""

    agency: UUID
    waiting: Waiting
    rate: float
    own_rate: float | None  # what a cap leaves it
    stopped: frozenset[str]  # lanes in which nothing of it goes

    @classmethod
    def of(cls, agency: UUID, *, now: datetime, full_rate: float, waiting: Waiting | None = None) -> Self:
        """`waiting`: as it was last counted, if not given."""
        counted = waiting or read(now=now)
        cap = Share.objects.filter(agency_id=agency).values_list("cap", flat=True).first()
        is_stopped = Pause.objects.filter(scope=PauseScope.AGENCY, name=str(agency)).exists()
        lanes = Pause.objects.filter(scope=PauseScope.LANE).values_list("name", flat=True)
        stopped = frozenset(ORDER) if is_stopped else frozenset(lanes)
        return cls(agency, counted, counted.rate or full_rate, cap and cap * full_rate, stopped)

    def turn(self, lane: Lane, rank: int) -> tuple[int, timedelta | None]:
        """Which turn is that of the call before which `rank` of its own go in this lane, and how long until then; None
        while nothing goes there.
        """
        position = foretell(lane=lane, agency=self.agency, rank=rank, lines=self.waiting.lines)
        if lane in self.stopped:
            return position, None
        wait_s = max((position - 1) / self.rate, rank / self.own_rate if self.own_rate else 0.0)
        return position, timedelta(seconds=wait_s)

    def fits(self, lane: Lane, *, within: timedelta, most: int) -> int:
        """How many of its first `most` calls in a lane go within this time: all, while nothing goes there."""
        return bisect_left(range(most), True, key=lambda rank: (self.turn(lane, rank)[1] or timedelta(0)) >= within)


def foretell(*, lane: Lane, agency: UUID, rank: int, lines: tuple[Line, ...]) -> int:
    """Which turn from now is that of the agency's call before which `rank` of its own go, from 1."""
    counts = _by_lane(line for line in lines if line.goes)
    counts[lane] = _before_in_lane(
        agency=agency, rank=rank, lines=[line for line in lines if line.lane == lane and line.goes]
    )
    return _turns_until(lane, counts)


def _by_lane(lines: Iterable[Line]) -> dict[Lane, int]:
    counts = dict.fromkeys(ORDER, 0)
    for line in lines:
        counts[Lane(line.lane)] += line.many
    return counts


def _before_in_lane(*, agency: UUID, rank: int, lines: list[Line]) -> int:
    """By fair queueing: everybody's calls whose virtual start is earlier than mine."""
    own = next((line for line in lines if line.agency == str(agency)), None)
    now = min((line.start for line in lines), default=0.0)
    mine = (own.start if own else now) + rank / (own.weight if own else 1)
    equal = (own.again if own else False, str(agency))
    others = (line for line in lines if line is not own)
    return rank + sum(min(line.many, _starts_before(mine, line, equal)) for line in others)


def _starts_before(mine: float, line: Line, equal: tuple[bool, str]) -> int:
    """How many calls of the line's agency would start before one that starts at `mine`, or with it and yet before."""
    gap = (mine - line.start) * line.weight
    is_before = gap >= 0 and gap == int(gap) and (line.again, line.agency) < equal
    return max(0, ceil(gap)) + is_before


def _turns_until(lane: Lane, counts: Mapping[Lane, int]) -> int:
    """Which turn is the one after `counts[lane]` turns of this lane, if every lane drains and is given its floor."""
    left: dict[Lane, float] = {**counts, lane: counts[lane] + 1}
    turns_so_far = 0.0
    while left[lane] > 0:
        first, *others = [each for each in ORDER if left[each] > 0]
        speeds = {each: 1 / (FLOORS[each] + 1) for each in others}
        speeds[first] = 1 - sum(speeds.values())
        # Until the first of them is empty, or it is our turn.
        steps = min(left[each] / speed for each, speed in speeds.items())
        turns_so_far += steps
        left |= {each: max(0.0, round(left[each] - speed * steps, 9)) for each, speed in speeds.items()}
    return max(1, round(turns_so_far))


def _days(agency: UUID, now: datetime) -> list[tuple[str, date, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, {"agency": agency, "now": now, "lanes": list(ORDER)})
        return list(cursor.fetchall())


def _ranks(
    agency: UUID, kind: Kind, subjects: list[UUID] | None, lanes: Collection[str], now: datetime
) -> list[tuple[UUID, str, datetime, int, date | None]]:
    given: dict[str, Any] = {
        "agency": agency,
        "kind": kind,
        "subjects": subjects,
        "lanes": list(lanes),
        "now": now,
        "never": NEVER,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RANKS, given)
        return list(cursor.fetchall())


def _rate(before: Backlog | None, counted: Waiting, *, full_rate: float, is_paused: bool) -> float | None:
    """Turns a second, smoothed over the seconds in which something could go all the time."""
    if before is None or not Waiting.of(before).something_goes or not counted.something_goes:
        return None
    rate: float = full_rate if before.rate is None else before.rate
    seconds = (counted.taken_at - before.taken_at).total_seconds()
    if is_paused or not 0 < seconds <= _KEPT_FOR.total_seconds():
        return rate
    fresh = (counted.served - before.served) / seconds
    # However little goes just now, what waits will go one day.
    return max(rate + _NEWS * (fresh - rate), full_rate * _LEAST)
