"""How attempts end, and how grants die: the transitions that several steps share."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import transaction

from events import outbox
from hmrc_oauth import letters
from hmrc_oauth.models import Connection, ConnectSession, Grant, GrantStatus, SessionStatus
from hmrc_oauth.models.session import OPEN
from people.models import Operation
from tenants import due

log = structlog.get_logger()
atomic = transaction.atomic


def end(
    session: ConnectSession,
    *,
    status: SessionStatus,
    reason: str,
    now: datetime,
    hmrc_error: str = "",
    only: Sequence[SessionStatus] = OPEN,
) -> bool:
    """End the session without a connection, if it is in one of `only`. Another attempt under way goes on."""
    with atomic():
        connection = session.connection.hold()
        if not session.settle(status=status, reason=reason, hmrc_error=hmrc_error, only=only, now=now):
            return False
        if not connection.sessions.filter(status__in=OPEN).exists():
            connection.give_up(reason=reason, now=now)
        due.done(kind=due.Kind.EXPIRE_SESSION, subject_id=session.pk)
    return True


def fail(session: ConnectSession, *, reason: str, now: datetime) -> None:
    """End the session because of what HMRC said, or did not say."""
    with atomic():
        if end(session, status=SessionStatus.FAILED, reason=reason, now=now):
            outbox.publish(
                type="connection.failed",
                subject_type="connection",
                subject_id=session.connection_id,
                now=now,
                reason_code=reason,
            )
        due.done(kind=due.Kind.EXCHANGE, subject_id=session.pk)
        due.done(kind=due.Kind.EXPIRE_SESSION, subject_id=session.pk)
    log.info("connect_session.failed", connect_session=str(session.pk), reason=reason)


def users_of(grant: Grant) -> list[Connection]:
    """The connections that use the grant, held until the transaction ends."""
    return list(Connection.objects.filter(grant=grant).select_for_update(no_key=True))


def bury(grant: Grant, *, fence: int, reason: str, now: datetime) -> bool:
    """The grant is dead: every connection that uses it needs a new one, and is told. False if something newer
    happened.
    """
    with atomic():
        users = users_of(grant)
        if not grant.release(fence=fence, status=GrantStatus.DEAD):
            return False
        for connection in users:
            if connection.require_reconnect(grant=grant, reason=reason, now=now):
                outbox.publish(
                    type="connection.reconnect_required",
                    subject_type="connection",
                    subject_id=connection.pk,
                    now=now,
                    landlord_id=str(connection.landlord_id),
                    reason_code=reason,
                )
                letters.owe(connection, now=now, reason=reason)
    log.warning("grant.dead", grant=str(grant.pk), reason=reason)
    return True


def finish_operations(grant: Grant, *, kind: str, now: datetime, error: str = "") -> None:
    """End the operations that people opened on this grant."""
    for operation in Operation.objects.filter(kind=kind, subject_id=grant.pk, finished_at=None):
        _ = (
            operation.fail(now=now, code=error)
            if error
            else operation.succeed(now=now, result={"connection": "active"})
        )
