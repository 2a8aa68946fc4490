"""What is to be done, and the doorbell that says so.

PostgreSQL holds the list, Redis only rings. A bell that is not heard costs one sweep; a bell that rings twice costs
nothing, since whoever answers looks at the agency's own row first.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet

from tenants import clock, doorbell
from tenants.context import current_agency
from tenants.models import Agency, Due
from tenants.models.agency import AgencyStatus

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
    SEAL_AUDIT = "seal_audit"
    TIDY = "tidy"


# Rung for only so often, by a sweep of their own.
RATIONED = (Kind.REFRESH_AHEAD,)


class Lane(StrEnum):
    """Priority classes, most urgent first (the pace has the same)."""

    INTERACTIVE = "interactive"
    TOKEN = "token"  # noqa: S105 - a lane, not a secret
    DEADLINE = "deadline"
    BULK = "bulk"
    BACKGROUND = "background"


class Ring(NamedTuple):
    kind: str
    lane: str
    agency_id: UUID
    subject_id: UUID


def put(*, kind: Kind, subject_id: UUID, lane: Lane, at: datetime | None = None) -> None:
    """Say that this is to be done at `at` (now, if not given), and ring once the transaction is committed."""
    agency_id, now = current_agency().pk, clock.now()
    when = at or now
    rung = now if when <= now else None
    _upsert(Due(agency_id=agency_id, kind=kind, subject_id=subject_id, lane=lane, due_at=when, rung_at=rung))
    if when <= now:
        ring = Ring(kind, lane, agency_id, subject_id)
        transaction.on_commit(lambda: doorbell.ring(*ring))


def put_all(*, kind: Kind, lane: Lane, at: Mapping[UUID, datetime]) -> None:
    """The same for many subjects, each at its time, in one statement. The next sweep rings."""
    agency_id = current_agency().pk
    rows = at.items()
    _upsert(
        *(Due(agency_id=agency_id, kind=kind, subject_id=subject, lane=lane, due_at=when) for subject, when in rows)
    )


def _upsert(*rows: Due) -> None:
    Due.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["agency_id", "kind", "subject_id"],
        update_fields=["lane", "due_at", "rung_at"],
    )


def want(*, kind: Kind, subject_id: UUID, lane: Lane) -> None:
    """The same as `put` for now, unless it is on the list already: no wait and no back-off is cut short."""
    agency_id, now = current_agency().pk, clock.now()
    row = {"lane": lane, "due_at": now, "rung_at": now}
    # Locked: whoever is just taking it off the list waits for us, or we for them.
    waiting = Due.objects.select_for_update()
    with transaction.atomic():
        _, is_new = waiting.get_or_create(agency_id=agency_id, kind=kind, subject_id=subject_id, defaults=row)
    if is_new:
        transaction.on_commit(lambda: doorbell.ring(kind, lane, agency_id, subject_id))


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
    row = {"lane": lane, "due_at": at}
    return Due.objects.get_or_create(agency_id=current_agency().pk, kind=kind, subject_id=subject_id, defaults=row)[1]


def keep_all(*, kind: Kind, lane: Lane, rows: Iterable[tuple[UUID, datetime]]) -> None:
    """The same for many at once: each subject and its time."""
    agency_id = current_agency().pk
    every = (Due(agency_id=agency_id, kind=kind, subject_id=subject, lane=lane, due_at=at) for subject, at in rows)
    Due.objects.bulk_create(every, batch_size=1000, ignore_conflicts=True)


def done(*, kind: Kind, subject_id: UUID, until: datetime | None = None) -> None:
    """Take it off the list; with `until`, only if it is due by then."""
    rows = Due.objects.filter(agency_id=current_agency().pk, kind=kind, subject_id=subject_id)
    (rows if until is None else rows.filter(due_at__lte=until)).delete()


def sweep(*, now: datetime, limit: int = 500) -> int:
    """Ring for what is due and was not rung for lately. Returns how many bells were rung. Runs in the public schema."""
    return _ring_for(_unheard(now).exclude(kind__in=RATIONED), now=now, limit=limit)


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
    return Due.objects.filter(unheard, due_at__lte=now).order_by("due_at")


def _ring_for(waiting: QuerySet[Due], *, now: datetime, limit: int) -> int:
    with transaction.atomic():
        rows = list(waiting.select_for_update(skip_locked=True)[:limit])
        Due.objects.filter(pk__in=[row.pk for row in rows]).update(rung_at=now)
    for row in rows:
        doorbell.ring(row.kind, row.lane, row.agency_id, row.subject_id)
    return len(rows)


def position(*, kind: Kind, subject_id: UUID) -> int | None:
    """How many things of the same lane stand before this one, from 1; None if it is not on the list."""
    mine = Due.objects.filter(agency_id=current_agency().pk, kind=kind, subject_id=subject_id).first()
    if mine is None:
        return None
    before = Q(due_at__lt=mine.due_at) | Q(due_at=mine.due_at, pk__lt=mine.pk)
    return Due.objects.filter(before, lane=mine.lane, kind=mine.kind).count() + 1


def depths() -> dict[str, int]:
    """How many calls to HMRC wait in each lane, over all agencies."""
    calls = [Kind.EXCHANGE, Kind.CHECK, Kind.REFRESH, Kind.FETCH, Kind.SUBMIT, Kind.WRITE, Kind.CALCULATE]
    rows = Due.objects.filter(kind__in=calls, due_at__lte=clock.now()).values("lane").annotate(many=Count("pk"))
    return {row["lane"]: row["many"] for row in rows}


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
