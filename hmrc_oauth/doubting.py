"""After a restore: the database may hold tokens that were spent since it was written. Every grant is doubted, and the
protocol of doubt finds out, at the pace: docs/refresh.md.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import structlog
from django.db.models import Q, QuerySet

from events import audit
from hmrc_oauth.models import Connection, Grant, GrantStatus
from hmrc_oauth.settling import atomic
from hmrc_oauth.telling import tell
from people.principal import Principal
from tenants import due
from tenants.context import current_agency

log = structlog.get_logger()

_BATCH = 500
_UNSETTLED = (GrantStatus.REFRESHING, GrantStatus.UNCERTAIN)


def places(*, now: datetime, per_second: float) -> Iterator[datetime]:
    """When each is looked at: one after the other at the pace, so that doubt does not stand before everything else."""
    return (now + timedelta(seconds=place / per_second) for place in count())


def doubt_grants(*, by: Principal, before: datetime, at: Iterator[datetime], now: datetime) -> int:
    """Doubt every grant of the current agency that holds a pair from before `before`. Returns how many.

    Batch by batch, each in its own transaction: stopped half way it is simply done again, and what was settled by new
    tokens since `before` is left alone. A claim under way settles by itself when its lease is over.
    """
    many, last = 0, UUID(int=0)
    while True:
        with atomic():
            batch = list(_older(before).filter(pk__gt=last).order_by("pk").select_for_update(no_key=True)[:_BATCH])
            if not batch:
                return many
            doubted = [grant.pk for grant in batch if grant.status == GrantStatus.ACTIVE]
            _doubt(doubted, at=at, now=now)
            for grant in batch:
                if grant.status in _UNSETTLED:
                    due.keep(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN, at=now)
            if doubted:
                _record(len(doubted), by=by, before=before, now=now)
        many, last = many + len(doubted), batch[-1].pk


def _older(before: datetime) -> QuerySet[Grant]:
    got = Q(refreshed_at=None, granted_at__lt=before) | Q(refreshed_at__lt=before)
    usable = [GrantStatus.ACTIVE, *_UNSETTLED]
    return Grant.objects.filter(got, status__in=usable).only("pk", "status")


def _doubt(grants: list[UUID], *, at: Iterator[datetime], now: datetime) -> None:
    Grant.doubt_all(grants)
    due.put_all(kind=due.Kind.REFRESH, lane=due.Lane.TOKEN, at={grant_id: next(at) for grant_id in grants})
    tell(Connection.objects.filter(grant__in=grants), "connection.uncertain", now=now)


def _record(many: int, *, by: Principal, before: datetime, now: datetime) -> None:
    agency_id = current_agency().pk
    audit.record(
        by=by,
        action="grants.doubted",
        subject_type="agency",
        subject_id=agency_id,
        now=now,
        count=many,
        before=before.isoformat(),
    )
    log.warning("grants.doubted", agency=str(agency_id), count=many)
