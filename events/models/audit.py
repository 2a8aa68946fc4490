from django.db import models

from tenants.ids import new_id


class AuditEvent(models.Model):
    """Who did what, to what, when and from which request. Written unchained; one sealer per agency chains the rows."""

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField()
    action = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    sequence = models.BigIntegerField(null=True, unique=True)
    chain = models.BinaryField(null=True, max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_by_time"),
            models.Index(fields=["subject_id", "-at"], name="audit_by_subject"),
            models.Index(fields=["id"], name="audit_unchained", condition=models.Q(sequence=None)),
        ]
