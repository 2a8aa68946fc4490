from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import models

from people.principal import Principal
from tenants.ids import new_id
from tenants.vault import SealedField, SealedModel


class FraudContext(SealedModel):
    """What was collected of a person's device when they acted, in HMRC's headers, sealed.

    Never changed; wiped once what they asked for is done. `missing` names headers and holds no value.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    principal_kind = models.CharField(max_length=16)
    principal_id = models.UUIDField()
    landlord_id = models.UUIDField(null=True)  # for whom alone it may be used, if it says so
    connection_method = models.CharField(max_length=32)
    headers = SealedField(label="fraud_context.headers", null=True)
    missing = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], name="fraud_context_unwiped", condition=models.Q(headers__isnull=False))
        ]

    # Factories

    @classmethod
    def capture(
        cls,
        *,
        by: Principal,
        landlord_id: UUID | None,
        connection_method: str,
        headers: str,
        missing: Sequence[Any],
        now: datetime,
    ) -> Self:
        """Keep it. `headers`: as JSON."""
        context = cls(
            principal_kind=by.kind,
            principal_id=by.id,
            landlord_id=landlord_id,
            connection_method=connection_method,
            missing=list(missing),
            created_at=now,
        )
        context.headers = context.seal("headers", headers)
        context.save(force_insert=True)
        return context

    # Mutators

    @classmethod
    def wipe(
        cls, *, before: datetime, but: Sequence[models.QuerySet[Any]], attached: Sequence[models.QuerySet[Any]]
    ) -> int:
        """Wipe those made before, but for the ids in any of `but`. Returns how many.

        Those whose ids are in none of `attached` are dropped: they say nothing about anything.
        """
        rows = cls._beside(cls.objects.filter(created_at__lt=before, headers__isnull=False), but)
        cls._beside(rows, attached).delete()
        return rows.update(headers=None)

    # Queries

    @classmethod
    def of(cls, by: Principal, context_id: UUID) -> Self | None:
        """The context of that id, if it was this principal's."""
        return cls.objects.filter(pk=context_id, principal_kind=by.kind, principal_id=by.id).first()

    @staticmethod
    def _beside(
        rows: models.QuerySet["FraudContext"], others: Sequence[models.QuerySet[Any]]
    ) -> models.QuerySet["FraudContext"]:
        for other in others:
            rows = rows.exclude(pk__in=other.filter(fraud_context_id__isnull=False).values("fraud_context_id"))
        return rows
