from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from landlords import nino as ninos
from tenants.ids import new_id
from tenants.vault import SealedField, SealedModel, blind_indexer


class LandlordQuerySet(models.QuerySet["Landlord"]):
    def kept(self) -> Self:
        """Without the archived ones."""
        return self.filter(archived_at=None)

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
        indexes = [models.Index(fields=["updated_at", "id"], name="landlord_by_change")]

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

    @classmethod
    def write_all(cls, changed: Sequence[Self], *, fields: Collection[str]) -> bool:
        """Write these fields of rows that were changed in memory, in their order. False if someone else has changed one
        of them since it was read: then nothing is written.
        """
        read = {landlord.pk: landlord.version for landlord in changed}
        held = cls.objects.select_for_update(no_key=True).filter(pk__in=read).order_by("pk")
        if dict(held.values_list("pk", "version")) != read:
            return False
        for landlord in changed:
            landlord.version += 1
        columns = {*fields, *(("nino_index", "nino_mask") if "nino" in fields else ()), "version", "updated_at"}
        cls.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=columns)
        return True

    # Queries

    @staticmethod
    def index_of(nino: str) -> bytes:
        """Of the first eight characters: the suffix letter does not tell people apart."""
        return Landlord.indexer()(nino)

    @staticmethod
    def indexer() -> Callable[[str], bytes]:
        """The same for many."""
        index = blind_indexer("nino")
        return lambda nino: index(nino[:8])

    @classmethod
    def with_nino(cls, nino: str, *, other_than: UUID | None = None) -> "Landlord | None":
        """The kept landlord of the current agency who has this NINO."""
        same = cls.objects.kept().filter(nino_index=cls.index_of(nino))
        return same.first() if other_than is None else same.exclude(pk=other_than).first()
