"""Mails that are to go. Nobody's request waits for a mail server: landlords.posting sends them, in workers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from landlords.models import Invitation, InvitationPurpose, Landlord, Mail, MailKind, MailStatus
from tenants import due

# Mails that ask a landlord to connect: of these they are not to get too many.
ASKING = (MailKind.INVITATION, MailKind.REMINDER, MailKind.RECONNECT)
_LEFT_OR_LEAVES = (MailStatus.QUEUED, MailStatus.SENDING, MailStatus.SENT, MailStatus.UNSURE)
_KINDS = {
    InvitationPurpose.CONNECT: MailKind.INVITATION,
    InvitationPurpose.RECONNECT: MailKind.RECONNECT,
    InvitationPurpose.SIGN_IN: MailKind.SIGN_IN,
    InvitationPurpose.APPROVE: MailKind.APPROVAL,
}


def of_invitation(
    invitation: Invitation, *, now: datetime, kind: MailKind | None = None, about_id: UUID | None = None
) -> Mail:
    """The mail that brings this invitation's link, not kept yet."""
    wanted = kind or _KINDS[InvitationPurpose(invitation.purpose)]
    return Mail(
        landlord_id=invitation.landlord_id, invitation=invitation, kind=wanted, about_id=about_id, queued_at=now
    )


def of_end(landlord_id: UUID, *, about_id: UUID, now: datetime) -> Mail:
    """The mail that says that a connection has ended, and where HMRC lists it; not kept yet."""
    return Mail(landlord_id=landlord_id, kind=MailKind.DISCONNECTED, about_id=about_id, queued_at=now)


def withdraw(landlord_id: UUID, *, about_id: UUID, now: datetime) -> None:
    """What is still to go about this is not needed any more."""
    for mail in Mail.objects.filter(landlord_id=landlord_id, about_id=about_id, status=MailStatus.QUEUED):
        if mail.stop("not_needed"):
            due.done(kind=due.Kind.MAIL, subject_id=mail.pk)


def last_about(landlord_id: UUID, *, about_id: UUID, since: datetime) -> Mail | None:
    """The newest mail about this since then, whatever became of it."""
    mails = Mail.objects.filter(landlord_id=landlord_id, about_id=about_id, queued_at__gte=since)
    return mails.order_by("-queued_at").first()


def queue(waiting: Sequence[Mail], *, now: datetime) -> None:
    """Keep these, and let them go."""
    Mail.objects.bulk_create(waiting)
    if len(waiting) == 1:
        due.put(kind=due.Kind.MAIL, subject_id=waiting[0].pk, lane=due.Lane.BULK, at=now)
    else:
        due.add_all(kind=due.Kind.MAIL, lane=due.Lane.BULK, at={each.pk: now for each in waiting})


def asked_since(landlords: Sequence[Landlord], *, since: datetime) -> dict[Landlord, datetime]:
    """Who of these was asked by mail since then, and when last."""
    rows = Mail.objects.filter(
        landlord__in=landlords, kind__in=ASKING, status__in=_LEFT_OR_LEAVES, queued_at__gt=since
    ).order_by("queued_at")
    known = {landlord.pk: landlord for landlord in landlords}
    return {known[landlord_id]: at for landlord_id, at in rows.values_list("landlord_id", "queued_at")}
