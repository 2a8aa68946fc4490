from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from landlords import nino as ninos
from tenants.ids import new_id
from tenants.vault import SealedField, SealedModel, blind_index


class LandlordQuerySet(models.QuerySet["Landlord"]):
    def kept(self) -> Self:
        """Without the archived ones."""
        return self.filter(archived_at=None)

    def chased(self) -> Self:
        """Those whom we ask to connect, and count."""
        return self.kept()

    def search(self, words: str) -> Self:
        return self.filter(Q(full_name__icontains=words) | Q(reference__icontains=words) | Q(email__icontains=words))


class Landlord(SealedModel):
    """Someone who lets property. Names and addresses are plain, so that they can be searched; the NINO is sealed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    reference = models.CharField(max_length=100)
    full_name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    nino = SealedField(label="landlord.nino", null=True)
    nino_index = models.BinaryField(null=True, max_length=32)
    nino_mask = models.CharField(max_length=16, blank=True)
    external_ids = models.JSONField(default=dict)
    tags = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True)

    objects = LandlordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference"], condition=Q(archived_at=None), name="one_landlord_a_reference"
            ),
            models.UniqueConstraint(fields=["nino_index"], condition=Q(archived_at=None), name="one_landlord_a_nino"),
            models.CheckConstraint(
                condition=Q(nino=None, nino_index=None) | Q(nino__isnull=False, nino_index__isnull=False),
                name="a_nino_is_indexed",
            ),
        ]
        indexes = [
            models.Index(fields=["updated_at", "id"], name="landlord_by_change"),
            models.Index(Upper("email"), name="landlord_by_address", condition=Q(archived_at=None)),
        ]

    # Mutators

    def put_nino(self, nino: str) -> None:
        """Seal and index a parsed NINO on this instance; the caller saves."""
        self.nino = self.seal("nino", nino)
        self.nino_index = self.index_of(nino)
        self.nino_mask = ninos.mask(nino)

    def change(self, *, expected: int | None, now: datetime, **changes: Any) -> bool:
        """Write `changes` if the row still has version `expected` (any, if None). False if someone else got there
        first.
        """
        rows = Landlord.objects.filter(pk=self.pk, **({} if expected is None else {"version": expected}))
        return rows.update(**changes, version=F("version") + 1, updated_at=now) == 1

    # Queries

    @staticmethod
    def index_of(nino: str) -> bytes:
        """Of the first eight characters: the suffix letter does not tell people apart."""
        return blind_index("nino", nino[:8])

    @classmethod
    def with_nino(cls, nino: str, *, other_than: UUID | None = None) -> "Landlord | None":
        """The kept landlord of the current agency who has this NINO."""
        same = cls.objects.kept().filter(nino_index=cls.index_of(nino))
        return same.first() if other_than is None else same.exclude(pk=other_than).first()
