from django.db import models

from landlords.models import Landlord
from tenants.ids import new_id
from tenants.vault import SealedField, SealedModel


class Reading(models.Model):
    """When HMRC was last asked about a landlord, and about what."""

    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="readings", db_index=False)
    what = models.CharField(max_length=40)  # the subject, and what it is of: `status:2026-27`
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["landlord", "what"], name="one_reading_a_subject")]


class Business(models.Model):
    """A business as HMRC lists it, and what HMRC's details of it say, once they have been read."""

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="businesses", db_index=False)
    business_id = models.CharField(max_length=15)
    type_of_business = models.CharField(max_length=32)
    trading_name = models.CharField(max_length=200, blank=True)
    commencement_date = models.DateField(null=True)
    cessation_date = models.DateField(null=True)
    quarterly_type = models.CharField(max_length=8, blank=True)  # empty: HMRC has not said
    quarterly_type_since = models.CharField(max_length=7, blank=True)  # the tax year of the choice

    class Meta:
        constraints = [models.UniqueConstraint(fields=["landlord", "business_id"], name="one_row_a_business")]


class ItsaStatus(models.Model):
    """Whether HMRC wants quarterly updates of a landlord in a tax year, in HMRC's words."""

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="itsa_statuses", db_index=False)
    tax_year = models.CharField(max_length=7)
    status = models.CharField(max_length=32)
    reason = models.CharField(max_length=64, blank=True)
    submitted_on = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["landlord", "tax_year"], name="one_status_a_tax_year")]


class AnnualSubmission(SealedModel):
    """The adjustments and allowances of a business and tax year as HMRC holds them, read back or answered."""

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="annual_submissions", db_index=False)
    business_id = models.CharField(max_length=15)
    tax_year = models.CharField(max_length=7)
    content = SealedField(label="annual_submission.content")
    submitted_on = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "business_id", "tax_year"], name="one_annual_submission")
        ]


class Obligation(models.Model):
    """A quarter to be reported, or a final declaration to be made, with HMRC's own due date. HMRC's `fulfilled` may lag
    by an hour: it is not a receipt.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="obligations", db_index=False)
    business_id = models.CharField(max_length=15)
    type_of_business = models.CharField(max_length=32)
    period_start = models.DateField()
    period_end = models.DateField()
    due_date = models.DateField()
    status = models.CharField(max_length=16)
    received_date = models.DateField(null=True)
    # The tax year to be declared; empty for a quarter.
    final_of = models.CharField(max_length=7, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["landlord", "due_date"], name="obligation_by_due"),
            models.Index(fields=["due_date", "id"], condition=models.Q(status="open"), name="open_obligation_by_due"),
        ]
