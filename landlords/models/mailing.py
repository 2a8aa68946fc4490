from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from landlords.models.invitation import Invitation
from landlords.models.landlord import Landlord
from landlords.models.sign_in import SignInCode
from tenants.context import current_agency
from tenants.ids import new_id
from tenants.models import Agency

# Longer than a mail server may take for one mail.
LEASE = timedelta(minutes=10)


class MailKind(models.TextChoices):
    """What a mail is about. The agency may word each of them itself."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    RECONNECT = "reconnect"
    APPROVAL = "approval"
    DISCONNECTED = "disconnected"
    SIGN_IN = "sign_in"
    CODE = "code"


class MailStatus(models.TextChoices):
    QUEUED = "queued"
    SENDING = "sending"  # claimed: it may be on the wire
    SENT = "sent"  # the mail server took it
    UNSURE = "unsure"  # its sender died, or the answer was lost: it is not sent again by itself
    FAILED = "failed"
    STOPPED = "stopped"  # not sent: opted out, bounced, revoked, connected meanwhile
    BOUNCED = "bounced"  # sent, and reported as undeliverable


_CLAIMED = (MailStatus.SENDING, MailStatus.UNSURE)


class Mail(models.Model):
    """One mail to one landlord. It is claimed before it leaves, so that it leaves once at most. Holds no token: the
    link in it is made by whoever sends it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="mails", db_index=False)
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.CASCADE, related_name="mails")
    code = models.ForeignKey(SignInCode, null=True, on_delete=models.CASCADE, related_name="mails")
    about_id = models.UUIDField(null=True)  # the submission to approve, or the connection that has ended
    kind = models.CharField(max_length=16, choices=MailKind.choices)
    status = models.CharField(max_length=16, choices=MailStatus.choices, default=MailStatus.QUEUED)
    reason_code = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_ends_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["landlord", "-queued_at"], name="mail_by_landlord"),
            models.Index(fields=["status"], condition=Q(status__in=["queued", "sending"]), name="mail_to_go"),
        ]

    # Mutators

    def claim(self) -> bool:
        """Take the right to send it: once, unless it is released."""
        lease = {"attempts": F("attempts") + 1, "lease_ends_at": Now() + LEASE}
        return self._move([MailStatus.QUEUED], MailStatus.SENDING, **lease)

    def doubt_if_abandoned(self) -> bool:
        """Whoever claimed it is gone, and nobody knows how far they came."""
        gone = Mail.objects.filter(pk=self.pk, status=MailStatus.SENDING, lease_ends_at__lt=Now())
        return gone.update(status=MailStatus.UNSURE, reason_code="sender_lost", lease_ends_at=None) == 1

    def release(self) -> bool:
        """It certainly did not leave: another try may. However late that is known."""
        return self._move(_CLAIMED, MailStatus.QUEUED, reason_code="", lease_ends_at=None)

    def settle(self, status: MailStatus, *, reason: str = "", sent_at: datetime | None = None) -> bool:
        """What became of the claimed one, however late that is known."""
        return self._move(_CLAIMED, status, reason_code=reason, sent_at=sent_at, lease_ends_at=None)

    def stop(self, reason: str) -> bool:
        """It is not wanted any more, or not allowed."""
        return self._move([MailStatus.QUEUED], MailStatus.STOPPED, reason_code=reason)

    def bounce(self, reason: str) -> bool:
        """Somebody reports that it did not arrive."""
        left = [MailStatus.SENT, MailStatus.UNSURE]
        rows = Mail.objects.filter(pk=self.pk, status__in=left)
        return rows.update(status=MailStatus.BOUNCED, reason_code=reason) == 1

    def _move(self, sources: Sequence[MailStatus], to: MailStatus, **changes: Any) -> bool:
        return Mail.objects.filter(pk=self.pk, status__in=sources).update(status=to, **changes) == 1


class StopReason(models.TextChoices):
    OPTED_OUT = "opted_out"  # they asked for no mails
    COMPLAINT = "complaint"  # they called one spam
    BOUNCED = "bounced"  # the address takes none; holds for this address only


class MailStop(models.Model):
    """Why a landlord is not mailed by us. The agency may still hand over links itself."""

    landlord = models.OneToOneField(Landlord, primary_key=True, on_delete=models.CASCADE, related_name="mail_stop")
    reason = models.CharField(max_length=16, choices=StopReason.choices)
    address = models.EmailField(blank=True)  # at the time
    at = models.DateTimeField()


class MailSettings(models.Model):
    """How the agency's mails look, and how often landlords are reminded. One row; without it, the defaults hold."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    reminder_days = models.JSONField(default=list)
    cooldown_days = models.PositiveSmallIntegerField(default=6)
    templates = models.JSONField(default=dict)  # a kind of mail → {"subject", "body"}

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_row_of_mail_settings")]

    @classmethod
    def current(cls) -> Self:
        """Those of the agency, saved or not."""
        return cls.objects.first() or cls(reminder_days=list(REMINDER_DAYS))

    @property
    def reply_to(self) -> str:
        """The agency's own setting: there is one."""
        return str(Agency.objects.values_list("mail_reply_to", flat=True).get(pk=current_agency().pk))


REMINDER_DAYS = (7, 21)  # after the first mail
