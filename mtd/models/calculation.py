from typing import Any, Literal

from django.db import models
from django.db.models import F

from landlords.models import Landlord
from tenants.ids import new_id
from tenants.vault import SealedField, SealedModel


class CalculationType(models.TextChoices):
    """What a calculation is for, in HMRC's words."""

    IN_YEAR = "in-year"
    TO_FINALISE = "intent-to-finalise"
    TO_AMEND = "intent-to-amend"


Words = Literal["in-year", "intent-to-finalise", "intent-to-amend"]
_WORDS: dict[CalculationType, Words] = {
    CalculationType.IN_YEAR: "in-year",
    CalculationType.TO_FINALISE: "intent-to-finalise",
    CalculationType.TO_AMEND: "intent-to-amend",
}


class CalculationStatus(models.TextChoices):
    QUEUED = "queued"
    CALCULATING = "calculating"  # HMRC has given it an id
    READY = "ready"
    FAILED = "failed"


OPEN = (CalculationStatus.QUEUED, CalculationStatus.CALCULATING)


class Calculation(SealedModel):
    """What HMRC works out from all it holds of a landlord's tax year, kept as it was shown."""

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="calculations", db_index=False)
    tax_year = models.CharField(max_length=7)
    type = models.CharField(max_length=24, choices=CalculationType.choices)
    status = models.CharField(max_length=16, choices=CalculationStatus.choices, default=CalculationStatus.QUEUED)
    calculation_id = models.CharField(max_length=36, blank=True)  # HMRC's
    content = SealedField(label="calculation.content", null=True)
    digest = models.BinaryField(max_length=32, null=True)
    has_errors = models.BooleanField(default=False)  # HMRC's checks found faults: there are messages and no figures
    reason_code = models.CharField(max_length=64, blank=True)
    correlation_id = models.CharField(max_length=64, blank=True)
    fraud_context_id = models.UUIDField(null=True)
    created_by_kind = models.CharField(max_length=16)
    created_by_id = models.UUIDField()
    created_at = models.DateTimeField()
    triggered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    declared_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="calculation_by_time"),
            models.Index(fields=["landlord", "tax_year", "type"], name="calculation_by_year"),
        ]
        constraints = [
            # Asking twice for the same while HMRC calculates is asking once.
            models.UniqueConstraint(
                fields=["landlord", "tax_year", "type"],
                condition=models.Q(status__in=["queued", "calculating"]),
                name="one_open_calculation",
            )
        ]

    @property
    def kind(self) -> Words:
        """The type, as HMRC's operation takes it."""
        return _WORDS[CalculationType(self.type)]

    # Mutators

    def try_once_more(self) -> None:
        self._open().update(attempts=F("attempts") + 1)

    def trigger(self, *, calculation_id: str, correlation_id: str, now: Any) -> bool:
        """HMRC calculates. False if it does already, or if this is settled."""
        given = {"calculation_id": calculation_id, "correlation_id": correlation_id, "triggered_at": now}
        return (
            self._open()
            .filter(status=CalculationStatus.QUEUED)
            .update(status=CalculationStatus.CALCULATING, attempts=0, **given)
            == 1
        )

    def settle(self, *, to: CalculationStatus, now: Any, **more: Any) -> bool:
        """It is over. False if it was."""
        return self._open().update(status=to, settled_at=now, **more) == 1

    def declare(self, *, now: Any) -> None:
        """HMRC took the declaration that quotes it."""
        Calculation.objects.filter(pk=self.pk).update(declared_at=now)

    def _open(self) -> models.QuerySet["Calculation"]:
        return Calculation.objects.filter(pk=self.pk, status__in=OPEN)
