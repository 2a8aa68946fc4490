from datetime import datetime

from django.db import models
from django.db.models import Q

from hmrc_oauth.models.grant import Grant
from landlords.models import Landlord
from people.principal import Principal
from tenants.ids import new_id
from tenants.vault import SealedField, SealedModel


class ClaimStatus(models.TextChoices):
    CHECKING = "checking"  # typed as a correction: HMRC is asked
    WAITING = "waiting"  # HMRC says that it is theirs: staff are asked whether they are the landlord
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    DROPPED = "dropped"  # HMRC said no, nobody decided in time, or another attempt took its place


OPEN = (ClaimStatus.CHECKING, ClaimStatus.WAITING)


class NinoClaim(SealedModel):
    """A NINO that somebody with a landlord's link typed, and that is not the one on file. Nothing is filed by its grant
    until staff confirm it: a forwarded link must not bind somebody else.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="nino_claims")
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="nino_claims")
    nino = SealedField(label="nino_claim.nino", null=True)
    nino_mask = models.CharField(max_length=16)
    was_mask = models.CharField(max_length=16, blank=True)  # the one on file; empty if there was none
    status = models.CharField(max_length=16, choices=ClaimStatus.choices)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_kind = models.CharField(max_length=16, blank=True)
    decided_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["landlord"], condition=Q(status__in=["checking", "waiting"]), name="one_open_claim_a_landlord"
            )
        ]

    # Mutators

    def wait(self) -> bool:
        """HMRC has confirmed it; staff must."""
        rows = NinoClaim.objects.filter(pk=self.pk, status=ClaimStatus.CHECKING)
        return rows.update(status=ClaimStatus.WAITING) == 1

    def decide(self, status: ClaimStatus, *, by: Principal, now: datetime) -> bool:
        """Once. The number is wiped here: confirmed, it is the landlord's by now."""
        who = {"decided_at": now, "decided_by_kind": by.kind, "decided_by_id": by.id}
        rows = NinoClaim.objects.filter(pk=self.pk, status__in=OPEN)
        return rows.update(status=status, nino=None, **who) == 1
