"""Spending a refresh token that works once: claim, spend, commit, doubt. docs/refresh.md gives the reasons.

1. Buy the slot, so that waiting for it eats no lease.
2. Claim, in a transaction of its own, committed before the network is touched.
3. Send once, within five seconds of the claim, on a fresh connection, with no transaction open and no retry.
4. Commit what came back if the row still holds the token that was spent, however late. Any other outcome is guarded
   by the fence.
5. A claim whose lease ran out is doubt, and doubt is a state: it is probed with the same token, at most three times.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from events import outbox
from hmrc_door import config, token_endpoint
from hmrc_door.outcomes import NotSent, Unknown
from hmrc_door.pace import Lane, NoSlot, Slot
from hmrc_door.token_endpoint import Granted, TokenAnswer, TokenFault, TokenRefused
from hmrc_oauth import access, expiry
from hmrc_oauth.errors import NotConnected, ReconnectRequired
from hmrc_oauth.models import Connection, Grant, GrantStatus, Tokens
from hmrc_oauth.models.grant import LEASE
from hmrc_oauth.settling import atomic, bury, finish_operations, users_of
from people.models import Operation
from tenants import clock, due
from tenants.context import current_agency

log = structlog.get_logger()

SEND_WITHIN_S = 5.0
PROBES = 3
_SERVER_ERROR = 500
_OPERATION = "connection.refresh"
_RETRY = timedelta(seconds=5)
_PROBE_AFTER = timedelta(seconds=20)


@dataclass(frozen=True)
class _Claim:
    """What was claimed: the row as it stood, and the doubt it was in."""

    grant: Grant
    doubtful: bool


def run(*, grant_id: UUID) -> None:
    """Refresh the grant's tokens, once, if they need it. Safe to run twice, late, or never."""
    if not _wanted(Grant.objects.filter(pk=grant_id).first()):
        return _forget(grant_id)
    slot = _slot()
    if slot is None:
        return due.put_off(kind=due.Kind.REFRESH, subject_id=grant_id, until=clock.now() + _RETRY)
    claim = _claim(grant_id)
    if claim is None:
        return None
    answer = token_endpoint.refresh(
        refresh_token=claim.grant.refresh_token,
        lane=Lane.TOKEN,
        agency=str(current_agency().pk),
        slot=slot,
        timeout_s=SEND_WITHIN_S,
    )
    return _take(claim, answer, now=clock.now())


def _slot() -> Slot | None:
    try:
        return config.pace().acquire(lane=Lane.TOKEN, agency=str(current_agency().pk), timeout_s=20, connects=True)
    except NoSlot:
        return None


def _wanted(grant: Grant | None) -> bool:
    """Whether there is something to renew or to find out: a bell that rings twice spends no token twice."""
    if grant is None or not grant.usable:
        return False
    return (
        grant.status != GrantStatus.ACTIVE
        or grant.access_expires_at <= clock.now() + access.NEEDED
        or Operation.objects.filter(kind=_OPERATION, subject_id=grant.pk, finished_at=None).exists()
    )


def _forget(grant_id: UUID) -> None:
    """Nothing to spend: off the list, unless somebody asked in this very moment."""
    with atomic():
        due.done(kind=due.Kind.REFRESH, subject_id=grant_id)
        grant = Grant.objects.filter(pk=grant_id).first()
        if _wanted(grant):
            due.put(kind=due.Kind.REFRESH, subject_id=grant_id, lane=due.Lane.TOKEN)
        elif grant is not None and not grant.usable:
            over = NotConnected if grant.status == GrantStatus.WIPED else ReconnectRequired
            finish_operations(grant, kind=_OPERATION, now=clock.now(), error=over.code)


def _claim(grant_id: UUID) -> _Claim | None:
    with atomic():
        grant = Grant.objects.get(pk=grant_id)
        if grant.doubt_if_abandoned():
            _tell(grant, "connection.uncertain", clock.now())
            log.warning("grant.uncertain", grant=str(grant_id), why="lease_over")
        if not _wanted(grant) or not grant.claim():
            return None  # settled while we waited, or another's: its answer, or the end of its lease, brings it back
        until = clock.now() + LEASE + timedelta(seconds=1)
        due.put(kind=due.Kind.REFRESH, subject_id=grant_id, lane=due.Lane.TOKEN, at=until)
    claimed = Grant.objects.get(pk=grant_id)
    return _Claim(claimed, doubtful=claimed.status == GrantStatus.UNCERTAIN)


def _take(claim: _Claim, answer: TokenAnswer, *, now: datetime) -> None:
    match answer:
        case Granted():
            _commit(claim, answer, now)
        case NotSent() | TokenRefused(fault=TokenFault.THROTTLED | TokenFault.INVALID_CLIENT):
            # Nothing was spent: as it was before the claim.
            _release(claim, GrantStatus.UNCERTAIN if claim.doubtful else GrantStatus.ACTIVE, now=now, after=_RETRY)
        case TokenRefused(fault=TokenFault.INVALID_GRANT):
            _bury(claim, "lost" if claim.doubtful else "refused", now)
        case Unknown(status=status) if status is None or status < _SERVER_ERROR:
            _doubt(claim, now)
        case _:
            # "Already in progress", not understood, or HMRC is down and says so: nothing is known and nothing is
            # counted. An outage must not end in landlords being asked to reconnect.
            _release(claim, GrantStatus.UNCERTAIN, now=now, after=_PROBE_AFTER)


def _commit(claim: _Claim, answer: Granted, now: datetime) -> None:
    got = answer.tokens
    tokens = Tokens(got.access_token.reveal(), got.refresh_token.reveal(), got.expires_in)
    grant = claim.grant
    with atomic():
        users = users_of(grant)
        stored = grant.commit(tokens=tokens, spent=grant.token_version, now=now)
        if stored:
            due.done(kind=due.Kind.REFRESH, subject_id=grant.pk)
            mended = _recover(users, grant, now)
            _tell(grant, "connection.recovered" if claim.doubtful or mended else "connection.refreshed", now)
            finish_operations(grant, kind=_OPERATION, now=now)
    log.info("grant.refreshed", grant=str(grant.pk), fence=grant.fence, stored=stored)


def _recover(users: list[Connection], grant: Grant, now: datetime) -> bool:
    """Whoever was told to reconnect while the answer was on its way is connected after all, and what waited goes."""
    told = [connection for connection in users if connection.recover(grant=grant, now=now)]
    for connection in told:
        due.put(kind=due.Kind.AFTER_CONNECT, subject_id=connection.landlord_id, lane=due.Lane.BULK)
    if told:
        expiry.plan(grant)
    return bool(told)


def _doubt(claim: _Claim, now: datetime) -> None:
    if claim.doubtful and claim.grant.probes + 1 >= PROBES:
        _bury(claim, "lost", now)
        return
    _release(claim, GrantStatus.UNCERTAIN, now=now, after=_PROBE_AFTER, probed=claim.doubtful)


def _bury(claim: _Claim, reason: str, now: datetime) -> None:
    with atomic():
        if bury(claim.grant, fence=claim.grant.fence, reason=reason, now=now):
            due.done(kind=due.Kind.REFRESH, subject_id=claim.grant.pk)
            finish_operations(claim.grant, kind=_OPERATION, now=now, error=ReconnectRequired.code)


def _release(claim: _Claim, status: GrantStatus, *, now: datetime, after: timedelta, probed: bool = False) -> None:
    with atomic():
        if not claim.grant.release(fence=claim.grant.fence, status=status, probed=probed):
            return  # taken over since: whoever did that has the last word, and the place on the list
        if status == GrantStatus.UNCERTAIN and not claim.doubtful:
            _tell(claim.grant, "connection.uncertain", now)
        due.put_off(kind=due.Kind.REFRESH, subject_id=claim.grant.pk, until=now + after)
    log.warning("grant.put_off", grant=str(claim.grant.pk), status=status, probed=probed)


def _tell(grant: Grant, event: str, now: datetime) -> None:
    for connection in Connection.objects.filter(grant=grant):
        outbox.publish(
            type=event,
            subject_type="connection",
            subject_id=connection.pk,
            now=now,
            landlord_id=str(connection.landlord_id),
        )
