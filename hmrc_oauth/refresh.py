"""Spending a refresh token that works once: claim, spend, commit, doubt. docs/refresh.md gives the reasons.

1. Have the key at hand that is to seal the new pair, and buy the slot, so that waiting for it eats no lease.
2. Claim, in a transaction of its own, committed before the network is touched.
3. Send once, within three seconds of the claim, on a fresh connection, with no transaction open and no retry.
4. Commit what came back if the row still holds the token that was spent, however late, and however long PostgreSQL is
   away. Any other outcome is guarded by the fence.
5. A claim whose lease ran out is doubt, and so is an unknown answer; doubt is a state. It waits out the lease, so that
   HMRC is done with whatever it was sent. Then the old access token is asked, if it lives, and after that the same
   refresh token is sent again, at most three times.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

import structlog

from hmrc_door import config, health, token_endpoint, turn
from hmrc_door.outcomes import NotSent, Unknown
from hmrc_door.pace import Lane, NoSlot, Slot
from hmrc_door.token_endpoint import Granted, TokenAnswer, TokenFault, TokenRefused
from hmrc_oauth import access, ahead, breaker, expiry, metrics, stopping, witness
from hmrc_oauth.backoff import Wait
from hmrc_oauth.errors import NotConnected, ReconnectRequired
from hmrc_oauth.failpoints import failpoint
from hmrc_oauth.models import Connection, ConnectionState, Grant, GrantStatus, Tokens
from hmrc_oauth.models.grant import LEASE
from hmrc_oauth.models.states import GrantEvent
from hmrc_oauth.persist import AWAY, persistently
from hmrc_oauth.settling import REFRESH, atomic, bury, finish_operations, users_of
from hmrc_oauth.telling import tell
from people.models import Operation
from tenants import clock, due
from tenants.context import current_agency
from tenants.vault import Purpose, ready_to_seal

log = structlog.get_logger()

# With the 20 s that HMRC has to answer, less than the 25 s in which a worker must have stopped.
SEND_WITHIN_S = 3.0
PROBES = 3
_SERVER_ERROR = 500
_ENDING = timedelta(days=2)  # HMRC's clock and ours need not agree to the hour about when a grant is over
_RETRY = Wait(timedelta(seconds=1), timedelta(seconds=8))
# Whoever is in no hurry does not keep a worker waiting.
_PATIENCE_S = {Lane.TOKEN: 20, Lane.BACKGROUND: 5}


@dataclass(frozen=True)
class _Claim:
    """What was claimed: the row as it stood, the doubt it was in, when its lease is over, and when it was begun, by
    this process's monotonic clock.
    """

    grant: Grant
    doubtful: bool
    over: datetime
    began: float


def run(*, grant_id: UUID) -> None:
    """Refresh the grant's tokens, once, if they need it. Safe to run twice, late, or never."""
    failpoint("refresh.begun")
    grant, is_held = Grant.look(grant_id)
    lane = _lane(grant)
    if grant is None or lane is None:
        return _forget(grant_id)
    if is_held:
        return None  # another's, or HMRC may still be at it: the answer, or the end of the lease, brings it back
    if until := breaker.waits_until(now=clock.now()):
        return _put_off(grant_id, until)
    if grant.status == GrantStatus.REFRESHING:
        grant = _doubt_abandoned(grant)
    if grant is None or (grant.status == GrantStatus.UNCERTAIN and witness.settles(grant, wait=_RETRY)):
        return None
    return _spend(grant, lane)


def _spend(grant: Grant, lane: Lane) -> None:
    ready_to_seal(Purpose.TOKEN)  # a pair that this process can't seal would be lost: whoever can may buy it
    slot = _slot(lane)
    failpoint("refresh.after_slot")
    if slot is None or stopping.has_begun():
        return _give_way(grant.pk, lane)
    began = monotonic()  # before the claim: a pause after it must not go unseen
    claim = _claim(grant, began)
    if claim is None:
        return None
    with turn.telling_later():
        answer = token_endpoint.refresh(
            refresh_token=claim.grant.refresh_token,
            lane=Lane.TOKEN,
            agency=str(current_agency().pk),
            slot=slot,
            timeout_s=max(0.0, began + SEND_WITHIN_S - monotonic()),
        )
        failpoint("refresh.after_answer")
        _take(claim, answer, now=clock.now())
    metrics.count_refresh(answer)
    return breaker.note(answer, now=clock.now())


def _lane(grant: Grant | None) -> Lane | None:
    """How urgent it is; None if there is nothing to renew or to find out: a second bell spends no second token."""
    if _needed(grant):
        return Lane.TOKEN
    return Lane.BACKGROUND if grant is not None and ahead.is_ripe(grant, now=clock.now()) else None


def _give_way(grant_id: UUID, lane: Lane) -> None:
    if lane == Lane.BACKGROUND:
        return _forget(grant_id)  # it comes again, in its ration
    return _put_off(grant_id, _RETRY.after(clock.now()))


def _slot(lane: Lane) -> Slot | None:
    agency = str(current_agency().pk)
    try:
        return config.pace().acquire(lane=lane, agency=agency, timeout_s=_PATIENCE_S[lane], connects=True)
    except NoSlot:
        return None


def _needed(grant: Grant | None) -> bool:
    """Whether somebody waits for it, or it is in doubt: not counting what is only renewed ahead."""
    if grant is None or not grant.usable:
        return False
    return (
        grant.status != GrantStatus.ACTIVE
        or grant.access_expires_at <= clock.now() + access.NEEDED
        or Operation.objects.filter(kind=REFRESH, subject_id=grant.pk, finished_at=None).exists()
    )


def _forget(grant_id: UUID) -> None:
    """Nothing to spend: off the list, unless somebody asked in this very moment."""
    with atomic():
        due.done(kind=due.Kind.REFRESH, subject_id=grant_id)
        grant = Grant.objects.filter(pk=grant_id).first()
        if _needed(grant):
            due.put(kind=due.Kind.REFRESH, subject_id=grant_id, lane=due.Lane.TOKEN)
        elif grant is not None and not grant.usable:
            over = NotConnected if grant.status == GrantStatus.WIPED else ReconnectRequired
            finish_operations(grant, kind=REFRESH, now=clock.now(), error=over.code)


def _put_off(grant_id: UUID, until: datetime) -> None:
    due.put_off(kind=due.Kind.REFRESH, subject_id=grant_id, until=until)


def _doubt_abandoned(grant: Grant) -> Grant | None:
    """The grant in doubt after a claim whose lease ran out; None if another was first to see that."""
    with atomic():
        if not grant.doubt_if_abandoned():
            return None
        failpoint("refresh.in_abandonment")
        tell(Connection.objects.filter(grant=grant), "connection.uncertain", now=clock.now())
        doubtful = Grant.objects.get(pk=grant.pk)
    failpoint("refresh.after_abandonment")
    log.warning("grant.uncertain", grant=str(grant.pk), why="lease_over")
    return doubtful


def _claim(grant: Grant, began: float) -> _Claim | None:
    with atomic(durable=True):
        if not grant.claim():
            return None  # settled while we waited, or another's: its answer, or the end of its lease, brings it back
        failpoint("refresh.in_claim")
        over = clock.now() + LEASE
        due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN, at=over + timedelta(seconds=1))
        # Read while the claim still locks the row: what it holds later may be another's to spend.
        claimed = Grant.objects.get(pk=grant.pk)
    failpoint("refresh.after_claim")
    return _Claim(claimed, doubtful=claimed.status == GrantStatus.UNCERTAIN, over=over, began=began)


def _take(claim: _Claim, answer: TokenAnswer, *, now: datetime) -> None:
    match answer:
        case Granted():
            persistently(lambda: _store(claim, answer, now))
        case NotSent() | TokenRefused(fault=TokenFault.THROTTLED | TokenFault.INVALID_CLIENT):
            # Nothing was spent: as it was before the claim.
            nothing = GrantEvent.PROBE_NOT_SPENT if claim.doubtful else GrantEvent.NOT_SPENT
            _release(claim, nothing, now=now, since=now)
        case TokenRefused(fault=TokenFault.INVALID_GRANT):
            _bury(claim, _why_dead(claim, now), now)
        case Unknown(status=status) if status is None or status < _SERVER_ERROR:
            _doubt(claim, now)
        case Unknown():
            # HMRC is down, and says so: nothing is counted. An outage must not end in landlords asked to reconnect.
            _release(claim, GrantEvent.DOUBTED, now=now, since=claim.over)
        case _:
            # "Already in progress", or not understood: our fence leaks, or we have a bug.
            log.error(
                "grant.answer_not_understood", grant=str(claim.grant.pk), fault=answer.fault, status=answer.status
            )
            _release(claim, GrantEvent.DOUBTED, now=now, since=claim.over)


def _store(claim: _Claim, answer: Granted, now: datetime) -> None:
    """Keep the pair, with all that follows from it. Whatever ails that, the pair is kept: it exists nowhere else."""
    got = answer.tokens
    tokens = Tokens(got.access_token.reveal(), got.refresh_token.reveal(), got.expires_in)
    try:
        _commit(claim, tokens, now)
    except AWAY:
        raise
    except Exception as why:  # noqa: BLE001 - and it is told below
        with atomic(durable=True):
            claim.grant.commit(tokens=tokens, spent=claim.grant.token_version, now=now)
        log.error("grant.pair_kept_alone", grant=str(claim.grant.pk), kind=type(why).__name__)  # noqa: TRY400 - no text


def _commit(claim: _Claim, tokens: Tokens, now: datetime) -> None:
    grant = claim.grant
    with atomic(durable=True):
        users = users_of(grant)
        stored = grant.commit(tokens=tokens, spent=grant.token_version, now=now)
        failpoint("refresh.in_commit")
        if stored:
            due.done(kind=due.Kind.REFRESH, subject_id=grant.pk)
            ahead.plan(stored)
            mended = _recover(users, grant, now)
            tell(users if claim.doubtful or mended else [], "connection.recovered", now=now)
            finish_operations(grant, kind=REFRESH, now=now)
    failpoint("refresh.after_commit")
    log.info("grant.refreshed", grant=str(grant.pk), fence=grant.fence, stored=stored is not None)


def _recover(users: list[Connection], grant: Grant, now: datetime) -> bool:
    """Whoever was told to reconnect while the answer was on its way is connected after all, and what waited goes."""
    needy = [connection for connection in users if connection.state == ConnectionState.RECONNECT_REQUIRED]
    told = [connection for connection in needy if connection.recover(grant=grant, now=now)]
    for connection in told:
        due.put(kind=due.Kind.AFTER_CONNECT, subject_id=connection.landlord_id, lane=due.Lane.BULK)
    if told:
        expiry.plan(grant)
    return bool(told)


def _why_dead(claim: _Claim, now: datetime) -> str:
    """HMRC has one word for a token that was used, revoked, or whose grant is over."""
    if claim.doubtful:
        return "lost"
    return "grant_ended" if now >= claim.grant.ends_at - _ENDING else "refused"


def _doubt(claim: _Claim, now: datetime) -> None:
    # A probe says something only if HMRC answers anybody: where it is silent to all, nobody is asked to reconnect.
    probed = claim.doubtful and health.has_answered_since(claim.began)
    if probed and claim.grant.probes + 1 >= PROBES:
        _bury(claim, "lost", now)
        return
    _release(claim, GrantEvent.DOUBTED, now=now, since=claim.over, probed=probed)


def _bury(claim: _Claim, reason: str, now: datetime) -> None:
    """Also while PostgreSQL is away: forgotten, HMRC's refusal would be told as a loss of ours."""
    grant = claim.grant
    persistently(lambda: bury(grant, fence=grant.fence, reason=reason, now=now))


def _release(claim: _Claim, event: GrantEvent, *, now: datetime, since: datetime, probed: bool = False) -> None:
    """End the claim without new tokens. The next try waits from `since`."""
    grant = claim.grant
    with atomic():
        if not grant.release(event, fence=grant.fence, probed=probed):
            return  # taken over since: whoever did that has the last word, and the place on the list
        failpoint("refresh.in_release")
        if event is GrantEvent.DOUBTED and not claim.doubtful:
            tell(Connection.objects.filter(grant=grant), "connection.uncertain", now=now)
        _put_off(grant.pk, _RETRY.after(since, tries=grant.tries))
    failpoint("refresh.after_release")
    log.warning("grant.put_off", grant=str(grant.pk), why=event, probed=probed)
