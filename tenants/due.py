"""What is to be done, and the doorbell that says so.

PostgreSQL holds the list, Redis only rings. A bell that is not heard costs one sweep; a bell that rings twice costs
nothing, since whoever answers looks at the agency's own row first. What is a call to HMRC waits for its turn
(`tenants/turns`): its bell names nothing, and whoever answers takes what comes first by the fair order.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q, QuerySet

from tenants import clock, doorbell, lanes
from tenants.context import current_agency
from tenants.models import Agency, Due
from tenants.models.agency import AgencyStatus

# What is due is always in one.
Lane = lanes.Lane

RING_AGAIN = timedelta(seconds=20)
TIDY_EVERY = timedelta(days=1)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # put off without end: until somebody puts it back


class Kind(StrEnum):
    """Everything that can be due. The value is the name of the actor that answers."""

    EXCHANGE = "exchange"
    CHECK = "check"
    REFRESH = "refresh"
    REFRESH_AHEAD = "refresh_ahead"
    EXPIRE_SESSION = "expire_session"
    WIPE_GRANT = "wipe_grant"
    FETCH = "fetch"
    SUBMIT = "submit"
    BATCH = "batch"
    WRITE = "write"
    CALCULATE = "calculate"
    AFTER_CONNECT = "after_connect"
    TELL_LANDLORD = "tell_landlord"
    EXPIRING = "expiring"
    INVITE = "invite"
    MAIL = "mail"
    REMIND = "remind"
    SIGN_IN = "sign_in"
    READINESS = "readiness"
    SEAL_AUDIT = "seal_audit"
    TIDY = "tidy"


# Rung for only so often, by a sweep of their own.
RATIONED = (Kind.REFRESH_AHEAD,)


# Calls to HMRC: each takes a turn of the pace. Everything else is done at once.
CALLS = frozenset({Kind.EXCHANGE, Kind.CHECK, Kind.REFRESH, Kind.FETCH, Kind.SUBMIT, Kind.WRITE, Kind.CALCULATE})
# Those that spend codes and tokens, for which a reserve of carriers stands by.
TOKENS = frozenset({Kind.EXCHANGE, Kind.REFRESH})
_NO_DEADLINES: Mapping[UUID, date] = MappingProxyType({})


class Ring(NamedTuple):
    """One thing that is due: what, whose, and which."""

    kind: str
    agency_id: UUID
    subject_id: UUID


def put(*, kind: Kind, subject_id: UUID, lane: Lane, at: datetime | None = None, deadline: date | None = None) -> None:
    """Say that this is to be done at `at` (now, if not given), and ring once the transaction is committed.

    `deadline` is HMRC's day by which it must be done. Not given, one that was given before stands.
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
    now = clock.now()
    _upsert([_row(kind, lane, subject, when, deadlines.get(subject)) for subject, when in at.items()])
    if kind in CALLS and any(when <= now for when in at.values()):
        transaction.on_commit(lambda: _wake(kind))


def _row(kind: Kind, lane: Lane, subject_id: UUID, at: datetime, deadline: date | None = None) -> Due:
    own = {"agency_id": current_agency().pk, "kind": kind, "subject_id": subject_id}
    return Due(**own, lane=lane, due_at=at, is_call=kind in CALLS, deadline=deadline)


def _upsert(rows: list[Due]) -> None:
    known = ["deadline"] if any(row.deadline for row in rows) else []
    Due.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["agency_id", "kind", "subject_id"],
        update_fields=["lane", "due_at", "rung_at", "is_call", *known],
    )


def want(*, kind: Kind, subject_id: UUID, lane: Lane) -> None:
    """The same as `put` for now, unless it is on the list already: no wait and no back-off is cut short, but it may
    come into a more urgent lane.
    """
    agency_id, now = current_agency().pk, clock.now()
    row = {"lane": lane, "due_at": now, "rung_at": now, "is_call": kind in CALLS}
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


def put_off(*, kind: Kind, subject_id: UUID, until: datetime) -> None:
    """Look at it again at `until`: after a lease, a back-off or a wait."""
    put_off_all(kind=kind, subject_ids=[subject_id], until=until)


def put_off_all(*, kind: Kind, subject_ids: Sequence[UUID], until: datetime) -> None:
    """The same for many. Those that are not on the list stay off it."""
    rows = Due.objects.filter(agency_id=current_agency().pk, kind=kind, subject_id__in=subject_ids)
    rows.update(due_at=until, rung_at=None)


def take(*, kind: Kind, subject_id: UUID, until: datetime) -> bool:
    """The same, for one of those who answer the same bell: False if it is not due, or not on the list."""
    mine = Due.objects.filter(agency_id=current_agency().pk, kind=kind, subject_id=subject_id, due_at__lte=clock.now())
    return mine.update(due_at=until, rung_at=None) == 1


def keep(*, kind: Kind, subject_id: UUID, lane: Lane, at: datetime) -> bool:
    """Put it on the list unless it is there. True if it was missing. For rebuilding what was lost."""
    row = {"lane": lane, "due_at": at, "is_call": kind in CALLS}
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
    return _ring_for(_unheard(now).exclude(kind__in=RATIONED), now=now, limit=limit)


def _a_call_waits(now: datetime) -> bool:
    return Due.objects.filter(is_call=True, due_at__lte=now).exists()


def sweep_rationed(*, kind: Kind, now: datetime, since: datetime, limit: int) -> int:
    """The same for a kind that is rationed, first for what has fallen due since `since`: what is later than that has
    missed its time, and must not cost others theirs.
    """
    # Nobody answers for an agency that is suspended: its bells would use up the ration.
    active = Agency.objects.filter(status=AgencyStatus.ACTIVE)
    mine = _unheard(now).filter(kind=kind, agency_id__in=active.values("pk"))
    rung = _ring_for(mine.filter(due_at__gt=since), now=now, limit=limit)
    return rung + _ring_for(mine.filter(due_at__lte=since), now=now, limit=limit - rung)


def _unheard(now: datetime) -> QuerySet[Due]:
    unheard = Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN)
    return Due.objects.filter(unheard, is_call=False, due_at__lte=now).order_by("due_at")


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
    """Since when the oldest of each kind has been due, over all agencies; without those of which none is."""
    rows = Due.objects.filter(due_at__lte=now).values("kind").annotate(since=Min("due_at"))
    return {row["kind"]: row["since"] for row in rows}


def lane_of(*, kind: Kind, subject_id: UUID) -> Lane | None:
    """The lane in which this waits; None if it is not on the list."""
    found = (
        Due.objects.filter(agency_id=current_agency().pk, kind=kind, subject_id=subject_id)
        .values_list("lane", flat=True)
        .first()
    )
    return None if found is None else Lane(found)
