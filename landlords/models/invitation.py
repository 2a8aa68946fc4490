from datetime import datetime

from django.db import models

from landlords.models.landlord import Landlord
from tenants.ids import new_id


class InvitationStatus(models.TextChoices):
    CREATED = "created"
    SENT = "sent"
    OPENED = "opened"
    USED = "used"  # it was for one reconnect, and that has happened
    REVOKED = "revoked"


class InvitationPurpose(models.TextChoices):
    CONNECT = "connect"
    APPROVE = "approve"  # a quarter's figures wait for the landlord's word
    RECONNECT = "reconnect"  # the authority has ended: good for one more connection, then used
    SIGN_IN = "sign_in"  # the landlord asked for a fresh link: good for one session, then used
    BRANCH = "branch"  # shown at the agency's desk: good for one session, then used


# Good for one session: whoever photographs it later comes too late.
ONCE = (InvitationPurpose.SIGN_IN, InvitationPurpose.BRANCH)


class Invitation(models.Model):
    """A link that lets one landlord begin. Only the digest of its token exists, in the public credential index."""

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="invitations", db_index=False)
    purpose = models.CharField(max_length=16, choices=InvitationPurpose.choices, default=InvitationPurpose.CONNECT)
    status = models.CharField(max_length=16, choices=InvitationStatus.choices, default=InvitationStatus.CREATED)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="invitation_by_time"),
            # What a funnel asks.
            models.Index(fields=["landlord", "purpose", "created_at"], name="invitation_by_landlord"),
            models.Index(
                fields=["landlord", "opened_at"],
                condition=models.Q(opened_at__isnull=False),
                name="invitation_opened",
            ),
        ]

    # Mutators

    def mark_sent(self, *, now: datetime) -> None:
        """The mail is on its way. Who was quick has opened it by now."""
        Invitation.objects.filter(pk=self.pk).update(sent_at=now)
        Invitation.objects.filter(pk=self.pk, status=InvitationStatus.CREATED).update(status=InvitationStatus.SENT)

    def mark_opened(self, *, now: datetime) -> bool:
        """A person pressed Start. False if the invitation is used, revoked or over."""
        usable = Invitation.objects.filter(pk=self.pk, expires_at__gt=now).exclude(status__in=_OVER)
        opened = InvitationStatus.USED if self.purpose in ONCE else InvitationStatus.OPENED
        return usable.update(status=opened, opened_at=now) == 1

    def prolong(self, *, until: datetime) -> bool:
        """It is sent once more. False if it was used or revoked."""
        return Invitation.objects.filter(pk=self.pk).exclude(status__in=_OVER).update(expires_at=until) == 1

    def revoke(self, *, now: datetime) -> bool:
        """False if it was revoked before."""
        rows = Invitation.objects.filter(pk=self.pk).exclude(status=InvitationStatus.REVOKED)
        return rows.update(status=InvitationStatus.REVOKED, revoked_at=now) == 1


_OVER = [InvitationStatus.USED, InvitationStatus.REVOKED]


class LandlordSession(models.Model):
    """A short session of one landlord, for their own connection only. Without an invitation, it came by a code."""

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="sessions")
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.PROTECT, related_name="sessions")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
