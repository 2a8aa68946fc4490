from django.db import models

from landlords.models import Landlord


class ReadinessStatus(models.TextChoices):
    """Whether quarterly updates can be sent for a landlord who is connected, as far as HMRC has told."""

    CHECKING = "checking"
    NOT_SIGNED_UP = "not_signed_up"
    NO_BUSINESS = "no_business"
    NO_OBLIGATIONS = "no_obligations"
    READY = "ready"


class Readiness(models.Model):
    """What was last made of HMRC's answers about a landlord: one row a landlord, remade from what is stored."""

    landlord = models.OneToOneField(Landlord, primary_key=True, on_delete=models.CASCADE, related_name="readiness")
    status = models.CharField(max_length=16, choices=ReadinessStatus.choices)
    tax_year = models.CharField(max_length=7)
    itsa_status = models.CharField(max_length=32, blank=True)  # HMRC's words; empty: it has not said
    businesses = models.PositiveIntegerField(default=0)  # UK property businesses that HMRC lists
    quarterly_type = models.CharField(max_length=8, blank=True)  # empty: HMRC has not said, or not the same of all
    next_due_date = models.DateField(null=True)
    next_period_start = models.DateField(null=True)
    next_period_end = models.DateField(null=True)
    assessed_at = models.DateTimeField()
    changed_at = models.DateTimeField()  # when the status last became another

    class Meta:
        indexes = [models.Index(fields=["status", "landlord"], name="readiness_by_status")]
