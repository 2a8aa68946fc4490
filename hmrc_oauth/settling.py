"""How attempts end, and how grants die: the transitions that several steps share."""

from datetime import datetime

import structlog
from django.db import transaction

from events import outbox
from hmrc_oauth.models import Connection, ConnectSession, Grant, GrantStatus, SessionStatus
from people.models import Operation
from tenants import due

log = structlog.get_logger()
atomic = transaction.atomic


def fail(session: ConnectSession, *, reason: str, now: datetime) -> None:
    """End the session without a connection."""
    with atomic():
        if session.settle(status=SessionStatus.FAILED, reason=reason, now=now):
            session.connection.give_up(reason=reason, now=now)
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


def bury(grant: Grant, *, fence: int | None, reason: str, now: datetime) -> bool:
    """The grant is dead: every connection that uses it needs a new one, and is told. False if something newer
    happened.
    """
    with atomic():
        died = grant.release(fence=fence, status=GrantStatus.DEAD) if fence is not None else _die(grant)
        if not died:
            return False
        for connection in Connection.objects.filter(grant=grant):
            if connection.require_reconnect(grant=grant, reason=reason, now=now):
                outbox.publish(
                    type="connection.reconnect_required",
                    subject_type="connection",
                    subject_id=connection.pk,
                    now=now,
                    landlord_id=str(connection.landlord_id),
                    reason_code=reason,
                )
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


def _die(grant: Grant) -> bool:
    return (
        Grant.objects.filter(pk=grant.pk)
        .exclude(status__in=[GrantStatus.DEAD, GrantStatus.WIPED])
        .update(status=GrantStatus.DEAD)
        == 1
    )
