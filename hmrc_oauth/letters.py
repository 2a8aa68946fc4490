"""Telling a landlord by mail that the connection has ended: how to connect again, or where HMRC still lists it.

Once for each end. Mail can't be sent in a transaction: a process that dies between sending and noting it sends again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db.transaction import atomic

from hmrc_oauth.models import Connection, ConnectionState, Grant
from hmrc_oauth.telling import tell
from landlords import invitations, mails, stops
from landlords.models import Invitation, Landlord, MtdHandling
from people.principal import SYSTEM
from tenants import clock, due
from tenants.context import current_agency
from tenants.models import Agency, ReconnectMail

log = structlog.get_logger()

# A refresh whose answer was lost may yet be answered: a minute's patience spares the landlord a needless mail.
_PATIENCE = {"lost": timedelta(minutes=1)}
_RETRY = timedelta(minutes=1)
_LONGEST = timedelta(hours=1)
_GIVE_UP = timedelta(days=1)


@dataclass(frozen=True)
class _Letter:
    """What is to be said, and to whom. The link's token is in `url` only."""

    connection: Connection
    url: str
    invitation: Invitation | None = None

    def __repr__(self) -> str:
        return "<Letter>"


def owe(connection: Connection, *, now: datetime, reason: str = "") -> None:
    """The connection has ended: somebody is to be told, soon."""
    at = now + _PATIENCE.get(reason, timedelta())
    due.put(kind=due.Kind.TELL_LANDLORD, subject_id=connection.pk, lane=due.Lane.BACKGROUND, at=at)


def run(*, connection_id: UUID) -> None:
    """Send the mail that is owed, or tell the agency that it must. Safe to run twice, late, or never."""
    letter = _write(connection_id, clock.now())
    if letter is None:
        return
    try:
        _send(letter)
    except OSError as why:  # smtplib's are too
        log.warning("letter.unsent", connection=str(connection_id), kind=type(why).__name__)
        if letter.invitation is not None:
            invitations.revoke(by=SYSTEM, invitation_id=letter.invitation.pk, now=clock.now())
    else:
        if letter.invitation is not None:
            letter.invitation.mark_sent(now=clock.now())
        _told(letter.connection, "connection.landlord_told", now=clock.now())


def _write(connection_id: UUID, now: datetime) -> _Letter | None:
    with atomic():
        found = Connection.objects.filter(pk=connection_id).first()
        connection = found and found.hold()
        if connection is None or not _is_owed(connection):
            due.done(kind=due.Kind.TELL_LANDLORD, subject_id=connection_id)
            return None
        if not due.take(kind=due.Kind.TELL_LANDLORD, subject_id=connection_id, until=now + _wait(connection, now)):
            return None
        if why_not := _hindrance(connection, current_agency(), now):
            _told(connection, "connection.agency_must_tell", now=now, why=why_not)
            return None
        if connection.state == ConnectionState.DISCONNECTED:
            return _Letter(connection, settings.HMRC.manage_authority_url)
        invited = invitations.invite_to_reconnect(landlord_id=connection.landlord_id, now=now)
        return _Letter(connection, invited.url, invited.invitation)


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


def _send(letter: _Letter) -> None:
    send = mails.send_disconnected if letter.invitation is None else mails.send_reconnect
    send(landlord=letter.connection.landlord, agency=current_agency(), url=letter.url)


def _told(connection: Connection, event: str, *, now: datetime, **more: str) -> None:
    with atomic():
        if not connection.tell(now=now):
            return  # something newer happened, and has a place of its own on the list
        due.done(kind=due.Kind.TELL_LANDLORD, subject_id=connection.pk)
        tell([connection], event, now=now, state=connection.state, **more)
