from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.db import models, transaction

from people.errors import TooOften
from tenants import doorbell
from tenants.context import current_agency
from tenants.copying import copy_like
from tenants.ids import new_id

_MINUTE = timedelta(minutes=1)


class OperationStatus(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Operation(models.Model):
    """Long work that a caller asked for, and how far it is. A submission's operation has the submission's own id."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=64)
    status = models.CharField(max_length=16, choices=OperationStatus.choices, default=OperationStatus.QUEUED)
    subject_type = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    landlord_id = models.UUIDField(null=True)
    fraud_context_id = models.UUIDField(null=True)  # whose click it is, if a person asked
    progress = models.FloatField(default=0)
    result = models.JSONField(null=True)
    error_code = models.CharField(max_length=64, blank=True)
    error_detail = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, db_default=1)  # counts its changes, for whoever watches
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_id", "kind", "created_at"], name="operation_by_subject")]
        constraints = [
            # Asking twice for the same thing while it is under way is asking once.
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=models.Q(status__in=["queued", "running"]),
                name="one_open_operation_a_subject",
            )
        ]

    # Factories

    @classmethod
    def open(
        cls,
        *,
        kind: str,
        subject_type: str,
        subject_id: UUID,
        now: datetime,
        landlord_id: UUID | None = None,
        id: UUID | None = None,
        fraud_context_id: UUID | None = None,
    ) -> Self:
        """The open operation of this kind on this subject: the one under way, or a new one.

        One under way that nobody caused becomes the caller's, if they say who they are.
        """
        given = {
            "subject_type": subject_type,
            "landlord_id": landlord_id,
            "fraud_context_id": fraud_context_id,
            "created_at": now,
            **({"id": id} if id else {}),
        }
        found, _ = cls.objects.get_or_create(
            kind=kind, subject_id=subject_id, status__in=["queued", "running"], defaults=given
        )
        if found.fraud_context_id is None and fraud_context_id is not None:
            found.attach(fraud_context_id)
        return found

    @classmethod
    def open_all(cls, *, kind: str, landlords: Mapping[UUID, UUID], now: datetime) -> None:
        """An operation for each of these new subjects, with the subject's own id; and the landlord it is for."""
        pattern = Operation(kind=kind, subject_type=kind, created_at=now)
        rows = landlords.items()
        copy_like(pattern, ({"id": each, "subject_id": each, "landlord_id": landlord} for each, landlord in rows))

    @classmethod
    def limit(cls, *, kind: str, subject_id: UUID, most: int, now: datetime) -> None:
        """Raises TooOften if this was asked for `most` times in the last minute. One under way is not asked again."""
        asked = cls.objects.filter(kind=kind, subject_id=subject_id, created_at__gt=now - _MINUTE)
        if asked.count() >= most and not asked.filter(finished_at=None).exists():
            raise TooOften(headers={"Retry-After": str(_MINUTE.seconds)})

    # Mutators

    def attach(self, fraud_context_id: UUID) -> None:
        """A person asks for what was under way already."""
        self._if_open(fraud_context_id=fraud_context_id)

    def start(self) -> None:
        self._if_open(status=OperationStatus.RUNNING, attempts=models.F("attempts") + 1)

    def advance(self, *, progress: float) -> None:
        self._if_open(progress=progress)

    def succeed(self, *, now: datetime, result: dict[str, Any] | None = None) -> bool:
        return self._if_open(status=OperationStatus.SUCCEEDED, progress=1.0, result=result, finished_at=now)

    def fail(self, *, now: datetime, code: str, detail: str = "") -> bool:
        return self._if_open(status=OperationStatus.FAILED, error_code=code, error_detail=detail[:500], finished_at=now)

    def _if_open(self, **changes: Any) -> bool:
        rows = Operation.objects.filter(pk=self.pk, finished_at=None)
        if rows.update(version=models.F("version") + 1, **changes) != 1:
            return False
        agency_id = current_agency().pk
        transaction.on_commit(lambda: doorbell.tell(agency_id, self.pk))
        return True
