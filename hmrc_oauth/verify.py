"""The first read: does this grant serve this landlord? One call to HMRC with the landlord's NINO decides."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import IntegrityError

from events import audit, outbox
from hmrc_door import business_details
from hmrc_door.call import Lane, call
from hmrc_door.outcomes import Answered, Outcome, Refused
from hmrc_oauth.models import Connection, ConnectSession, Grant, GrantStatus, SessionStatus
from hmrc_oauth.settling import atomic, fail, finish_operations
from landlords.models import Landlord
from people.principal import SYSTEM
from tenants import clock, due
from tenants.context import current_agency
from tenants.vault import Sealed

log = structlog.get_logger()

# An unverified grant is kept, sealed and unusable for filing, so that a typing error does not cost a second sign-in.
UNVERIFIED_KEPT = timedelta(days=7)
_RETRY = timedelta(seconds=4)

# HMRC answers the first of these to a wrong account, a wrong NINO and a missing enrolment alike.
_REFUSALS: dict[str, tuple[str, list[str]]] = {
    "CLIENT_OR_AGENT_NOT_AUTHORISED": ("nino_mismatch", ["nino_mismatch", "wrong_account", "not_enrolled"]),
    "FORBIDDEN": ("nino_mismatch", ["nino_mismatch", "wrong_account", "not_enrolled"]),
    "FORMAT_NINO": ("nino_mismatch", ["nino_mismatch"]),
    "CLIENT_NOT_MTD_ENROLLED": ("not_enrolled", ["not_enrolled", "nino_mismatch"]),
    "INVALID_SCOPE": ("scope", ["scope"]),
}
_NO_BUSINESS_YET = {"MATCHING_RESOURCE_NOT_FOUND", "NO_BUSINESS_FOUND"}


def run(*, grant_id: UUID) -> None:
    """Read the landlord's businesses with the grant and settle what follows. Safe to run twice, late, or never."""
    grant = Grant.objects.filter(pk=grant_id).first()
    if grant is None or grant.access_token is None or grant.status == GrantStatus.DEAD:
        return due.done(kind=due.Kind.CHECK, subject_id=grant_id)
    session = ConnectSession.objects.select_related("connection__landlord").filter(grant=grant).order_by("-created_at").first()
    connection = _connection(grant, session)
    nino = _nino(connection.landlord, session)
    if nino is None:
        return _refuse(grant, connection, session, "nino_mismatch", ["nino_mismatch"], clock.now())
    # Looked at again soon if this process dies in the middle: a read may be repeated.
    due.put_off(kind=due.Kind.CHECK, subject_id=grant_id, until=clock.now() + timedelta(seconds=30))
    outcome = call(
        business_details.list_businesses(nino), bearer=grant.access_token, lane=Lane.INTERACTIVE, agency=str(current_agency().pk)
    )
    return _take(grant, connection, session, outcome, now=clock.now())


def wipe_unverified(*, grant_id: UUID, now: datetime) -> None:
    """Seven days are over: the grant that never served anyone is wiped."""
    grant = Grant.objects.filter(pk=grant_id, status=GrantStatus.PENDING).first()
    with atomic():
        if grant is not None and grant.wipe():
            for connection in Connection.objects.filter(grant=grant):
                connection.forget_grant(now=now)
        due.done(kind=due.Kind.WIPE_GRANT, subject_id=grant_id)


def _take(grant: Grant, connection: Connection, session: ConnectSession | None, outcome: Outcome, *, now: datetime) -> None:
    match outcome:
        case Answered():
            _accept(grant, connection, session, now)
        case Refused(status=404) if outcome.code in _NO_BUSINESS_YET:
            _accept(grant, connection, session, now)
        case Refused(status=401):
            _dead(grant, session, now)
        case Refused() if outcome.code in _REFUSALS:
            _refuse(grant, connection, session, *_REFUSALS[outcome.code], now)
        case _:
            due.put_off(kind=due.Kind.CHECK, subject_id=grant.pk, until=now + _RETRY)
            log.warning("check.put_off", grant=str(grant.pk), outcome=type(outcome).__name__)


def _accept(grant: Grant, connection: Connection, session: ConnectSession | None, now: datetime) -> None:
    try:
        with atomic():
            _store_nino(connection.landlord, session)
            if grant.verify():
                _establish(grant, connection, session, now)
            due.done(kind=due.Kind.CHECK, subject_id=grant.pk)
            due.done(kind=due.Kind.WIPE_GRANT, subject_id=grant.pk)
            finish_operations(grant, kind="connection.check", now=now)
    except IntegrityError:
        # Between typing and confirming, another landlord was given the same NINO.
        _refuse(grant, connection, session, "nino_mismatch", ["nino_mismatch"], now)


def _establish(grant: Grant, connection: Connection, session: ConnectSession | None, now: datetime) -> None:
    before = connection.grant
    connection.establish(grant=grant, now=now)
    if before is not None and before.pk != grant.pk:
        before.wipe()
    if session is not None:
        session.settle(status=SessionStatus.CONNECTED, now=now)
        due.done(kind=due.Kind.EXPIRE_SESSION, subject_id=session.pk)
    landlord_id = connection.landlord_id
    audit.record(by=SYSTEM, action="connection.connected", subject_type="landlord", subject_id=landlord_id, now=now, grant=str(grant.pk))
    outbox.publish(type="connection.connected", subject_type="connection", subject_id=connection.pk, now=now, landlord_id=str(landlord_id))
    due.put(kind=due.Kind.AFTER_CONNECT, subject_id=landlord_id, lane=due.Lane.BULK)
    log.info("connection.connected", connection=str(connection.pk), grant=str(grant.pk))


def _refuse(
    grant: Grant, connection: Connection, session: ConnectSession | None, reason: str, causes: list[str], now: datetime
) -> None:
    with atomic():
        if connection.refuse(grant=grant, reason=reason, causes=causes, now=now):
            outbox.publish(type="connection.not_authorised", subject_type="connection", subject_id=connection.pk, now=now, reason_code=reason)
            due.put(kind=due.Kind.WIPE_GRANT, subject_id=grant.pk, lane=due.Lane.BACKGROUND, at=grant.granted_at + UNVERIFIED_KEPT)
        elif grant.status == GrantStatus.PENDING:
            grant.wipe()  # the connection works by another grant: this one is not needed
        if session is not None and session.settle(status=SessionStatus.FAILED, reason=reason, now=now):
            due.done(kind=due.Kind.EXPIRE_SESSION, subject_id=session.pk)
        due.done(kind=due.Kind.CHECK, subject_id=grant.pk)
        finish_operations(grant, kind="connection.check", now=now, error="hmrc.nino_mismatch")


def _dead(grant: Grant, session: ConnectSession | None, now: datetime) -> None:
    with atomic():
        if grant.status == GrantStatus.PENDING:
            grant.wipe()
            if session is not None:
                fail(session, reason="refused", now=now)
        else:
            grant.expire_access(version=grant.token_version, now=now)
            due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.INTERACTIVE)
        due.done(kind=due.Kind.CHECK, subject_id=grant.pk)
        finish_operations(grant, kind="connection.check", now=now, error="hmrc.reconnect_required")


def _connection(grant: Grant, session: ConnectSession | None) -> Connection:
    if session is not None:
        return Connection.objects.select_related("landlord", "grant").get(pk=session.connection_id)
    return Connection.objects.select_related("landlord", "grant").get(landlord_id=grant.landlord_id)


def _nino(landlord: Landlord, session: ConnectSession | None) -> Sealed | None:
    candidate: Sealed | None = session.nino if session is not None and session.is_open else None
    return candidate or landlord.nino


def _store_nino(landlord: Landlord, session: ConnectSession | None) -> None:
    if session is None or session.nino is None or not session.is_open:
        return
    with session.nino.open(reason="confirmed by HMRC") as nino:
        landlord.put_nino(nino)
    landlord.change(expected=None, now=clock.now(), nino=landlord.nino, nino_index=landlord.nino_index, nino_mask=landlord.nino_mask)


