"""What is to be done, and the doorbell that says so.

PostgreSQL holds the list, Redis only rings. A bell that is not heard costs one sweep; a bell that rings twice costs
nothing, since whoever answers looks at the agency's own row first. What is a call to HMRC waits for its turn
(`tenants/turns`): its bell names nothing, and whoever answers takes what comes first by the fair order.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Min, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from tenants import clock, doorbell, kinds, lanes
from tenants.context import current_agency
from tenants.copying import copy_like
from tenants.models import Agency, Due, Pause, PauseScope
from tenants.models.agency import AgencyStatus

# What is due is always in one.
Lane = lanes.Lane

NEVER = clock.NEVER  # put off without end: until somebody puts it back
RING_AGAIN = timedelta(seconds=20)
TIDY_EVERY = timedelta(days=1)
# No lease and no back-off lasts longer: what is put off for longer than this waits by plan.
LONGEST_RETRY = timedelta(minutes=10)

Kind = kinds.Kind
OF_CLOSED = kinds.OF_CLOSED
RATIONED = kinds.RATIONED
CALLS = kinds.CALLS
TOKENS = kinds.TOKENS
TOGETHER = kinds.TOGETHER
OUTWARD = kinds.OUTWARD
# How many a new one takes: what HMRC holds is read before it is replaced, what is triggered is fetched.
_EACH: Mapping[str, int] = MappingProxyType({Kind.SUBMIT: 2, Kind.CALCULATE: 2})
_NO_DEADLINES: Mapping[UUID, date] = MappingProxyType({})


class Ring(NamedTuple):
    """One thing that is due: what, whose, and which."""

    kind: str
    agency_id: UUID
    subject_id: UUID


def put(*, kind: Kind, subject_id: UUID, lane: Lane, at: datetime | None = None, deadline: date | None = None) -> None:
    """Say that this is to be done at `at` (now, if not given), and ring once the transaction is committed.

    `deadline` is HMRC's day by which it must be done. Not given, one that was given before stands. On the list already,
    it is as old as it was.
    """
    now = clock.now()
    row = _row(kind, lane, subject_id, at or now, deadline)
    is_now = row.due_at <= now
    row.rung_at = now if is_now else None
    _upsert([row])
    if is_now:
        _ring_after_commit(kind, subject_id)


def put_all(
    *, kind: Kind, lane: Lane, at: Mapping[UUID, datetime], deadlines: Mapping[UUID, date] = _NO_DEADLINES
) -> None:
    """The same for many subjects, each at its time, in one statement. Calls that are due are rung for once; for
    everything else the next sweep rings.
    """
    _upsert([_row(kind, lane, subject, when, deadlines.get(subject)) for subject, when in at.items()])
    _wake_for(kind, at.values())


def add_all(
    *, kind: Kind, lane: Lane, at: Mapping[UUID, datetime], deadlines: Mapping[UUID, date] = _NO_DEADLINES
) -> None:
    """The same for subjects that are new, at a fraction of the price. Raises IntegrityError for one that is on the
    list.
    """
    pattern = Due(agency_id=current_agency().pk, kind=kind, **_given(kind, lane, clock.now()))
    rows = ({"subject_id": each, "due_at": when, "deadline": deadlines.get(each)} for each, when in at.items())
    copy_like(pattern, rows)
    _wake_for(kind, at.values())


def _wake_for(kind: Kind, moments: Iterable[datetime]) -> None:
    now = clock.now()
    if kind in CALLS and any(when <= now for when in moments):
        transaction.on_commit(lambda: _wake(kind))


def _row(kind: Kind, lane: Lane, subject_id: UUID, at: datetime, deadline: date | None = None) -> Due:
    own = {"agency_id": current_agency().pk, "kind": kind, "subject_id": subject_id}
    return Due(**own, **_given(kind, lane, at), deadline=deadline)


def _given(kind: Kind, lane: Lane, at: datetime) -> dict[str, Any]:
    return {"lane": lane, "due_at": at, "is_call": kind in CALLS, "calls": _EACH.get(kind, 1)}


def _upsert(rows: list[Due]) -> None:
    known = ["deadline"] if any(row.deadline for row in rows) else []
    soon = clock.now() + LONGEST_RETRY
    planned = [row for row in rows if row.due_at > soon]
    # What is asked for again has waited as long as it has; what is planned anew begins anew.
    for some, begun in ((planned, ["waits_since"]), ([row for row in rows if row.due_at <= soon], [])):
        Due.objects.bulk_create(
            some,
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["agency_id", "kind", "subject_id"],
            update_fields=["lane", "due_at", "rung_at", "is_call", "calls", "halted_by", *begun, *known],
        )


def want(*, kind: Kind, subject_id: UUID, lane: Lane) -> None:
    """The same as `put` for now, unless it is on the list already: no wait and no back-off is cut short, but it may
    come into a more urgent lane.
    """
    agency_id, now = current_agency().pk, clock.now()
    row = {**_given(kind, lane, now), "rung_at": now}
    # Locked: whoever is just taking it off the list waits for us, or we for them.
    waiting = Due.objects.select_for_update()
    with transaction.atomic():
        found, is_new = waiting.get_or_create(agency_id=agency_id, kind=kind, subject_id=subject_id, defaults=row)
        if lanes.more_urgent(lane, Lane(found.lane)) != found.lane:
            Due.objects.filter(pk=found.pk).update(lane=lane)
    if is_new:
        _ring_after_commit(kind, subject_id)


def _ring_after_commit(kind: Kind, subject_id: UUID) -> None:
    ring = Ring(kind, current_agency().pk, subject_id)
    transaction.on_commit((lambda: _wake(kind)) if kind in CALLS else lambda: doorbell.ring(*ring))


def _wake(kind: Kind) -> None:
    """Wake a carrier, and for what spends a token, one of the reserve too."""
    doorbell.wake(doorbell.Post.CARRIERS)
    if kind in TOKENS:
        doorbell.wake(doorbell.Post.RESERVE)


def put_off(*, kind: Kind, subject_id: UUID, until: datetime, calls: int | None = None) -> None:
    """Look at it again at `until`: after a lease, a back-off or a wait. `calls`: how many it still takes, if that has
    changed.
    """
    _move(_own(kind, [subject_id]), until, **({} if calls is None else {"calls": calls}))


def put_off_all(*, kind: Kind, subject_ids: Sequence[UUID], until: datetime) -> None:
    """The same for many. Those that are not on the list stay off it."""
    _move(_own(kind, subject_ids), until)


def halt(*, kind: Kind, subject_id: UUID, operation: str) -> None:
    """Put it off until the pause of this operation of HMRC's ends; until now, if it has ended meanwhile."""
    with transaction.atomic():
        pause = Pause.objects.filter(scope=PauseScope.OPERATION, name=operation)
        # Locked: whoever ends it puts back what is halted after this, or has done so before.
        stands = pause.select_for_update(no_key=True).first() is not None
        until = NEVER if stands else clock.now()
        _move(_own(kind, [subject_id]), until, halted_by=operation if stands else "")


def put_back(*, operation: str, now: datetime) -> None:
    """Let go what the pause of this operation held back, of all agencies. Runs in any schema."""
    _move(Due.objects.filter(halted_by=operation), now)
    transaction.on_commit(lambda: doorbell.wake(doorbell.Post.CARRIERS))


def promote() -> int:
    """What is due soon by now goes with what is. Returns how many changed lanes. Runs in the public schema."""
    return Due.objects.filter(_has_come_near()).update(lane=Lane.DEADLINE)


def _own(kind: Kind, subject_ids: Sequence[UUID]) -> QuerySet[Due]:
    return Due.objects.filter(agency_id=current_agency().pk, kind=kind, subject_id__in=subject_ids)


def _move(rows: QuerySet[Due], until: datetime, **more: Any) -> int:
    now = clock.now()
    lane = Case(When(_has_come_near(), then=Value(Lane.DEADLINE)), default=F("lane"))
    since = None if until > now + LONGEST_RETRY else _waits_since(now)
    moved = {"due_at": until, "rung_at": None, "halted_by": "", "lane": lane, "waits_since": since}
    return rows.update(**moved | more)


def _waits_since(now: datetime) -> Case:
    """When it first fell due."""
    return Case(When(waits_since=None, due_at__lte=now, then=F("due_at")), default=F("waits_since"))


def _has_come_near() -> Q:
    return Q(is_call=True, lane=Lane.BULK, deadline__lte=clock.today() + lanes.NEAR)


def take(*, kind: Kind, subject_id: UUID, until: datetime) -> bool:
    """The same, for one of those who answer the same bell: False if it is not due, or not on the list."""
    return _move(_own(kind, [subject_id]).filter(due_at__lte=clock.now()), until) == 1


def keep(*, kind: Kind, subject_id: UUID, lane: Lane, at: datetime, deadline: date | None = None) -> bool:
    """Put it on the list unless it is there. True if it was missing. For rebuilding what was lost."""
    row = {**_given(kind, lane, at), "deadline": deadline}
    return Due.objects.get_or_create(agency_id=current_agency().pk, kind=kind, subject_id=subject_id, defaults=row)[1]


def keep_all(*, kind: Kind, lane: Lane, rows: Iterable[tuple[UUID, datetime]]) -> None:
    """The same for many at once: each subject and its time."""
    every = (_row(kind, lane, subject, at) for subject, at in rows)
    Due.objects.bulk_create(every, batch_size=1000, ignore_conflicts=True)


def done(*, kind: Kind, subject_id: UUID, until: datetime | None = None) -> None:
    """Take it off the list; with `until`, only if it is due by then."""
    rows = Due.objects.filter(agency_id=current_agency().pk, kind=kind, subject_id=subject_id)
    (rows if until is None else rows.filter(due_at__lte=until)).delete()


def sweep(*, now: datetime, limit: int = 500) -> int:
    """Ring for what is due and was not rung for lately, and wake carriers if a call waits.

    Returns how many bells named something. Runs in the public schema.
    """
    for post in doorbell.Post if _a_call_waits(now) else ():
        doorbell.wake(post)
    return _ring_for(_unheard(now).exclude(kind__in=[*RATIONED, *TOGETHER]), now=now, limit=limit)


def _a_call_waits(now: datetime) -> bool:
    return Due.objects.filter(is_answered(), is_call=True, due_at__lte=now).exists()


def is_answered() -> Q:
    """A condition: not what is due for an agency that is suspended or leaves: it waits, and its bells would cost others
    theirs.
    """
    closed = Agency.objects.exclude(status=AgencyStatus.ACTIVE)
    return ~Q(agency_id__in=closed.values("pk")) | Q(kind__in=OF_CLOSED)


def sweep_rationed(*, kind: Kind, now: datetime, since: datetime, limit: int) -> int:
    """The same for a kind that is rationed, first for what has fallen due since `since`: what is later than that has
    missed its time, and must not cost others theirs.
    """
    mine = _unheard(now).filter(kind=kind)
    rung = _ring_for(mine.filter(due_at__gt=since), now=now, limit=limit)
    return rung + _ring_for(mine.filter(due_at__lte=since), now=now, limit=limit - rung)


def _unheard(now: datetime) -> QuerySet[Due]:
    unheard = Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN)
    return Due.objects.filter(unheard, is_answered(), is_call=False, due_at__lte=now).order_by("due_at")


def _ring_for(waiting: QuerySet[Due], *, now: datetime, limit: int) -> int:
    with transaction.atomic():
        rows = list(waiting.select_for_update(skip_locked=True)[:limit])
        Due.objects.filter(pk__in=[row.pk for row in rows]).update(rung_at=now)
        calls = [row.pk for row in rows if row.kind in CALLS]
        # Written by a release that did not know that it is one.
        Due.objects.filter(pk__in=calls).update(is_call=True)
    for row in rows:
        if row.kind not in CALLS:
            doorbell.ring(row.kind, row.agency_id, row.subject_id)
    return len(rows)


def count(*, kind: Kind) -> int:
    """How many of this kind are on the list, due or not, over all agencies."""
    return Due.objects.filter(kind=kind).count()


def oldest(*, now: datetime) -> dict[str, datetime]:
    """Since when the oldest of each kind has been due and is not done, however often it was tried, over all active
    agencies; without those of which none is.
    """
    waiting = Due.objects.filter(is_answered(), Q(waits_since__isnull=False) | Q(due_at__lte=now))
    rows = waiting.values("kind").annotate(since=Min(Coalesce("waits_since", "due_at")))
    return {row["kind"]: row["since"] for row in rows}


def lane_of(*, kind: Kind, subject_id: UUID) -> Lane | None:
    """The lane in which this waits; None if it is not on the list."""
    found = (
        Due.objects.filter(agency_id=current_agency().pk, kind=kind, subject_id=subject_id)
        .values_list("lane", flat=True)
        .first()
    )
    return None if found is None else Lane(found)
