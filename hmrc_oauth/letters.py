"""Telling a landlord by mail that the connection has ended: how to connect again, or where HMRC still lists it.

Once for each end, at most: by the mails that wait (landlords.outgoing), which are claimed before they leave.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.transaction import atomic

from hmrc_oauth.models import Connection, ConnectionState, Grant
from hmrc_oauth.telling import tell
from landlords import invitations, outgoing, posting, stops
from landlords.models import Landlord, Mail, MailStatus, MtdHandling
from tenants import clock, due
from tenants.context import current_agency
from tenants.models import Agency, ReconnectMail

# A refresh whose answer was lost may yet be answered: a minute's patience spares the landlord a needless mail.
_PATIENCE = {"lost": timedelta(minutes=1)}
_RETRY = timedelta(minutes=1)
_LONGEST = timedelta(hours=1)
_GIVE_UP = timedelta(days=1)
_TO_GO = (MailStatus.QUEUED, MailStatus.SENDING)
_LEFT = (MailStatus.SENT, MailStatus.UNSURE)


def owe(connection: Connection, *, now: datetime, reason: str = "") -> None:
    """The connection has ended: somebody is to be told, soon."""
    at = now + _PATIENCE.get(reason, timedelta())
    due.put(kind=due.Kind.TELL_LANDLORD, subject_id=connection.pk, lane=due.Lane.BACKGROUND, at=at)


def run(*, connection_id: UUID) -> None:
    """Let the mail go that is owed, or tell the agency that it must. Safe to run twice, late, or never."""
    mail = _mail(connection_id, clock.now())
    if mail is not None:
        posting.run(mail_id=mail.pk)  # here and now: an agency that leaves has nobody else for it
        _look(connection_id, mail, clock.now())


def _mail(connection_id: UUID, now: datetime) -> Mail | None:
    """The mail that says it: made, unless it is there. None if nothing is to be done now."""
    with atomic():
        found = Connection.objects.filter(pk=connection_id).first()
        connection = found and found.hold()
        if connection is None or not _is_owed(connection):
            if connection is not None:
                outgoing.withdraw(connection.landlord_id, about_id=connection_id, now=now)
            due.done(kind=due.Kind.TELL_LANDLORD, subject_id=connection_id)
            return None
        if not due.take(kind=due.Kind.TELL_LANDLORD, subject_id=connection_id, until=now + _wait(connection, now)):
            return None
        mail = outgoing.last_about(connection.landlord_id, about_id=connection_id, since=connection.changed_at)
        if mail is None and (why_not := _hindrance(connection, current_agency(), now)):
            _told(connection, "connection.agency_must_tell", now=now, why=why_not)
            return None
        return mail or _made(connection, now)


def _made(connection: Connection, now: datetime) -> Mail:
    landlord_id = connection.landlord_id
    if connection.state == ConnectionState.DISCONNECTED:
        mail = outgoing.of_end(landlord_id, about_id=connection.pk, now=now)
    else:
        invitation = invitations.invite_to_reconnect(landlord_id=landlord_id, now=now)
        mail = outgoing.of_invitation(invitation, about_id=connection.pk, now=now)
    outgoing.queue([mail], now=now)
    return mail


def _look(connection_id: UUID, mail: Mail, now: datetime) -> None:
    """What became of the mail; one that is still to go is looked at again."""
    with atomic():
        connection = Connection.objects.get(pk=connection_id).hold()
        mail.refresh_from_db(fields=["status", "reason_code"])
        if connection.changed_at > mail.queued_at or mail.status in _TO_GO:
            return
        if mail.status in _LEFT:
            _told(connection, "connection.landlord_told", now=now)
        else:
            _told(connection, "connection.agency_must_tell", now=now, why=mail.reason_code)


def _is_owed(connection: Connection) -> bool:
    """Not if it works again, was told before, or never had an authority of which HMRC would know; and nobody is asked
    to connect again for updates that are not ours to send.
    """
    landlord: Landlord = connection.landlord
    if connection.state == ConnectionState.RECONNECT_REQUIRED and landlord.mtd_handling != MtdHandling.US:
        return False
    had_one = connection.grant is not None or Grant.objects.filter(landlord_id=landlord.pk).exists()
    return connection.ends_untold and landlord.archived_at is None and had_one


def _hindrance(connection: Connection, agency: Agency, now: datetime) -> str:
    """Why the landlord can't be told by us; empty if nothing is in the way."""
    reconnect = connection.state == ConnectionState.RECONNECT_REQUIRED
    hindrances = {
        "agency_setting": reconnect and agency.reconnect_mail == ReconnectMail.AGENCY,
        "no_email": not connection.landlord.email,
        "mail_stopped": bool(stops.why_not(connection.landlord)),
        "no_front_end": reconnect and not agency.front_end_url,
        "mail_failed": connection.changed_at + _GIVE_UP <= now,
    }
    return next((why for why, stands in hindrances.items() if stands), "")


def _wait(connection: Connection, now: datetime) -> timedelta:
    return min(max(_RETRY, (now - connection.changed_at) / 4), _LONGEST)


def _told(connection: Connection, event: str, *, now: datetime, **more: str) -> None:
    with atomic():
        if not connection.tell(now=now):
            return  # something newer happened, and has a place of its own on the list
        due.done(kind=due.Kind.TELL_LANDLORD, subject_id=connection.pk)
        tell([connection], event, now=now, state=connection.state, **more)
