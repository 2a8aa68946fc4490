"""Reminding a landlord who was mailed a link and has not connected: on the agency's days, never too soon after another
mail, and never who has connected, opted out or can't be reached.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from landlords import outgoing, stops
from landlords.models import Invitation, InvitationPurpose, InvitationStatus, Landlord, Mail, MailKind, MailSettings
from tenants import due

# Who of these has done what they would be asked for; since then, if a time is given.
Settled = Callable[[Collection[UUID], datetime | None], set[UUID]]
_OVER = (InvitationStatus.USED, InvitationStatus.REVOKED)


def plan(invitation: Invitation, *, now: datetime) -> None:
    """A mail with its link has gone: the next one is due on the agency's next day, if there is one."""
    settings = MailSettings.current()
    at = _next(invitation, settings, now)
    if at is not None and at < invitation.expires_at:
        due.put(kind=due.Kind.REMIND, subject_id=invitation.pk, lane=due.Lane.BACKGROUND, at=at)


def run(*, invitation_id: UUID, settled: Settled, now: datetime) -> None:
    """Let the reminder go that is due, unless there is no need for it any more. Safe to run twice, late, or never."""
    with transaction.atomic():
        invitation = Invitation.objects.select_related("landlord").filter(pk=invitation_id).first()
        if invitation is None or _is_needless(invitation, settled, now):
            return due.done(kind=due.Kind.REMIND, subject_id=invitation_id)
        cooldown = timedelta(days=MailSettings.current().cooldown_days)
        lately = outgoing.asked_since([invitation.landlord], since=now - cooldown).get(invitation.landlord)
        if not due.take(kind=due.Kind.REMIND, subject_id=invitation_id, until=(lately or now) + cooldown):
            return None
        if lately is None:
            due.done(kind=due.Kind.REMIND, subject_id=invitation_id)
            outgoing.queue([outgoing.of_invitation(invitation, now=now, kind=MailKind.REMINDER)], now=now)
    return None


def wanted(*, now: datetime) -> list[tuple[UUID, datetime]]:
    """Every reminder that is to come, and when: for a list that was lost."""
    live = Invitation.objects.filter(sent_at__isnull=False, expires_at__gt=now).exclude(status__in=_OVER)
    settings = MailSettings.current()
    times = ((each, _next(each, settings, each.sent_at or now)) for each in live.iterator())
    return [(each.pk, at) for each, at in times if at is not None and at < each.expires_at]


def _next(invitation: Invitation, settings: MailSettings, now: datetime) -> datetime | None:
    sent = Mail.objects.filter(invitation=invitation, sent_at__isnull=False)
    first = sent.aggregate(first=Min("sent_at"))["first"] or now
    left = sorted(settings.reminder_days)[sent.filter(kind=MailKind.REMINDER).count() :]
    return max(first + timedelta(days=left[0]), now + timedelta(days=settings.cooldown_days)) if left else None


def _is_needless(invitation: Invitation, settled: Settled, now: datetime) -> bool:
    landlord = invitation.landlord
    since = invitation.created_at if invitation.purpose == InvitationPurpose.RECONNECT else None
    return (
        invitation.status in _OVER
        or invitation.expires_at <= now
        or not Landlord.objects.chased().filter(pk=landlord.pk).exists()
        or not landlord.email
        or bool(stops.why_not(landlord))
        or landlord.pk in settled([landlord.pk], since)
    )
