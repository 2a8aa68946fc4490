from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from mtd.models.submission import Submission
from people.principal import Principal, PrincipalKind
from tenants.ids import new_id
from tenants.vault import SealedField, SealedModel


class Batch(models.Model):
    """Many submissions asked for at once, by one click. What became of its rows is theirs; it says only what holds for
    all of them.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    format = models.CharField(max_length=8)
    columns = models.JSONField(default=dict)  # a pointer into a row → the header of the column it came from
    size = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)  # how many rows were looked at
    declaration = models.JSONField(encoder=DjangoJSONEncoder)
    fraud_context_id = models.UUIDField(null=True)
    created_by_kind = models.CharField(max_length=16)
    created_by_id = models.UUIDField()
    created_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="batch_by_time")]

    # Mutators

    @classmethod
    def hold(cls, batch_id: UUID) -> Self | None:
        """The row as it stands, locked until the transaction ends: whoever takes rows in, pauses or cancels."""
        return cls.objects.select_for_update(no_key=True).filter(pk=batch_id).first()

    def pause(self, *, reason: str, now: datetime) -> None:
        self._change(paused_at=now, pause_reason=reason)

    def resume(self) -> None:
        self._change(paused_at=None, pause_reason="")

    def cancel(self, *, now: datetime) -> None:
        """It stays paused besides, if it was; its rows that nobody looked at are dropped."""
        self._change(cancelled_at=now)
        self.parts.all().delete()

    def take(self, part: "BatchPart", *, rows: int) -> None:
        """The rows of this part have been looked at."""
        part.delete()
        self._change(taken=self.taken + rows)

    def _change(self, **changes: Any) -> None:
        Batch.objects.filter(pk=self.pk).update(**changes)
        for name, value in changes.items():
            setattr(self, name, value)

    # Properties

    @property
    def by(self) -> Principal:
        """Whose click it was. Its scopes were looked at then."""
        return Principal(PrincipalKind(self.created_by_kind), self.created_by_id, frozenset())

    @property
    def is_held(self) -> bool:
        """Nothing of it that still waits is sent."""
        return self.paused_at is not None or self.cancelled_at is not None


class BatchPart(SealedModel):
    """Rows that nobody looked at yet, sealed. Gone as soon as somebody has."""

    id = models.UUIDField(primary_key=True, default=new_id)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    rows = SealedField(label="batch_part.rows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_part_a_number")]


class BatchRow(SealedModel):
    """What one row came to: a submission, or faults, never both."""

    id = models.UUIDField(primary_key=True, default=new_id)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    submission = models.OneToOneField(Submission, null=True, on_delete=models.PROTECT, related_name="batch_row")
    # Sealed, since a pointer holds whatever name the caller gave a member.
    faults = SealedField(label="batch_row.faults", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_result_a_row"),
            models.CheckConstraint(
                condition=models.Q(submission=None) ^ models.Q(faults=None), name="a_submission_or_faults"
            ),
        ]
