from datetime import datetime

from django.db import models
from django.db.models import Q

from landlords.models import Landlord
from people.principal import Principal
from tenants.ids import new_id


class MandateKind(models.TextChoices):
    STANDING = "standing"  # the agency files every quarter
    PER_QUARTER = "per_quarter"  # the landlord approves each update, to the digest


class Channel(models.TextChoices):
    """How somebody's word came to the agency, or to us."""

    LINK = "link"
    PORTAL = "portal"
    PAPER = "paper"
    EMAIL = "email"
    PHONE = "phone"
    IN_PERSON = "in_person"
    API = "api"


class MandateEnd(models.TextChoices):
    REVOKED = "revoked"
    REPLACED = "replaced"  # a newer one took its place


class Mandate(models.Model):
    """A landlord's leave for the agency to file. Never changed, only ended; at most one stands."""

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="mandates", db_index=False)
    kind = models.CharField(max_length=16, choices=MandateKind.choices)
    text_version = models.CharField(max_length=50)
    channel = models.CharField(max_length=16, choices=Channel.choices)
    evidence = models.CharField(max_length=500, blank=True)
    given_at = models.DateTimeField()
    recorded_by_kind = models.CharField(max_length=16)
    recorded_by_id = models.UUIDField()
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=16, choices=MandateEnd.choices, blank=True)
    ended_by_kind = models.CharField(max_length=16, blank=True)
    ended_by_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["landlord", "-recorded_at"], name="mandate_by_landlord")]
        constraints = [
            models.UniqueConstraint(fields=["landlord"], condition=Q(ended_at=None), name="one_mandate_a_landlord")
        ]

    # Mutators

    def end(self, *, how: MandateEnd, by: Principal, now: datetime) -> bool:
        """False if it has ended before."""
        ended = {"ended_at": now, "ended_how": how, "ended_by_kind": by.kind, "ended_by_id": by.id}
        return Mandate.objects.filter(pk=self.pk, ended_at=None).update(**ended) == 1

    # Queries

    def shown(self) -> dict[str, str]:
        """What is kept with each submission that went by it."""
        return {
            "id": str(self.pk),
            "kind": self.kind,
            "text_version": self.text_version,
            "channel": self.channel,
            "given_at": self.given_at.isoformat(),
        }
