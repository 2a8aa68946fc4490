"""Sending the mails that wait, each once at most. Runs in workers.

1. Claim the mail, committed before anything leaves; what its link needs is made in the same transaction.
2. Reach the mail server. Who can't be reached has not got it: it is tried again.
3. Hand it over. A clear no is tried again or given up; an answer that is lost is never tried again by itself, since
   nobody knows whether the mail left. A worker that dies between 1 and the end leaves the same doubt, and it is said.
"""

import smtplib
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.conf import settings
from django.core import mail as django_mail
from django.core.mail import EmailMessage
from django.db import transaction

from events import outbox
from landlords import codes, invitations, mails, reminders, stops
from landlords.models import InvitationStatus, Mail, MailKind, MailStatus, StopReason
from landlords.models.mailing import LEASE
from landlords.outgoing import ASKING
from landlords.stops import HARD
from people.principal import SYSTEM
from tenants import clock, due
from tenants.context import current_agency
from tenants.failpoints import failpoint
from tenants.models import Credential

log = structlog.get_logger()

POINTS = ("mail.in_claim", "mail.after_claim", "mail.after_sending", "mail.in_settling")
_GIVE_UP = timedelta(days=1)
_RETRY = timedelta(minutes=1)
_LONGEST = timedelta(hours=1)
_PERMANENT = 500  # SMTP's codes from here on say: never


class _Ready(NamedTuple):
    """A claimed mail, and what goes out. `digest` is that of the link's credential, which a mail that did not leave
    takes with it.
    """

    mail: Mail
    message: EmailMessage
    digest: bytes | None


def run(*, mail_id: UUID) -> None:
    """Send this one. Safe to run twice, late, or never."""
    ready = _claim(mail_id, clock.now())
    if ready is None:
        return
    failpoint("mail.after_claim")
    status, reason = _send(ready.message)
    failpoint("mail.after_sending")
    with transaction.atomic():
        _settle(ready, status, reason, clock.now())
        failpoint("mail.in_settling")


def _claim(mail_id: UUID, now: datetime) -> _Ready | None:
    with transaction.atomic():
        mail = Mail.objects.select_related("landlord", "invitation", "code").filter(pk=mail_id).first()
        if mail is None or mail.status not in {MailStatus.QUEUED, MailStatus.SENDING}:
            due.done(kind=due.Kind.MAIL, subject_id=mail_id)
            return None
        if mail.status == MailStatus.SENDING:
            _look_after(mail, now)
            return None
        if hindrance := _hindrance(mail, now):
            mail.stop(hindrance)
            _tell(mail, MailStatus.STOPPED, hindrance, now)
            return None
        if not mail.claim():
            return None
        due.put_off(kind=due.Kind.MAIL, subject_id=mail_id, until=now + LEASE + _RETRY)
        ready = _write(mail, now)
        failpoint("mail.in_claim")
    return ready


def _look_after(mail: Mail, now: datetime) -> None:
    """Somebody has it; or had, and is gone."""
    if mail.doubt_if_abandoned():
        _tell(mail, MailStatus.UNSURE, "sender_lost", now)
    else:
        due.put_off(kind=due.Kind.MAIL, subject_id=mail.pk, until=now + _RETRY)


def _hindrance(mail: Mail, now: datetime) -> str:
    """Why it is not sent after all; empty if nothing is in the way."""
    landlord, invitation = mail.landlord, mail.invitation
    over = (InvitationStatus.REVOKED, InvitationStatus.USED)
    hindrances = {
        "archived": landlord.archived_at is not None,
        "no_email": not landlord.email,
        "no_front_end": mail.invitation is not None and not current_agency().front_end_url,
        "revoked": invitation is not None and (invitation.status in over or invitation.expires_at <= now),
        "expired": mail.code is not None and mail.code.expires_at <= now,
        "mail_failed": mail.queued_at + _GIVE_UP <= now,
    }
    return next((why for why, stands in hindrances.items() if stands), "") or stops.why_not(landlord)


def _write(mail: Mail, now: datetime) -> _Ready:
    same: dict[str, Any] = {"landlord": mail.landlord, "agency": current_agency(), "mail_id": mail.pk}
    if mail.code is not None:
        return _Ready(mail, mails.message(mail.kind, code=codes.draw(mail.code, now=now), **same), None)
    if mail.invitation is None:
        return _Ready(mail, mails.message(mail.kind, url=settings.HMRC.manage_authority_url, **same), None)
    about = {"submission": str(mail.about_id)} if mail.kind == MailKind.APPROVAL else {}
    link = invitations.link(mail.invitation, **about)
    return _Ready(mail, mails.message(mail.kind, url=link.url, **same), link.digest)


def _send(message: EmailMessage) -> tuple[MailStatus | None, str]:
    """What became of it; None if it certainly did not leave and may yet."""
    server = django_mail.get_connection()
    try:
        server.open()
    except OSError as why:  # smtplib's are too
        return None, type(why).__name__
    try:
        server.send_messages([message])
    except smtplib.SMTPRecipientsRefused as why:
        code = max(code for code, _ in why.recipients.values())
        return (MailStatus.BOUNCED, HARD) if code >= _PERMANENT else (None, f"smtp_{code}")
    except smtplib.SMTPResponseException as why:
        return (MailStatus.FAILED if why.smtp_code >= _PERMANENT else None), f"smtp_{why.smtp_code}"
    except OSError as why:
        return MailStatus.UNSURE, type(why).__name__[:32]
    finally:
        _close(server)
    return MailStatus.SENT, ""


def _close(server: Any) -> None:
    try:
        server.close()
    except OSError:
        log.info("mail.server_left")


def _settle(ready: _Ready, status: MailStatus | None, reason: str, now: datetime) -> None:
    mail = ready.mail
    if status is None:
        _again(ready, reason, now)
    else:
        mail.settle(status, reason=reason, sent_at=now if status == MailStatus.SENT else None)
        _tell(mail, status, reason, now)
        if status == MailStatus.SENT and mail.invitation is not None and mail.kind != MailKind.SIGN_IN:
            mail.invitation.mark_sent(now=now)
            if mail.kind in ASKING:
                reminders.plan(mail.invitation, now=now)


def _again(ready: _Ready, reason: str, now: datetime) -> None:
    mail = ready.mail
    mail.release()
    Credential.objects.filter(digest=ready.digest).delete()
    wait = min(max(_RETRY, (now - mail.queued_at) / 4), _LONGEST)
    due.put(kind=due.Kind.MAIL, subject_id=mail.pk, lane=due.Lane.BULK, at=now + wait)
    log.warning("mail.put_off", mail=str(mail.pk), why=reason)


def _tell(mail: Mail, status: MailStatus, reason: str, now: datetime) -> None:
    due.done(kind=due.Kind.MAIL, subject_id=mail.pk)
    if status == MailStatus.BOUNCED:
        stops.put(by=SYSTEM, landlord_id=mail.landlord_id, reason=StopReason.BOUNCED, now=now)
    ids = {"landlord_id": str(mail.landlord_id), "kind": mail.kind, "reason_code": reason}
    outbox.publish(type=f"mail.{status}", subject_type="mail", subject_id=mail.pk, now=now, **ids)
    log.info("mail.settled", mail=str(mail.pk), status=status)
