from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from hmrc_oauth.models.grant import ClockTimestamp
from landlords.models import Landlord
from tenants import clock
from tenants.ids import new_id
from tenants.vault import SealedField, SealedModel

LEASE = timedelta(seconds=120)


class SubmissionStatus(models.TextChoices):
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"  # sent, and the answer is not known: HMRC is read back before anything else
    WAITING_FOR_CONNECTION = "waiting_for_connection"
    WAITING_FOR_APPROVAL = "waiting_for_approval"  # the landlord approves each quarter, and has not yet
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"  # not wanted any more: disconnected, declined, or the mandate taken back
    STOPPED = "stopped"  # a person must look: `reason_code` says at what


SETTLED = (
    SubmissionStatus.ACCEPTED,
    SubmissionStatus.REJECTED,
    SubmissionStatus.SUPERSEDED,
    SubmissionStatus.CANCELLED,
    SubmissionStatus.STOPPED,
)
NEVER_SENT = (SubmissionStatus.REJECTED, SubmissionStatus.CANCELLED)
FAILED = (*NEVER_SENT, SubmissionStatus.STOPPED)
UNSENT = (
    SubmissionStatus.QUEUED,
    SubmissionStatus.WAITING_FOR_CONNECTION,
    SubmissionStatus.WAITING_FOR_APPROVAL,
)
_CLAIMED = (SubmissionStatus.QUEUED, SubmissionStatus.SENDING, SubmissionStatus.UNKNOWN)
_FREE = Q(lease_ends_at=None) | Q(lease_ends_at__lt=ClockTimestamp())


class Submission(SealedModel):
    """One cumulative update of one property business: what was to be sent, by whose click, and what came of it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="submissions", db_index=False)
    business_id = models.CharField(max_length=15)
    tax_year = models.CharField(max_length=7)
    period_start = models.DateField()
    period_end = models.DateField()
    figures = SealedField(label="submission.figures", null=True)  # None once the landlord is erased
    digest = models.BinaryField(max_length=32)
    replaces = models.BinaryField(max_length=32, null=True)  # digest of what somebody else sent and this may erase
    declaration = models.JSONField()
    mandate = models.JSONField(null=True)  # as it stood on record when this was asked for
    approval = models.JSONField(null=True)  # the landlord's, where the mandate is per quarter
    due_date = models.DateField(null=True)  # HMRC's, if its obligations were known when this was asked for
    fraud_context_id = models.UUIDField(null=True)
    source = models.CharField(max_length=16, default="keyed")
    status = models.CharField(max_length=24, choices=SubmissionStatus.choices, default=SubmissionStatus.QUEUED)
    outcome = models.CharField(max_length=16, blank=True)
    reason_code = models.CharField(max_length=64, blank=True)
    hmrc_status = models.PositiveSmallIntegerField(null=True)
    hmrc_code = models.CharField(max_length=100, blank=True)
    hmrc_errors = models.JSONField(default=list)
    correlation_id = models.CharField(max_length=64, blank=True)
    created_by_kind = models.CharField(max_length=16)
    created_by_id = models.UUIDField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    fence = models.BigIntegerField(default=0)
    lease_ends_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="submission_by_time"),
            models.Index(fields=["landlord", "business_id", "tax_year", "-created_at"], name="submission_by_business"),
        ]

    # Properties

    @property
    def place(self) -> dict[str, Any]:
        """What there is one figure of at HMRC: the landlord, the business and the tax year."""
        return {name: getattr(self, name) for name in ("landlord_id", "business_id", "tax_year")}

    def is_late(self, *, now: datetime) -> bool | None:
        """Whether it went, or would go now, after the end of its due date in London; None if that is not known."""
        moment = self.sent_at or self.settled_at or now
        return None if self.due_date is None else moment >= clock.end_of(self.due_date)

    # Mutators

    def approve(self, *, digest: bytes, fraud_context_id: UUID | None, approval: dict[str, Any]) -> bool:
        """The landlord's click lets exactly these figures go. False if it does not wait for that, or with others."""
        waiting = self._rows(status=SubmissionStatus.WAITING_FOR_APPROVAL, digest=digest)
        changes = {"approval": approval, "fraud_context_id": fraud_context_id}
        return waiting.update(status=SubmissionStatus.QUEUED, **changes) == 1

    def claim_to_read(self) -> bool:
        """Take the right to look at what HMRC holds. It stays queued: nothing is sent."""
        return self._claim(self._rows(status=SubmissionStatus.QUEUED).filter(_FREE))

    def claim_to_put(self, *, now: datetime) -> bool:
        """Take the right to send."""
        rows = self._rows(status=SubmissionStatus.QUEUED).filter(_FREE)
        return self._claim(rows, status=SubmissionStatus.SENDING, sent_at=now)

    def claim_to_read_back(self) -> bool:
        """Take the right to find out what became of it: nobody does so, or its sender is gone."""
        gone = self._rows(status=SubmissionStatus.SENDING, lease_ends_at__lt=ClockTimestamp())
        return self._claim(
            gone | self._rows(status=SubmissionStatus.UNKNOWN).filter(_FREE), status=SubmissionStatus.UNKNOWN
        )

    def move(self, *, to: SubmissionStatus, **more: Any) -> bool:
        """End the claim. Guarded by its fence."""
        return self._rows(fence=self.fence, status__in=_CLAIMED).update(status=to, lease_ends_at=None, **more) == 1

    def park(self) -> bool:
        """It waits for the connection. False if it is on its way, or settled."""
        return self._rows(status=SubmissionStatus.QUEUED).update(status=SubmissionStatus.WAITING_FOR_CONNECTION) == 1

    def resume(self) -> bool:
        """The connection works again."""
        waiting = self._rows(status=SubmissionStatus.WAITING_FOR_CONNECTION)
        return waiting.update(status=SubmissionStatus.QUEUED, lease_ends_at=None) == 1

    def drop(self, *, to: SubmissionStatus, now: Any, reason: str = "") -> bool:
        """It will not be sent. False if it is on its way, or settled."""
        return self._rows(status__in=UNSENT).update(status=to, settled_at=now, reason_code=reason) == 1

    @staticmethod
    def _claim(rows: models.QuerySet["Submission"], **changes: Any) -> bool:
        lease = ClockTimestamp() + models.Value(LEASE, output_field=models.DurationField())
        claimed = {"fence": F("fence") + 1, "attempts": F("attempts") + 1, "lease_ends_at": lease}
        return rows.update(**claimed, **changes) == 1

    def _rows(self, **where: Any) -> models.QuerySet["Submission"]:
        return Submission.objects.filter(pk=self.pk, **where)
