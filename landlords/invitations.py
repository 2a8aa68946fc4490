"""One link, one landlord: inviting, and the short session that a person gets for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import UUID

from django.db import transaction

from events import audit, outbox
from landlords import records
from landlords.errors import InvitationSpent, NoEmail, NoFrontEnd
from landlords.mails import send_approval, send_invitation
from landlords.models import Invitation, InvitationPurpose, InvitationStatus, Landlord, LandlordSession
from people.principal import SYSTEM, Principal
from tenants import credentials
from tenants.context import current_agency, tenant
from tenants.errors import CredentialUnknown
from tenants.faults import NotFound
from tenants.models import Credential, CredentialKind

INVITATION_LIFE = timedelta(days=60)
SESSION_LIFE = timedelta(hours=2)
_PAGES = {InvitationPurpose.APPROVE: "approve"}  # of the agency's front end; connect otherwise


@dataclass(frozen=True)
class Invited:
    """An invitation with its token: seen once, by whoever made it."""

    invitation: Invitation
    token: str
    url: str


@dataclass(frozen=True)
class Started:
    """A landlord's session with its bearer token: seen once."""

    session: LandlordSession
    token: str
    agency_id: UUID


def invite(*, by: Principal, landlord_id: UUID, by_mail: bool, now: datetime) -> Invited:
    """Make an invitation; mail it, or leave that to the caller. Raises NotFound, NoFrontEnd, NoEmail."""
    landlord = records.get(landlord_id=landlord_id)
    if by_mail:
        _refuse_unless_mailable(landlord)
    made = _make(landlord, InvitationPurpose.CONNECT, by=by, now=now)
    if by_mail:
        made.invitation.mark_sent(now=now)
        agency = current_agency()
        transaction.on_commit(lambda: send_invitation(landlord=landlord, agency=agency, url=made.url))
    return Invited(get(invitation_id=made.invitation.pk), made.token, made.url)


def invite_to_reconnect(*, landlord_id: UUID, now: datetime) -> Invited:
    """Make the link for a landlord whose authority has ended; whoever mails it says so. Raises NotFound, NoFrontEnd,
    NoEmail.
    """
    landlord = records.get(landlord_id=landlord_id)
    _refuse_unless_mailable(landlord)
    return _make(landlord, InvitationPurpose.RECONNECT, by=SYSTEM, now=now)


def invite_to_approve(
    *, by: Principal, landlord_id: UUID, submission_id: UUID, by_mail: bool, now: datetime
) -> Invited:
    """Make the link to one submission that waits for the landlord's approval; mail it, or leave that to the caller.
    Raises NotFound, NoFrontEnd, NoEmail.
    """
    landlord = records.get(landlord_id=landlord_id)
    if by_mail:
        _refuse_unless_mailable(landlord)
    made = _make(landlord, InvitationPurpose.APPROVE, by=by, now=now, submission=str(submission_id))
    if by_mail:
        made.invitation.mark_sent(now=now)
        agency = current_agency()
        transaction.on_commit(lambda: send_approval(landlord=landlord, agency=agency, url=made.url))
    return Invited(get(invitation_id=made.invitation.pk), made.token, made.url)


def use_up(*, landlord_id: UUID) -> None:
    """The landlord has connected again: links that were for that open nothing more. Sessions they began go on."""
    rows = Invitation.objects.filter(landlord_id=landlord_id, purpose=InvitationPurpose.RECONNECT)
    rows.exclude(status=InvitationStatus.REVOKED).update(status=InvitationStatus.USED)


def revoke(*, by: Principal, invitation_id: UUID, now: datetime) -> Invitation:
    """End the invitation: its link and the sessions it began. Raises NotFound."""
    invitation = get(invitation_id=invitation_id)
    if invitation.revoke(now=now):
        agency_id = current_agency().pk
        for subject_id in [invitation.pk, *invitation.sessions.values_list("pk", flat=True)]:
            Credential.forget(agency_id=agency_id, subject_id=subject_id)
        audit.record(by=by, action="invitation.revoked", subject_type="invitation", subject_id=invitation_id, now=now)
    return get(invitation_id=invitation_id)


def start_session(*, invitation_token: str, now: datetime) -> Started:
    """A landlord pressed Start. Works on any host: the token leads to its agency.

    Raises CredentialMalformed, CredentialUnknown, InvitationSpent.
    """
    parsed = credentials.parse(invitation_token)
    found = Credential.get_live(parsed.digest, now=now) if parsed.kind is CredentialKind.INVITATION else None
    if found is None or found.agency is None or not found.agency.is_active:
        raise CredentialUnknown
    with tenant(found.agency):
        invitation = get(invitation_id=found.subject_id)
        if not invitation.mark_opened(now=now) or invitation.landlord.archived_at is not None:
            raise InvitationSpent
        return _begin(invitation.landlord, invitation, now)


def get(*, invitation_id: UUID) -> Invitation:
    """Raises NotFound."""
    found = Invitation.objects.select_related("landlord").filter(pk=invitation_id).first()
    if found is None:
        raise NotFound
    return found


def _refuse_unless_mailable(landlord: Landlord) -> None:
    if not landlord.email:
        raise NoEmail
    if not current_agency().front_end_url:
        raise NoFrontEnd


def _make(landlord: Landlord, purpose: InvitationPurpose, *, by: Principal, now: datetime, **subject: str) -> Invited:
    agency = current_agency()
    invitation = Invitation.objects.create(
        landlord=landlord, purpose=purpose, created_at=now, expires_at=now + INVITATION_LIFE
    )
    token = credentials.mint(prefix="qdi", subject_id=invitation.pk, agency=agency, expires_at=invitation.expires_at)
    # In the fragment: it reaches no server, no log and no Referer.
    said = "&".join(f"{name}={quote(value)}" for name, value in {"invitation": token, **subject}.items())
    page = f"{agency.front_end_url.rstrip('/')}/{_PAGES.get(purpose, 'connect')}"
    url = f"{page}#{said}" if agency.front_end_url else ""
    audit.record(
        by=by,
        action="invitation.created",
        subject_type="landlord",
        subject_id=landlord.pk,
        now=now,
        invitation=str(invitation.pk),
        purpose=purpose,
        **subject,
    )
    return Invited(invitation, token, url)


def _begin(landlord: Landlord, invitation: Invitation, now: datetime) -> Started:
    session = LandlordSession.objects.create(
        landlord=landlord, invitation=invitation, created_at=now, expires_at=now + SESSION_LIFE
    )
    token = credentials.mint(
        prefix="qdl", subject_id=session.pk, agency=current_agency(), expires_at=session.expires_at
    )
    outbox.publish(
        type="invitation.opened",
        subject_type="landlord",
        subject_id=landlord.pk,
        now=now,
        invitation_id=str(invitation.pk),
    )
    return Started(session, token, current_agency().pk)
