from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from hmrc_oauth.models.grant import ClockTimestamp
from landlords.models import Landlord
from tenants.ids import new_id
from tenants.vault import SealedField, SealedModel

LEASE = timedelta(seconds=120)


class WriteKind(models.TextChoices):
    QUARTERLY_TYPE = "quarterly_type"
    ANNUAL_SUBMISSION = "annual_submission"
    FINAL_DECLARATION = "final_declaration"


class WriteStatus(models.TextChoices):
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"  # sent, and the answer is not known: HMRC is asked what it holds before anything else
    WAITING_FOR_CONNECTION = "waiting_for_connection"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    UNCONFIRMED = "unconfirmed"  # sent, and HMRC would not tell what became of it, however often it was asked


SETTLED = (
    WriteStatus.ACCEPTED,
    WriteStatus.REJECTED,
    WriteStatus.SUPERSEDED,
    WriteStatus.CANCELLED,
    WriteStatus.UNCONFIRMED,
)
NEVER_SENT = (WriteStatus.REJECTED, WriteStatus.CANCELLED)
UNSENT = (WriteStatus.QUEUED, WriteStatus.WAITING_FOR_CONNECTION)
UNDER_WAY = (WriteStatus.QUEUED, WriteStatus.SENDING, WriteStatus.UNKNOWN)


class Write(SealedModel):
    """Something that HMRC is to hold, other than a quarter's figures: what, by whose click, and what came of it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="writes", db_index=False)
    kind = models.CharField(max_length=24, choices=WriteKind.choices)
    business_id = models.CharField(max_length=15, blank=True)
    tax_year = models.CharField(max_length=7)
    content = SealedField(label="write.content", null=True)  # None once the landlord is erased
    digest = models.BinaryField(max_length=32)
    declaration = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    fraud_context_id = models.UUIDField(null=True)
    status = models.CharField(max_length=24, choices=WriteStatus.choices, default=WriteStatus.QUEUED)
    outcome = models.CharField(max_length=16, blank=True)
    reason_code = models.CharField(max_length=64, blank=True)
    hmrc_status = models.PositiveSmallIntegerField(null=True)
    hmrc_code = models.CharField(max_length=100, blank=True)
    correlation_id = models.CharField(max_length=64, blank=True)
    created_by_kind = models.CharField(max_length=16)
    created_by_id = models.UUIDField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    doubted_at = models.DateTimeField(null=True)  # since when it is not known what became of the last try
    settled_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    fence = models.BigIntegerField(default=0)
    lease_ends_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["landlord", "kind", "business_id", "tax_year", "-created_at"], name="write_by_place")
        ]

    @property
    def place(self) -> dict[str, Any]:
        """What it is about: of one place, the newest counts."""
        return {name: getattr(self, name) for name in ("landlord_id", "kind", "business_id", "tax_year")}

    # Mutators

    def claim(self) -> bool:
        """Take the right to send (from queued) or to read back (from unknown, or from a sender who is gone)."""
        lease = ClockTimestamp() + models.Value(LEASE, output_field=models.DurationField())
        claimed = {"fence": F("fence") + 1, "attempts": F("attempts") + 1, "lease_ends_at": lease}
        if self._rows(status=WriteStatus.QUEUED).update(status=WriteStatus.SENDING, **claimed):
            return True
        gone = self._rows(status=WriteStatus.SENDING, lease_ends_at__lt=ClockTimestamp())
        free = Q(lease_ends_at=None) | Q(lease_ends_at__lt=ClockTimestamp())
        doubtful = gone | self._rows(status=WriteStatus.UNKNOWN).filter(free)
        return doubtful.update(status=WriteStatus.UNKNOWN, **claimed) == 1

    def move(self, *, to: WriteStatus, **more: Any) -> bool:
        """End the claim. Guarded by its fence."""
        rows = self._rows(fence=self.fence, status__in=[WriteStatus.SENDING, WriteStatus.UNKNOWN])
        return rows.update(status=to, lease_ends_at=None, **more) == 1

    def park(self) -> bool:
        """There is no connection to send it by. False if it is on its way, or settled."""
        return self._rows(status=WriteStatus.QUEUED).update(status=WriteStatus.WAITING_FOR_CONNECTION) == 1

    def resume(self) -> bool:
        """The connection works again."""
        return self._rows(status=WriteStatus.WAITING_FOR_CONNECTION).update(status=WriteStatus.QUEUED) == 1

    def drop(self, *, to: WriteStatus, now: Any, reason: str = "") -> bool:
        """It will not be sent. False if it is on its way, or settled."""
        return self._rows(status__in=UNSENT).update(status=to, settled_at=now, reason_code=reason) == 1

    def _rows(self, **where: Any) -> models.QuerySet["Write"]:
        return Write.objects.filter(pk=self.pk, **where)
