"""What must be on the due list, read from an agency's own rows: the list can be lost, the rows are the truth."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from hmrc_oauth import ahead, expiry
from hmrc_oauth.checking import UNVERIFIED_KEPT
from hmrc_oauth.models import Connection, ConnectionState, ConnectSession, Grant, GrantStatus, SessionStatus
from hmrc_oauth.models.session import OPEN
from hmrc_oauth.models.states import PASSING
from people.models import Operation
from tenants import doubts, due, endings


class Wanted(NamedTuple):
    kind: due.Kind
    subject_id: UUID
    lane: due.Lane
    at: datetime
    deadline: date | None = None


def wanted(*, now: datetime) -> Iterator[Wanted]:
    """Everything of this room that is to be done for the current agency."""
    for session in ConnectSession.objects.filter(status__in=OPEN):
        yield Wanted(due.Kind.EXPIRE_SESSION, session.pk, due.Lane.BACKGROUND, session.expires_at)
        if session.status == SessionStatus.EXCHANGING and session.grant_id is None:
            yield Wanted(due.Kind.EXCHANGE, session.pk, due.Lane.INTERACTIVE, now)
        if session.grant_id is not None:
            yield Wanted(due.Kind.CHECK, session.grant_id, due.Lane.INTERACTIVE, now)
    for grant in Grant.objects.filter(status__in=PASSING):
        yield Wanted(due.Kind.REFRESH, grant.pk, due.Lane.TOKEN, now)
    for grant_id, at in ahead.missing(now=now):
        yield Wanted(due.Kind.REFRESH_AHEAD, grant_id, due.Lane.BACKGROUND, at)
    for grant in Grant.objects.filter(verified_at=None).exclude(status=GrantStatus.WIPED):
        yield Wanted(due.Kind.WIPE_GRANT, grant.pk, due.Lane.BACKGROUND, grant.granted_at + UNVERIFIED_KEPT)
    yield from _ends(now)
    for operation in Operation.objects.filter(kind__in=_OPERATIONS, finished_at=None):
        yield Wanted(_OPERATIONS[operation.kind], operation.subject_id, due.Lane.INTERACTIVE, now)


def note_grants() -> None:
    """Put the current agency's grants in use back on the list of endings, and those in doubt on that of doubts."""
    doubts.note(list(Grant.objects.filter(status=GrantStatus.UNCERTAIN).values_list("pk", flat=True)))
    for grant in Grant.objects.filter(connections__state=ConnectionState.ACTIVE).iterator():
        endings.note(grant_id=grant.pk, ends_at=grant.ends_at)


def _ends(now: datetime) -> Iterator[Wanted]:
    """Ends to come, and ends of which nobody was told."""
    for grant in Grant.objects.filter(connections__state=ConnectionState.ACTIVE).distinct():
        if (at := expiry.next_at(grant)) is not None:
            yield Wanted(due.Kind.EXPIRING, grant.pk, due.Lane.BACKGROUND, at)
    for connection in Connection.objects.filter(state__in=_ENDED, landlord__archived_at=None):
        if connection.ends_untold:  # whether anybody is to be told of it, hmrc_oauth.letters decides
            yield Wanted(due.Kind.TELL_LANDLORD, connection.pk, due.Lane.BACKGROUND, now)


_ENDED = [ConnectionState.RECONNECT_REQUIRED, ConnectionState.DISCONNECTED]
_OPERATIONS = {"connection.check": due.Kind.CHECK, "connection.refresh": due.Kind.REFRESH}
