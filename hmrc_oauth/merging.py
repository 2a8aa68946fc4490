"""Two records of one person become one: the connection that lives is the one that stays."""

from datetime import datetime
from uuid import UUID

from hmrc_oauth import claims, connections
from hmrc_oauth.errors import BothConnected, ConnectUnderWay
from hmrc_oauth.models import Connection, ConnectSession, Grant, GrantStatus, NinoClaim, SessionStatus
from tenants import due


def refuse(*, landlord_id: UUID, duplicate_id: UUID) -> None:
    """Raises BothConnected where both have an authority of HMRC's; ConnectUnderWay."""
    if all(has_grant(landlord_id=each) for each in (landlord_id, duplicate_id)):
        raise BothConnected
    for each in (landlord_id, duplicate_id):
        refuse_under_way(landlord_id=each)


def refuse_under_way(*, landlord_id: UUID) -> None:
    """Raises ConnectUnderWay while a code or a token of the landlord's is with HMRC."""
    exchanged = ConnectSession.objects.filter(connection__landlord_id=landlord_id, status=SessionStatus.EXCHANGING)
    refreshed = Grant.objects.filter(landlord_id=landlord_id, status=GrantStatus.REFRESHING)
    if exchanged.exists() or refreshed.exists():
        raise ConnectUnderWay


def move(*, landlord_id: UUID, duplicate_id: UUID, now: datetime) -> None:
    """Grants, attempts, and the connection: the duplicate's, if only that one has an authority. A number that waits for
    staff goes with its grant.
    """
    moving = Connection.objects.filter(landlord_id=duplicate_id).first()
    staying = Connection.objects.filter(landlord_id=landlord_id).first()
    if moving is not None:
        if staying is not None:
            kept, ended = (moving, staying) if has_grant(landlord_id=duplicate_id) else (staying, moving)
            ConnectSession.objects.filter(connection=ended).update(connection=kept)
            due.done(kind=due.Kind.TELL_LANDLORD, subject_id=ended.pk)
            ended.delete()
        Connection.objects.filter(landlord_id=duplicate_id).update(landlord_id=landlord_id)
    if has_grant(landlord_id=duplicate_id):
        claims.drop(landlord_id=landlord_id, now=now)
    else:
        claims.drop(landlord_id=duplicate_id, now=now)
    NinoClaim.objects.filter(landlord_id=duplicate_id).update(landlord_id=landlord_id)
    Grant.objects.filter(landlord_id=duplicate_id).update(landlord_id=landlord_id)
    if connections.get(landlord_id=landlord_id, now=now).can_file:
        due.put(kind=due.Kind.AFTER_CONNECT, subject_id=landlord_id, lane=due.Lane.BULK)


def has_grant(*, landlord_id: UUID) -> bool:
    """Whether there is a token of the landlord's, whatever HMRC says to it."""
    return Grant.objects.filter(landlord_id=landlord_id).exclude(status=GrantStatus.WIPED).exists()
