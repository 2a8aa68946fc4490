"""How attempts end, and how grants die: the transitions that several steps share."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import transaction

from events import outbox
from hmrc_oauth import letters
from hmrc_oauth.errors import ReconnectRequired
from hmrc_oauth.failpoints import failpoint
from hmrc_oauth.models import Connection, ConnectSession, Grant, SessionStatus
from hmrc_oauth.models.session import OPEN
from hmrc_oauth.models.states import GrantEvent
from hmrc_oauth.telling import tell
from people.models import Operation
from tenants import due, endings

log = structlog.get_logger()
atomic = transaction.atomic
REFRESH = "connection.refresh"
# After doubt, a token that works no longer was rotated without our hearing of it, or the grant was ended just then.
_CAUSES = {"lost": ["lost", "revoked"]}


def end(
    session: ConnectSession,
    *,
    status: SessionStatus,
    reason: str,
    now: datetime,
    hmrc_error: str = "",
    only: Sequence[SessionStatus] = OPEN,
    claimed: bool = False,
) -> bool:
    """End the session without a connection, if it is in one of `only`. Another attempt under way goes on."""
    with atomic():
        connection = session.connection.hold()
        why = {"reason": reason, "hmrc_error": hmrc_error}
        if not session.settle(status=status, only=only, claimed=claimed, now=now, **why):
            return False
        if not connection.sessions.filter(status__in=OPEN).exists():
            connection.give_up(reason=reason, now=now)
        due.done(kind=due.Kind.EXPIRE_SESSION, subject_id=session.pk)
    return True


def fail(session: ConnectSession, *, reason: str, now: datetime, claimed: bool = False) -> None:
    """End the session because of what HMRC said, or did not say; with `claimed`, only by the claim that stands."""
    with atomic():
        if end(session, status=SessionStatus.FAILED, reason=reason, claimed=claimed, now=now):
            outbox.publish(
                type="connection.failed",
                subject_type="connection",
                subject_id=session.connection_id,
                now=now,
                reason_code=reason,
            )
        elif claimed:
            return  # taken over since: whoever did that has the last word, and the place on the list
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
        users, causes = users_of(grant), _CAUSES.get(reason, [])
        if not grant.release(GrantEvent.DIED, fence=fence):
            return False
        failpoint("refresh.in_burial")
        needy = [each for each in users if each.require_reconnect(grant=grant, reason=reason, causes=causes, now=now)]
        tell(needy, "connection.reconnect_required", now=now, reason_code=reason)
        for connection in needy:
            letters.owe(connection, now=now, reason=reason)
        due.done(kind=due.Kind.REFRESH, subject_id=grant.pk)
        endings.forget(grant_id=grant.pk)
        finish_operations(grant, kind=REFRESH, now=now, error=ReconnectRequired.code)
    failpoint("refresh.after_burial")
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
