from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models.functions import Now

from tenants.ids import new_id


class TenantKey(models.Model):
    """A data key, wrapped: per agency, purpose and version. The key that wraps it is never in the database."""

    id = models.UUIDField(primary_key=True, default=new_id)
    agency_id = models.UUIDField()
    purpose = models.CharField(max_length=16)
    version = models.PositiveSmallIntegerField()
    kek_ref = models.CharField(max_length=100)
    wrapped = models.BinaryField()
    # PostgreSQL's clock, as all that one transaction makes: earlier than a transaction's own, it was there before.
    created_at = models.DateTimeField(db_default=TransactionNow())
    # PostgreSQL's clock: from when it is the one to seal with, unless a newer one is.
    seals_from = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency_id", "purpose", "version"], name="one_key_a_version")]


class KeyCheck(models.Model):
    """A known value wrapped by each KEK, so that a wrong key is refused at start and not found out at the first
    landlord.
    """

    ring = models.CharField(max_length=16)
    kek_ref = models.CharField(max_length=100)
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ring", "kek_ref"], name="one_check_a_kek")]
