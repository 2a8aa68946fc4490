"""One link, one landlord: inviting, and the short session that a person gets for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote
from uuid import UUID

from events import audit, outbox
from landlords import outgoing, records, stops
from landlords.errors import InvitationSpent, MailStopped, NoEmail, NoFrontEnd
from landlords.models import Invitation, InvitationPurpose, InvitationStatus, Landlord, LandlordSession
from people.principal import SYSTEM, Principal
from tenants import credentials
from tenants.context import current_agency, tenant
from tenants.errors import CredentialUnknown
from tenants.faults import NotFound
from tenants.ids import digest
from tenants.models import Agency, Credential, CredentialKind

INVITATION_LIFE = timedelta(days=60)
SESSION_LIFE = timedelta(hours=2)
# What is asked for, or shown, to be used at once.
_LIVES = {InvitationPurpose.SIGN_IN: timedelta(hours=1), InvitationPurpose.BRANCH: timedelta(minutes=15)}
_PAGES = {InvitationPurpose.APPROVE: "approve"}  # of the agency's front end; connect otherwise
_SENT_AGAIN = (InvitationPurpose.CONNECT, InvitationPurpose.RECONNECT)


class Link(NamedTuple):
    """An address with a token in its fragment, and all that is kept of it. `url` is empty for an agency without a
    front end.
    """

    token: str
    url: str
    digest: bytes


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


def invite(
    *,
    by: Principal,
    landlord_id: UUID,
    by_mail: bool,
    now: datetime,
    printed: bool = False,
) -> Invited:
    """Make an invitation; let it be mailed, or leave that to the caller. One that is printed needs an address to print.

    Raises NotFound, NoFrontEnd, NoEmail, MailStopped.
    """
    landlord = records.get(landlord_id=landlord_id)
    _refuse_unless_deliverable(landlord, by_mail=by_mail, printed=printed)
    invitation = make(landlord, InvitationPurpose.CONNECT, by=by, now=now)
    if by_mail:
        outgoing.queue([outgoing.of_invitation(invitation, now=now)], now=now)
    return _shown(invitation)


def invite_in_branch(*, by: Principal, landlord_id: UUID, now: datetime) -> Invited:
    """The link that staff show as a QR code: the landlord goes on with their own phone, where alone they sign in at
    HMRC. Raises NotFound, NoFrontEnd.
    """
    landlord = records.get(landlord_id=landlord_id)
    if not current_agency().front_end_url:
        raise NoFrontEnd
    invited = _shown(make(landlord, InvitationPurpose.BRANCH, by=by, now=now))
    audit.record(
        by=by,
        action="branch.shown",
        subject_type="landlord",
        subject_id=landlord_id,
        now=now,
        invitation=str(invited.invitation.pk),
    )
    return invited


def invite_to_reconnect(*, landlord_id: UUID, now: datetime) -> Invitation:
    """For a landlord whose authority has ended; to be mailed by whoever asks. Raises NotFound, NoFrontEnd, NoEmail,
    MailStopped.
    """
    landlord = records.get(landlord_id=landlord_id)
    _refuse_unless_mailable(landlord)
    return make(landlord, InvitationPurpose.RECONNECT, by=SYSTEM, now=now)


def invite_to_approve(
    *, by: Principal, landlord_id: UUID, submission_id: UUID, by_mail: bool, now: datetime
) -> Invited:
    """Make the link to one submission that waits for the landlord's approval; let it be mailed, or leave that to the
    caller. Raises NotFound, NoFrontEnd, NoEmail, MailStopped.
    """
    landlord = records.get(landlord_id=landlord_id)
    if by_mail:
        _refuse_unless_mailable(landlord)
    made = _shown(
        make(landlord, InvitationPurpose.APPROVE, by=by, now=now, submission=str(submission_id)),
        submission=str(submission_id),
    )
    if by_mail:
        outgoing.queue([outgoing.of_invitation(made.invitation, now=now, about_id=submission_id)], now=now)
    return made


def resend(*, by: Principal, invitation_id: UUID, by_mail: bool, now: datetime, printed: bool = False) -> Invited:
    """Another link for the same invitation, which lives as long again; earlier ones go on working.

    Raises NotFound, InvitationSpent, NoFrontEnd, NoEmail, MailStopped.
    """
    invitation = get(invitation_id=invitation_id)
    records.get(landlord_id=invitation.landlord_id)
    _refuse_unless_deliverable(invitation.landlord, by_mail=by_mail, printed=printed)
    if invitation.purpose not in _SENT_AGAIN or not invitation.prolong(until=now + INVITATION_LIFE):
        raise InvitationSpent
    invitation = get(invitation_id=invitation_id)
    if by_mail:
        outgoing.queue([outgoing.of_invitation(invitation, now=now)], now=now)
    audit.record(by=by, action="invitation.resent", subject_type="invitation", subject_id=invitation_id, now=now)
    return _shown(invitation)


def make(landlord: Landlord, purpose: InvitationPurpose, *, by: Principal, now: datetime, **subject: str) -> Invitation:
    """An invitation without a link yet."""
    invitation = Invitation.objects.create(
        landlord=landlord,
        purpose=purpose,
        created_at=now,
        expires_at=now + _LIVES.get(purpose, INVITATION_LIFE),
    )
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
    return invitation


def link(invitation: Invitation, **subject: str) -> Link:
    """A new link to it, with a token of its own: only its digest is kept."""
    agency, purpose = current_agency(), InvitationPurpose(invitation.purpose)
    token = credentials.mint(prefix="qdi", subject_id=invitation.pk, agency=agency, expires_at=invitation.expires_at)
    # In the fragment: it reaches no server, no log and no Referer.
    said = "&".join(f"{name}={quote(value)}" for name, value in {"invitation": token, **subject}.items())
    page = f"{agency.front_end_url.rstrip('/')}/{_PAGES.get(purpose, 'connect')}"
    return Link(token, f"{page}#{said}" if agency.front_end_url else "", digest(token))


def use_up(*, landlord_id: UUID) -> None:
    """The landlord has connected again: links that were for that open nothing more. Sessions they began go on."""
    rows = Invitation.objects.filter(landlord_id=landlord_id, purpose=InvitationPurpose.RECONNECT)
    rows.exclude(status=InvitationStatus.REVOKED).update(status=InvitationStatus.USED)


def revoke(*, by: Principal, invitation_id: UUID, now: datetime) -> Invitation:
    """End the invitation: its links and the sessions they began. Raises NotFound."""
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
    agency, invitation = find(invitation_token=invitation_token, now=now)
    with tenant(agency):
        if not invitation.mark_opened(now=now) or invitation.landlord.archived_at is not None:
            raise InvitationSpent
        return begin_session(invitation.landlord, invitation=invitation, now=now)


def find(*, invitation_token: str, now: datetime) -> tuple[Agency, Invitation]:
    """Whose token this is, from any schema. Raises CredentialMalformed, CredentialUnknown."""
    parsed = credentials.parse(invitation_token)
    found = Credential.get_live(parsed.digest, now=now) if parsed.kind is CredentialKind.INVITATION else None
    if found is None or found.agency is None or not found.agency.is_active:
        raise CredentialUnknown
    with tenant(found.agency):
        return found.agency, get(invitation_id=found.subject_id)


def get(*, invitation_id: UUID) -> Invitation:
    """Raises NotFound."""
    found = Invitation.objects.select_related("landlord").filter(pk=invitation_id).first()
    if found is None:
        raise NotFound
    return found


def begin_session(landlord: Landlord, *, invitation: Invitation | None, now: datetime) -> Started:
    """A short session of the landlord; without an invitation, the caller has seen another proof."""
    session = LandlordSession.objects.create(
        landlord=landlord, invitation=invitation, created_at=now, expires_at=now + SESSION_LIFE
    )
    token = credentials.mint(
        prefix="qdl", subject_id=session.pk, agency=current_agency(), expires_at=session.expires_at
    )
    if invitation is not None:
        ids = {"invitation_id": str(invitation.pk)}
        outbox.publish(type="invitation.opened", subject_type="landlord", subject_id=landlord.pk, now=now, **ids)
    return Started(session, token, current_agency().pk)


def _shown(invitation: Invitation, **subject: str) -> Invited:
    made = link(invitation, **subject)
    return Invited(get(invitation_id=invitation.pk), made.token, made.url)


def _refuse_unless_deliverable(landlord: Landlord, *, by_mail: bool, printed: bool) -> None:
    if by_mail:
        _refuse_unless_mailable(landlord)
    if printed and not current_agency().front_end_url:
        raise NoFrontEnd


def _refuse_unless_mailable(landlord: Landlord) -> None:
    if not landlord.email:
        raise NoEmail
    if why := stops.why_not(landlord):
        raise MailStopped(why_stopped(why))
    if not current_agency().front_end_url:
        raise NoFrontEnd


def why_stopped(reason: str) -> str:
    """In a sentence."""
    return {
        "opted_out": "The landlord asked for no more mails.",
        "complaint": "The landlord called a mail of ours spam.",
        "bounced": "The landlord's address takes no mails.",
    }[reason]
