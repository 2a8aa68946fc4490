from django.db import models

from landlords.models import Landlord
from tenants.ids import new_id


class Reading(models.Model):
    """When HMRC was last asked about a landlord, and about what."""

    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="readings")
    what = models.CharField(max_length=16)
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["landlord", "what"], name="one_reading_a_subject")]


class Business(models.Model):
    """A business as HMRC lists it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="businesses")
    business_id = models.CharField(max_length=15)
    type_of_business = models.CharField(max_length=32)
    trading_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["landlord", "business_id"], name="one_row_a_business")]


class Obligation(models.Model):
    """A quarter to be reported, with HMRC's own due date. HMRC's `fulfilled` may lag by an hour: it is not a
    receipt.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="obligations")
    business_id = models.CharField(max_length=15)
    type_of_business = models.CharField(max_length=32)
    period_start = models.DateField()
    period_end = models.DateField()
    due_date = models.DateField()
    status = models.CharField(max_length=16)
    received_date = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["landlord", "due_date"], name="obligation_by_due"),
            models.Index(fields=["due_date", "id"], condition=models.Q(status="open"), name="open_obligation_by_due"),
        ]
