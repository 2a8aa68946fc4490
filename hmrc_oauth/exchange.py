"""The first exchange: an authorization code becomes a grant. Runs in the tokens worker, never in the API.

1. Buy the slot, so that waiting for it eats no lease.
2. Claim the session, committed before the network is touched.
3. Spend the code once, with no transaction open.
4. Keep what came back, guarded by the claim's fence. A code that was answered but not stored is seen at the next
   claim and said.
"""

import json
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from social_core.exceptions import SocialAuthBaseException

from hmrc_door import config, token_endpoint
from hmrc_door.hidden import Hidden
from hmrc_door.outcomes import NotSent
from hmrc_door.pace import Lane, NoSlot
from hmrc_door.token_endpoint import Granted, TokenFault, TokenRefused
from hmrc_oauth import backend, connections
from hmrc_oauth.models import ConnectSession, Grant, Tokens
from hmrc_oauth.models.grant import LEASE
from hmrc_oauth.settling import atomic, fail
from hmrc_oauth.verify import UNVERIFIED_KEPT
from tenants import clock, due
from tenants.context import current_agency

log = structlog.get_logger()
_TRIES = 3
_RETRY = timedelta(seconds=3)


def run(*, session_id: UUID) -> None:
    """Spend the session's code, once. Safe to run twice, late, or never."""
    agency = str(current_agency().pk)
    try:
        slot = config.pace().acquire(lane=Lane.INTERACTIVE, agency=agency, timeout_s=20, connects=True)
    except NoSlot:
        return due.put_off(kind=due.Kind.EXCHANGE, subject_id=session_id, until=clock.now() + _RETRY)
    session = _claim(session_id)
    if session is None:
        return None
    if session.attempts > _TRIES:  # each of them claimed by a worker that never came back
        return fail(session, reason="lost", now=clock.now())
    try:
        code, verifier = _opened(session)
    except SocialAuthBaseException:
        return fail(session, reason="code_refused", now=clock.now())
    answer = token_endpoint.exchange(
        code=code,
        code_verifier=verifier,
        redirect_uri=session.redirect_uri,
        lane=Lane.INTERACTIVE,
        agency=agency,
        slot=slot,
        timeout_s=5,
    )
    return _take(session, answer, now=clock.now())


def _claim(session_id: UUID) -> ConnectSession | None:
    with atomic():
        session = connections.get_session(session_id=session_id)
        if not session.claim():
            if session.grant_id or not session.is_open:
                due.done(kind=due.Kind.EXCHANGE, subject_id=session_id)
            return None
        due.put_off(kind=due.Kind.EXCHANGE, subject_id=session_id, until=clock.now() + LEASE)
    return connections.get_session(session_id=session_id)


def _opened(session: ConnectSession) -> tuple[Hidden, Hidden]:
    with session.bag.open(reason="exchange") as raw, session.code.open(reason="exchange") as code:
        bag = json.loads(raw)
        maker = backend.make(redirect_uri=session.redirect_uri, bag=bag, data={"code": code, "state": bag["state"]})
        spent, verifier = maker.exchange_form()
        return Hidden(spent), Hidden(verifier)


def _take(session: ConnectSession, answer: token_endpoint.TokenAnswer, *, now: datetime) -> None:
    match answer:
        case Granted():
            _keep(session, answer, now)
        case NotSent() | TokenRefused(fault=TokenFault.THROTTLED):
            _again(session, spent=False, now=now, reason="expired")
        case TokenRefused(fault=TokenFault.INVALID_CLIENT):
            _again(session, spent=False, now=now, reason="application_fault")
        case TokenRefused(fault=TokenFault.INVALID_REQUEST | TokenFault.INVALID_GRANT):
            # On a second try, a code that HMRC calls used was used by our first: the grant it bought is lost, and
            # that is said.
            fail(session, reason="lost" if session.attempts > 1 else "code_refused", now=now)
        case _:  # lost, or not understood: the code may be spent
            _again(session, spent=True, now=now, reason="lost")


def _keep(session: ConnectSession, answer: Granted, now: datetime) -> None:
    got = answer.tokens
    tokens = Tokens(got.access_token.reveal(), got.refresh_token.reveal(), got.expires_in)
    with atomic():
        landlord_id = session.connection.landlord_id
        grant = Grant.issue(
            landlord_id=landlord_id, tokens=tokens, scope=" ".join(got.scope or (session.scope,)), now=now
        )
        if not session.keep(grant=grant):
            grant.wipe()
            return
        due.done(kind=due.Kind.EXCHANGE, subject_id=session.pk)
        due.put(kind=due.Kind.CHECK, subject_id=grant.pk, lane=due.Lane.INTERACTIVE)
        # Even if HMRC never gives a clear answer about it, it does not stay for ever.
        due.put(kind=due.Kind.WIPE_GRANT, subject_id=grant.pk, lane=due.Lane.BACKGROUND, at=now + UNVERIFIED_KEPT)
    log.info("grant.issued", grant=str(grant.pk), connect_session=str(session.pk))


def _again(session: ConnectSession, *, spent: bool, now: datetime, reason: str) -> None:
    if session.expires_at <= now or (spent and session.attempts >= _TRIES):
        fail(session, reason=reason, now=now)
        return
    with atomic():
        session.release(spent=spent)
        due.put_off(kind=due.Kind.EXCHANGE, subject_id=session.pk, until=now + _RETRY)
    log.warning("exchange.put_off", connect_session=str(session.pk), spent=spent)
