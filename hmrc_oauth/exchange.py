"""The first exchange: an authorization code becomes a grant. Runs in workers, never in the API.

1. Have the key at hand that is to seal the tokens, and buy the slot, so that waiting for it eats no lease.
2. Claim the session, committed before the network is touched.
3. Spend the code once, within three seconds of the claim, with no transaction open.
4. Keep what came back if the session still waits for it, however late, and however long PostgreSQL is away. Any other
   outcome is guarded by the claim's fence. A code that was answered but not stored is seen at the next claim and said.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

import structlog
from social_core.exceptions import SocialAuthBaseException

from hmrc_door import config, token_endpoint, turn
from hmrc_door.hidden import Hidden
from hmrc_door.outcomes import NotSent
from hmrc_door.pace import Lane, NoSlot, Slot
from hmrc_door.token_endpoint import Granted, TokenFault, TokenRefused
from hmrc_oauth import backend, breaker, connections, stopping
from hmrc_oauth.backoff import Wait
from hmrc_oauth.checking import UNVERIFIED_KEPT
from hmrc_oauth.failpoints import failpoint
from hmrc_oauth.models import ConnectSession, Grant, Tokens
from hmrc_oauth.models.grant import LEASE
from hmrc_oauth.persist import persistently
from hmrc_oauth.settling import atomic, fail
from tenants import clock, due
from tenants.context import current_agency
from tenants.vault import Purpose, ready_to_seal

log = structlog.get_logger()
SEND_WITHIN_S = 3.0
_TRIES = 3
_RETRY = Wait(timedelta(seconds=1), timedelta(seconds=4))


@dataclass(frozen=True)
class _Claim:
    """What was claimed, and when its lease is over."""

    session: ConnectSession
    over: datetime


def run(*, session_id: UUID) -> None:
    """Spend the session's code, once. Safe to run twice, late, or never."""
    failpoint("exchange.begun")
    if until := breaker.waits_until(now=clock.now()):
        return _wait_for_the_application(session_id, until, now=clock.now())
    ready_to_seal(Purpose.TOKEN)  # tokens that this process can't seal would be lost: whoever can may buy them
    slot = _slot()
    failpoint("exchange.after_slot")
    if slot is None or stopping.has_begun():
        return _put_off(session_id, _RETRY.after(clock.now()))
    send_until = monotonic() + SEND_WITHIN_S  # counted from before the claim: a pause after it must not go unseen
    claim = _claim(session_id)
    if claim is None:
        return None
    session = claim.session
    if session.attempts > _TRIES:  # each of them claimed by a worker that never came back
        return fail(session, reason="lost", claimed=True, now=clock.now())
    try:
        code, verifier = _opened(session)
    except SocialAuthBaseException:
        return fail(session, reason="code_refused", claimed=True, now=clock.now())
    with turn.telling_later():
        answer = token_endpoint.exchange(
            code=code,
            code_verifier=verifier,
            redirect_uri=session.redirect_uri,
            lane=Lane.INTERACTIVE,
            agency=str(current_agency().pk),
            slot=slot,
            timeout_s=max(0.0, send_until - monotonic()),
        )
        failpoint("exchange.after_answer")
        _take(claim, answer, now=clock.now())
    return breaker.note(answer, now=clock.now())


def _slot() -> Slot | None:
    agency = str(current_agency().pk)
    try:
        return config.pace().acquire(lane=Lane.INTERACTIVE, agency=agency, timeout_s=20, connects=True)
    except NoSlot:
        return None


def _put_off(session_id: UUID, until: datetime) -> None:
    due.put_off(kind=due.Kind.EXCHANGE, subject_id=session_id, until=until)


def _wait_for_the_application(session_id: UUID, until: datetime, *, now: datetime) -> None:
    """HMRC refuses the application itself. The code is kept for as long as HMRC would take it."""
    session = connections.get_session(session_id=session_id)
    if session.is_open and session.expires_at <= now:
        return fail(session, reason="application_fault", now=now)
    return _put_off(session_id, min(until, max(now, session.expires_at)))


def _claim(session_id: UUID) -> _Claim | None:
    with atomic(durable=True):
        session = connections.get_session(session_id=session_id)
        if not session.claim():
            if session.grant_id or not session.is_open:
                due.done(kind=due.Kind.EXCHANGE, subject_id=session_id)
            return None
        failpoint("exchange.in_claim")
        over = clock.now() + LEASE
        _put_off(session_id, over)
        claimed = connections.get_session(session_id=session_id)
    failpoint("exchange.after_claim")
    return _Claim(claimed, over)


def _opened(session: ConnectSession) -> tuple[Hidden, Hidden]:
    with session.bag.open(reason="exchange") as raw, session.code.open(reason="exchange") as code:
        bag = json.loads(raw)
        maker = backend.make(redirect_uri=session.redirect_uri, bag=bag, data={"code": code, "state": bag["state"]})
        spent, verifier = maker.exchange_form()
        return Hidden(spent), Hidden(verifier)


def _take(claim: _Claim, answer: token_endpoint.TokenAnswer, *, now: datetime) -> None:
    session = claim.session
    match answer:
        case Granted():
            persistently(lambda: _keep(session, answer, now))
        case NotSent() | TokenRefused(fault=TokenFault.THROTTLED):
            _again(claim, spent=False, now=now, reason="expired")
        case TokenRefused(fault=TokenFault.INVALID_CLIENT):
            _again(claim, spent=False, now=now, reason="application_fault")
        case TokenRefused(fault=TokenFault.INVALID_REQUEST | TokenFault.INVALID_GRANT):
            # On a second try, a code that HMRC calls used was used by our first: the grant it bought is lost, and
            # that is said.
            reason = "lost" if session.attempts > 1 else "code_refused"
            persistently(lambda: fail(session, reason=reason, claimed=True, now=now))
        case _:  # lost, or not understood: the code may be spent
            _again(claim, spent=True, now=now, reason="lost")


def _keep(session: ConnectSession, answer: Granted, now: datetime) -> None:
    got = answer.tokens
    tokens = Tokens(got.access_token.reveal(), got.refresh_token.reveal(), got.expires_in)
    scope = " ".join(got.scope or (session.scope,))
    with atomic(durable=True):
        grant = Grant.issue(landlord_id=session.connection.landlord_id, tokens=tokens, scope=scope, now=now)
        kept = session.keep(grant=grant)
        failpoint("exchange.in_keep")
        if kept:
            _see_to(grant, session, now)
        else:
            grant.wipe()
    failpoint("exchange.after_keep")
    log.info("grant.issued", grant=str(grant.pk), connect_session=str(session.pk), kept=kept)


def _see_to(grant: Grant, session: ConnectSession, now: datetime) -> None:
    """What is next for a new grant: the first read, and its end if HMRC never gives a clear answer about it."""
    due.done(kind=due.Kind.EXCHANGE, subject_id=session.pk)
    due.put(kind=due.Kind.CHECK, subject_id=grant.pk, lane=due.Lane.INTERACTIVE)
    due.put(kind=due.Kind.WIPE_GRANT, subject_id=grant.pk, lane=due.Lane.BACKGROUND, at=now + UNVERIFIED_KEPT)


def _again(claim: _Claim, *, spent: bool, now: datetime, reason: str) -> None:
    """Another try. A code that may be on its way still is left alone until its lease is over: sent twice, it may end
    the grant that it has bought (RFC 6749, 4.1.2).
    """
    session = claim.session
    if session.expires_at <= now or (spent and session.attempts >= _TRIES):
        fail(session, reason=reason, claimed=True, now=now)
        return
    with atomic():
        if not (session.is_claimed if spent else session.release()):
            return  # taken over since, or settled
        failpoint("exchange.in_release")
        _put_off(session.pk, _RETRY.after(claim.over if spent else now, tries=session.attempts - 1))
    failpoint("exchange.after_release")
    log.warning("exchange.put_off", connect_session=str(session.pk), spent=spent)
