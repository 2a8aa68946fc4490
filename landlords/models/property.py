from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from landlords.models.landlord import Landlord
from tenants.ids import new_id


class PropertyQuerySet(models.QuerySet["Property"]):
    def kept(self) -> Self:
        """Without the archived ones."""
        return self.filter(archived_at=None)

    def search(self, words: str) -> Self:
        """Whose address, postcode or reference holds these letters, in either case."""
        return self.filter(Q(address__icontains=words) | Q(postcode__icontains=words) | Q(reference__icontains=words))


class Property(models.Model):
    """Something that is let. It belongs to one landlord, or to several of whom each has a share and connects alone."""

    id = models.UUIDField(primary_key=True, default=new_id)
    reference = models.CharField(max_length=100)
    address = models.CharField(max_length=500)
    postcode = models.CharField(max_length=16, blank=True)
    external_ids = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    objects = PropertyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference"], condition=Q(archived_at=None), name="one_property_a_reference"
            )
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], condition=Q(archived_at=None), name="property_by_time"),
            models.Index(fields=["updated_at", "id"], name="property_by_change"),
        ]

    # Mutators

    def change(self, *, expected: int | None, now: datetime, **changes: Any) -> bool:
        """Write `changes` if the row still has version `expected` (any, if None). False if someone else got there
        first.
        """
        rows = Property.objects.filter(pk=self.pk, **({} if expected is None else {"version": expected}))
        return rows.update(**changes, version=F("version") + 1, updated_at=now) == 1


class Share(models.Model):
    """What part of a property a landlord owns, in per cent. Others, who are on no file here, may own the rest."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="shares", db_index=False)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="shares")
    percent = models.DecimalField(max_digits=7, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["property", "landlord"], name="one_share_an_owner"),
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="a_share_is_a_part"),
        ]
