from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import models

from landlords.models.invitation import Invitation, InvitationPurpose
from landlords.models.landlord import Landlord
from people.principal import Principal, PrincipalKind
from tenants.ids import new_id


class CampaignKind(models.TextChoices):
    CONNECT = "connect"
    RECONNECT = "reconnect"


class Deliver(models.TextChoices):
    MAIL = "mail"
    LINK = "link"  # the agency takes the links and sends them itself


class Campaign(models.Model):
    """Some landlords who are to connect, or to connect again, and are followed until they have."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=CampaignKind.choices)
    created_at = models.DateTimeField()
    landlords = models.ManyToManyField(Landlord, through="CampaignMember", related_name="campaigns")

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="campaign_by_time")]


class CampaignMember(models.Model):
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="members", db_index=False)
    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "landlord"], name="one_membership_a_landlord")]


class InvitationBatch(models.Model):
    """Many invitations asked for at once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.CASCADE, related_name="batches")
    purpose = models.CharField(max_length=16, choices=InvitationPurpose.choices)
    deliver = models.CharField(max_length=8, choices=Deliver.choices)
    size = models.PositiveIntegerField()
    created_by_kind = models.CharField(max_length=16)
    created_by_id = models.UUIDField()
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="invitations_by_time")]

    # Mutators

    @classmethod
    def hold(cls, batch_id: UUID) -> Self | None:
        """The row as it stands, locked until the transaction ends."""
        return cls.objects.select_for_update(no_key=True).filter(pk=batch_id).first()

    def cancel(self, *, now: datetime) -> bool:
        return InvitationBatch.objects.filter(pk=self.pk, cancelled_at=None).update(cancelled_at=now) == 1

    # Properties

    @property
    def by(self) -> Principal:
        """Who asked. Their scopes were looked at then."""
        return Principal(PrincipalKind(self.created_by_kind), self.created_by_id, frozenset())


class InvitationRowStatus(models.TextChoices):
    WAITING = "waiting"  # nobody looked at it yet
    MADE = "made"  # it has an invitation; a mail of it says itself what became of it
    REFUSED = "refused"
    CANCELLED = "cancelled"


class InvitationRow(models.Model):
    """One landlord of a batch, named by id or by reference, and what came of it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    batch = models.ForeignKey(InvitationBatch, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()  # from 1
    named_id = models.UUIDField(null=True)
    named_reference = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=16, choices=InvitationRowStatus.choices, default=InvitationRowStatus.WAITING)
    code = models.CharField(max_length=48, blank=True)  # why it was refused
    landlord = models.ForeignKey(Landlord, null=True, on_delete=models.CASCADE, related_name="+")
    invitation = models.OneToOneField(Invitation, null=True, on_delete=models.CASCADE, related_name="batch_row")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_row_a_number")]
        indexes = [
            models.Index(
                fields=["batch", "number"], condition=models.Q(status="waiting"), name="invitation_row_waiting"
            )
        ]

    @classmethod
    def of(cls, batch: InvitationBatch, number: int, named: UUID | str) -> Self:
        """A row nobody looked at yet."""
        how: dict[str, Any] = {"named_id": named} if isinstance(named, UUID) else {"named_reference": named}
        return cls(batch=batch, number=number, **how)
