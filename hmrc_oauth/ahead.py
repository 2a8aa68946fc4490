"""Refreshing ahead of expiry. One row of the due list for each pair says when; whether, is decided when it comes up.

The row is put in the transaction that stores the pair, whatever the policy, and rung for by the scheduler no oftener
than REFRESH_SHARE allows. What comes up late is lost time, never lost work: a token that is needed is renewed just
before use under every policy.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from django.conf import settings

from hmrc_oauth.models import Connection, ConnectionState, Grant, GrantStatus
from hmrc_oauth.models.states import USABLE
from hmrc_oauth.policy import LEAD, SPREAD, Policy
from tenants import due

# After asking: the new pair moves the row on. If it does not come, this does not forget it.
_LOOK_AGAIN = timedelta(minutes=5)


def time_of(grant: Grant) -> datetime:
    """When the grant's pair is to be renewed ahead: 25 ± 5 minutes before expiry, by grant and version. Of a token that
    lives less than two hours: when a quarter of its life is left, at the earliest.
    """
    drawn = blake2b(grant.pk.bytes + grant.token_version.to_bytes(8), digest_size=4).digest()
    lead = LEAD + SPREAD * (2 * int.from_bytes(drawn) / 2**32 - 1)
    life = grant.access_expires_at - _made_at(grant)
    return grant.access_expires_at - min(lead, max(life, timedelta()) / 4)


def plan(grant: Grant) -> None:
    """A new pair is stored: say when it is next to be looked at. Belongs in the transaction that stores it."""
    due.put(kind=due.Kind.REFRESH_AHEAD, subject_id=grant.pk, lane=due.Lane.BACKGROUND, at=time_of(grant))


def run(*, grant_id: UUID, has_work: Callable[[UUID], bool], now: datetime) -> None:
    """Ask for the refresh that was planned, or let the token lapse. `has_work` is asked of a landlord's id.

    Safe to run twice, late, or never.
    """
    grant = Grant.objects.filter(pk=grant_id).first()
    if grant is None or not _is_worth_it(grant, has_work):
        # A pair that is stored in this very moment plans anew, and that row stays.
        return due.done(kind=due.Kind.REFRESH_AHEAD, subject_id=grant_id, until=now)
    later = max(time_of(grant), now + _LOOK_AGAIN)
    due.put_off(kind=due.Kind.REFRESH_AHEAD, subject_id=grant_id, until=later)
    if is_ripe(grant, now=now):
        due.want(kind=due.Kind.REFRESH, subject_id=grant_id, lane=due.Lane.BACKGROUND)
    return None


def is_ripe(grant: Grant, *, now: datetime) -> bool:
    """Whether a pair may be renewed though nobody needs it yet. Never twice: the next pair's time is hours away."""
    allowed = settings.REFRESH_POLICY != Policy.ON_DEMAND
    return allowed and grant.status == GrantStatus.ACTIVE and time_of(grant) <= now


def missing(*, now: datetime) -> Iterator[tuple[UUID, datetime]]:
    """Under `all`, every grant that serves its landlord, and when it is to be looked at: for the first start with this
    policy, when many have lapsed. Under the others each use plans the next, and nothing is missed.
    """
    if settings.REFRESH_POLICY == Policy.ALL:
        serving = Grant.objects.exclude(verified_at=None).filter(status__in=USABLE)
        for grant in serving.defer("access_token", "refresh_token").iterator():
            yield grant.pk, max(time_of(grant), now)


def catch_up(*, now: datetime) -> None:
    """Put what is missing on the list, for the current agency."""
    due.keep_all(kind=due.Kind.REFRESH_AHEAD, lane=due.Lane.BACKGROUND, rows=missing(now=now))


def _is_worth_it(grant: Grant, has_work: Callable[[UUID], bool]) -> bool:
    if not grant.usable or grant.verified_at is None or settings.REFRESH_POLICY == Policy.ON_DEMAND:
        return False
    return settings.REFRESH_POLICY == Policy.ALL or any(
        _was_used(connection, grant) or has_work(connection.landlord_id)
        for connection in Connection.objects.filter(grant=grant, state=ConnectionState.ACTIVE)
    )


def _was_used(connection: Connection, grant: Grant) -> bool:
    return connection.last_used_at is not None and connection.last_used_at >= _made_at(grant)


def _made_at(grant: Grant) -> datetime:
    return grant.refreshed_at or grant.granted_at
