from django.db import models

from tenants.ids import new_id
from tenants.vault import SealedField, SealedModel


class IdempotencyRecord(SealedModel):
    """The answer to a POST that carried an Idempotency-Key, for 24 hours and one principal.

    Written in the request's own transaction: either the effect and this record are there, or neither is.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    principal_kind = models.CharField(max_length=16)
    principal_id = models.UUIDField()
    key = models.CharField(max_length=255)
    request_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = SealedField(label="idempotency.body", null=True)  # may hold a key that is shown once
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["principal_kind", "principal_id", "key"], name="one_answer_a_key")
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]
