"""Connecting, as the API sees it: begin, receive HMRC's return, complete, check, disconnect.

Nothing here talks to HMRC: these functions move rows and ring bells (hmrc_oauth.exchange and .verify do the talking,
in workers).
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings

from events import audit, outbox
from hmrc_oauth import backend, claims, errors, expiry, fraud_contexts, letters, numbers, reasons
from hmrc_oauth.models import (
    Connection,
    ConnectionState,
    ConnectSession,
    Grant,
    GrantStatus,
    SessionStatus,
)
from hmrc_oauth.models.session import CODE_LIFE, OPEN
from hmrc_oauth.reasons import user_action
from hmrc_oauth.settling import atomic, end
from hmrc_oauth.telling import tell
from landlords import records
from people.models import Operation
from people.principal import Principal
from tenants import due
from tenants.context import current_agency
from tenants.faults import NotFound
from tenants.ids import digest, new_secret
from tenants.models import ConnectState

log = structlog.get_logger()

_NOTHING_TO_END = (ConnectionState.NOT_CONNECTED, ConnectionState.DISCONNECTED)

# In any minute, of one grant: each is a call to HMRC, and a refresh is a risk besides.
CHECKS, REFRESHES = 6, 2


@dataclass(frozen=True)
class Begun:
    session: ConnectSession
    authorization_url: str


def begin(
    *,
    by: Principal,
    landlord_id: UUID,
    return_url: str,
    nino: str | None,
    now: datetime,
    fraud_context_id: UUID | None = None,
) -> Begun:
    """Open a connect session and say where to send the browser.

    Raises NotFound, ReturnUrlNotListed, Invalid (NINO), NinoMissing, NinoConflict, NinoMismatch, SlowDown, and what
    fraud_contexts.attach raises.
    """
    landlord = records.get(landlord_id=landlord_id)
    target = return_url or next(iter(current_agency().return_urls), "")
    if not current_agency().may_return_to(target):
        raise errors.ReturnUrlNotListed
    connection = Connection.of(landlord, now=now)
    candidate = numbers.candidate(connection, nino, by, now)
    context_id = fraud_contexts.attach(by=by, context_id=fraud_context_id, landlord_id=landlord_id, now=now)
    session = ConnectSession.of(connection, by=by, fraud_context_id=context_id, return_url=target, now=now)
    session.nino = session.seal("nino", candidate) if candidate else None
    url = _leave_for_hmrc(session, now=now)
    connection.begin(now=now)
    due.put(kind=due.Kind.EXPIRE_SESSION, subject_id=session.pk, lane=due.Lane.BACKGROUND, at=session.expires_at)
    audit.record(
        by=by,
        action="connection.begun",
        subject_type="landlord",
        subject_id=landlord_id,
        now=now,
        connect_session=str(session.pk),
    )
    return Begun(session, url)


def receive(*, session_id: UUID, code: str, now: datetime) -> str | None:
    """HMRC returned with a code. Seals it and gives back the one-time completion code; None if the session is past
    that.
    """
    session = get_session(session_id=session_id)
    completion_code = new_secret()
    if not session.receive(code=code, completion_code=completion_code, now=now):
        return None
    due.put_off(kind=due.Kind.EXPIRE_SESSION, subject_id=session_id, until=now + CODE_LIFE)
    return completion_code


def receive_denial(*, session_id: UUID, hmrc_error: str, now: datetime, error: str = "access_denied") -> None:
    """HMRC returned without a code: the landlord said no, or OAuth's `error` says what else. `hmrc_error` is kept for
    support only; HMRC's list of them grows.
    """
    session, reason = get_session(session_id=session_id), reasons.of_return(error)
    waiting = [SessionStatus.WAITING_AT_HMRC]
    status = SessionStatus.DENIED if reason == "denied" else SessionStatus.FAILED
    if not end(session, status=status, reason=reason, hmrc_error=hmrc_error, only=waiting, now=now):
        return
    about: dict[str, Any] = {"subject_type": "connection", "subject_id": session.connection_id, "now": now}
    if reason == "denied":
        outbox.publish(type="connection.denied", **about)
    else:
        outbox.publish(type="connection.failed", reason_code=reason, **about)
    if reason == "application_fault":
        log.error("application.sign_in_refused", error=error)


def complete(*, by: Principal, session_id: UUID, completion_code: str, now: datetime) -> ConnectSession:
    """Hand the code on to be spent. Moves nothing unless everything fits.

    Raises NotFound, OtherPrincipal, AlreadyCompleted, NotReturned, SessionExpired, WrongCompletionCode.
    """
    session = get_session(session_id=session_id)
    if (session.principal_kind, session.principal_id) != (by.kind, by.id):
        raise errors.OtherPrincipal
    _refuse_unless_returned(session, now)
    if not secrets.compare_digest(bytes(session.completion_digest or b""), digest(completion_code)):
        raise errors.WrongCompletionCode
    if not session.complete():
        raise errors.AlreadyCompleted
    due.put(kind=due.Kind.EXCHANGE, subject_id=session_id, lane=due.Lane.INTERACTIVE)
    return get_session(session_id=session_id)


def expire(*, session_id: UUID, now: datetime) -> None:
    """The session's time is over: nobody came back, or nobody completed it."""
    session = get_session(session_id=session_id)
    waiting = [SessionStatus.WAITING_AT_HMRC, SessionStatus.RETURNED]
    if session.status not in waiting:
        due.done(kind=due.Kind.EXPIRE_SESSION, subject_id=session_id)
    elif session.expires_at > now:  # it was given more time since the bell was rung
        due.put_off(kind=due.Kind.EXPIRE_SESSION, subject_id=session_id, until=session.expires_at)
    else:
        end(session, status=SessionStatus.EXPIRED, reason="expired", only=waiting, now=now)


def check(
    *, by: Principal, landlord_id: UUID, nino: str | None, now: datetime, fraud_context_id: UUID | None = None
) -> Operation:
    """Ask HMRC once more whether the grant serves this landlord, with a corrected NINO if one is given (three times
    at most).

    Raises NotFound, NothingToCheck, NinoConfirmed, NinoUnconfirmed, NoTriesLeft, TooOften, Invalid (NINO),
    NinoConflict, SlowDown, and what fraud_contexts.attach raises.
    """
    landlord = records.get(landlord_id=landlord_id)
    with atomic():
        connection = Connection.of(landlord, now=now).hold()
        grant = connection.grant
        if grant is None or not grant.usable:
            raise errors.NothingToCheck
        context_id = fraud_contexts.attach(by=by, context_id=fraud_context_id, landlord_id=landlord_id, now=now)
        if nino is not None:
            numbers.correct(connection, grant, nino, by=by, now=now)
        elif connection.reason_code == claims.REASON:
            raise errors.NinoUnconfirmed
        Operation.limit(kind="connection.check", subject_id=grant.pk, most=CHECKS, now=now)
        due.put(kind=due.Kind.CHECK, subject_id=grant.pk, lane=due.Lane.INTERACTIVE)
        return _operation("connection.check", grant, connection, now=now, fraud_context_id=context_id)


def refresh(*, landlord_id: UUID, now: datetime) -> Operation:
    """Ask for a fresh access token now. Raises NotFound, NotConnected, ReconnectRequired, TooOften."""
    connection = get(landlord_id=landlord_id, now=now)
    require_usable(connection)
    grant = connection.grant
    assert grant is not None
    with atomic():
        Operation.limit(kind="connection.refresh", subject_id=grant.pk, most=REFRESHES, now=now)
        due.want(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.INTERACTIVE)
        return _operation("connection.refresh", grant, connection, now=now)


def disconnect(*, by: Principal, landlord_id: UUID, now: datetime) -> None:
    """Wipe the tokens and end every attempt at once. HMRC has no revoke endpoint: the landlord removes the authority
    there. Raises NotFound.
    """
    with atomic():
        connection = get(landlord_id=landlord_id, now=now).hold()
        ended = _end_attempts(connection, now=now)
        # Looked up after that: a code that was being spent has left its grant by now, or finds its session over. There
        # may be one where no connection is: of an authority that HMRC refused, and that was not given anew since.
        grants = list(Grant.objects.filter(landlord_id=landlord_id).exclude(status=GrantStatus.WIPED))
        if connection.state in _NOTHING_TO_END and not (ended or grants):
            return
        connection.disconnect(now=now)
        for grant in grants:
            grant.wipe()
            expiry.drop(grant)
        claims.drop(landlord_id=landlord_id, now=now)
        letters.owe(connection, now=now)
        audit.record(by=by, action="connection.disconnected", subject_type="landlord", subject_id=landlord_id, now=now)
        tell([connection], "connection.disconnected", now=now)


def archive_landlord(*, by: Principal, landlord_id: UUID, now: datetime, expected: int | None) -> None:
    """Take the landlord off the lists. The connection ends first: nobody could end it later. Raises NotFound, Stale."""
    with atomic():
        disconnect(by=by, landlord_id=landlord_id, now=now)
        records.archive(by=by, landlord_id=landlord_id, now=now, expected=expected)


def get(*, landlord_id: UUID, now: datetime) -> Connection:
    """The landlord's connection, made when first asked for. Raises NotFound."""
    connection = Connection.of(records.get(landlord_id=landlord_id), now=now)
    return Connection.objects.select_related("grant", "landlord").get(pk=connection.pk)


def lock(*, landlord_id: UUID) -> Connection:
    """The landlord's connection, held until the transaction ends: what its state decides stays true until then."""
    return Connection.objects.get(landlord_id=landlord_id).hold()


def get_session(*, session_id: UUID) -> ConnectSession:
    """Raises NotFound."""
    found = (
        ConnectSession.objects.select_related("connection__landlord", "connection__grant", "grant")
        .filter(pk=session_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def require_usable(connection: Connection) -> None:
    """Raises ReconnectRequired, NinoUnconfirmed or NotConnected if nothing can be sent to HMRC for this landlord."""
    if connection.reason_code == claims.REASON:
        raise errors.NinoUnconfirmed
    if connection.state == ConnectionState.RECONNECT_REQUIRED:
        raise errors.ReconnectRequired
    if not connection.can_file:
        why = connection.reason_code  # HMRC's refusal of this number, say: other than what nobody has begun
        raise errors.NotConnected(user_action(reason=why) if why else "")


def _leave_for_hmrc(session: ConnectSession, *, now: datetime) -> str:
    bag: dict[str, Any] = {}
    session.redirect_uri, session.scope = settings.HMRC.redirect_uri, " ".join(settings.HMRC.scopes)
    maker = backend.make(redirect_uri=session.redirect_uri, bag=bag)
    url = maker.auth_url()
    state = next(value["state"] for key, value in bag.items() if key.startswith("hmrc_oauth2_state_"))
    session.bag = session.seal("bag", json.dumps({**bag, "state": state}))
    session.status = SessionStatus.WAITING_AT_HMRC
    session.save(force_insert=True)
    ConnectState.objects.create(
        digest=digest(state), agency_id=current_agency().pk, session_id=session.pk, created_at=now
    )
    return url


def _refuse_unless_returned(session: ConnectSession, now: datetime) -> None:
    if session.status == SessionStatus.WAITING_AT_HMRC:
        raise errors.NotReturned
    if session.status == SessionStatus.EXPIRED or (
        session.status == SessionStatus.RETURNED and session.expires_at <= now
    ):
        raise errors.SessionExpired
    if session.status != SessionStatus.RETURNED:
        raise errors.AlreadyCompleted


def _end_attempts(connection: Connection, *, now: datetime) -> int:
    ended = [
        session.settle(status=SessionStatus.FAILED, reason="disconnected", now=now)
        for session in connection.sessions.filter(status__in=OPEN)
    ]
    return sum(ended)


def _operation(
    kind: str, grant: Grant, connection: Connection, *, now: datetime, fraud_context_id: UUID | None = None
) -> Operation:
    return Operation.open(
        kind=kind,
        subject_type="grant",
        subject_id=grant.pk,
        landlord_id=connection.landlord_id,
        now=now,
        fraud_context_id=fraud_context_id,
    )
