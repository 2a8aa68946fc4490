"""When a grant will end, foretold 90, 30, 7 and 1 days before. HMRC's own answer stays the truth: nothing is stopped
because the forecast is over.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.transaction import atomic

from hmrc_oauth.models import Connection, ConnectionState, Grant
from hmrc_oauth.telling import tell
from landlords.models import MtdHandling
from tenants import due, endings

DAYS = (90, 30, 7, 1)


def plan(grant: Grant) -> None:
    """The grant serves a connection: its end is on the public list, and its next warning on the due list."""
    endings.note(grant_id=grant.pk, ends_at=grant.ends_at)
    at = next_at(grant)
    if at is not None:
        due.put(kind=due.Kind.EXPIRING, subject_id=grant.pk, lane=due.Lane.BACKGROUND, at=at)


def drop(grant: Grant) -> None:
    """The grant is over, or another took its place: nobody is warned of its end."""
    due.done(kind=due.Kind.EXPIRING, subject_id=grant.pk)


def next_at(grant: Grant) -> datetime | None:
    """When the next warning is due; None if the last was given."""
    left = [days for days in DAYS if grant.warned_days is None or days < grant.warned_days]
    return grant.ends_at - timedelta(days=left[0]) if left else None


def run(*, grant_id: UUID, now: datetime) -> None:
    """Warn whoever uses the grant, each nearness once; of several that were missed, the nearest. Safe to run twice,
    late, or never.
    """
    with atomic():
        grant = Grant.objects.filter(pk=grant_id).first()
        users = Connection.objects.filter(grant=grant_id, state=ConnectionState.ACTIVE)
        if grant is None or not grant.usable or not users:
            return due.done(kind=due.Kind.EXPIRING, subject_id=grant_id)
        reached = [days for days in DAYS if grant.ends_at - timedelta(days=days) <= now]
        if reached and grant.warn(days=reached[-1]) and now < grant.ends_at:
            ends_at = grant.ends_at.isoformat()
            ours = users.filter(landlord__mtd_handling=MtdHandling.US)
            tell(ours, "connection.expiring", now=now, days=reached[-1], grant_expires_at=ends_at)
        grant.refresh_from_db(fields=["warned_days"])
        at = next_at(grant)
        if at is None:
            return due.done(kind=due.Kind.EXPIRING, subject_id=grant_id)
        return due.put_off(kind=due.Kind.EXPIRING, subject_id=grant_id, until=at)
