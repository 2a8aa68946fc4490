"""What waits for HMRC, and when each of it is likely to go.

Counted once a second by whoever leads the schedulers, over the public list, so that asking costs no count of its own.
A place is foretold by the rules by which turns are given (`tenants/turns`): exactly within a lane, and between lanes as
a flow. What comes meanwhile and is more urgent is not foreseen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple, Self
from uuid import UUID

from django.db import connection
from django.db.models import Q, Sum

from tenants.context import current_agency
from tenants.due import Kind
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
    SELECT lane, agency_id, count(*) AS many FROM tenants_due WHERE is_call AND due_at <= %(now)s GROUP BY 1, 2
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


class Line(NamedTuple):
    """What of one agency waits in one lane, the virtual time at which its next turn starts, and whether it may go.

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
    """Where something stands, from 1, and when it is likely to go; None while it is paused."""

    position: int
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


def place(
    *, kind: Kind, subject_id: UUID, now: datetime, full_rate: float, paused_until: datetime | None = None
) -> Place | None:
    """Where something of the current agency stands; None if it is not on the list.

    `full_rate` is what HMRC allows in a second, `paused_until` when the pause ends that it asked for.
    """
    agency = current_agency().pk
    mine = Due.objects.filter(agency_id=agency, kind=kind, subject_id=subject_id).first()
    if mine is None:
        return None
    waiting, share = read(now=now), Share.objects.filter(agency_id=agency).first()
    rank = _rank(mine, now)
    position = foretell(lane=Lane(mine.lane), agency=agency, rank=rank, lines=waiting.lines)
    if _is_paused(mine):
        return Place(position, None)
    wait_s = (position - 1) / (waiting.rate or full_rate)
    if share is not None and share.cap is not None:
        wait_s = max(wait_s, rank / (share.cap * full_rate))
    return Place(position, max(now, mine.due_at, paused_until or now) + timedelta(seconds=wait_s))


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


def _rank(mine: Due, now: datetime) -> int:
    """How many calls of the same agency go before it in its lane."""
    tied = Q(deadline=mine.deadline) if mine.deadline else Q(deadline=None)
    sooner = Q(deadline__lt=mine.deadline) if mine.deadline else Q(deadline__isnull=False)
    older = Q(due_at__lt=mine.due_at) | Q(due_at=mine.due_at, pk__lt=mine.pk)
    same = Due.objects.filter(is_call=True, lane=mine.lane, agency_id=mine.agency_id, due_at__lte=now)
    return same.filter(sooner | (tied & older)).count()


def _is_paused(mine: Due) -> bool:
    lane = Q(scope=PauseScope.LANE, name=mine.lane)
    return Pause.objects.filter(lane | Q(scope=PauseScope.AGENCY, name=str(mine.agency_id))).exists()


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
