import json
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Upper

from landlords import nino as ninos
from tenants.ids import new_id
from tenants.vault import SealedField, SealedModel, blind_indexer


class MtdHandling(models.TextChoices):
    """Who sees to a landlord's quarterly updates. Only for `us` is anybody chased, and only those count as due."""

    US = "us"
    OWN_SOFTWARE = "own_software"
    ACCOUNTANT = "accountant"
    NOT_REQUIRED = "not_required"
    EXEMPT = "exempt"
    UNKNOWN = "unknown"


class LandlordQuerySet(models.QuerySet["Landlord"]):
    def kept(self) -> Self:
        """Without the archived ones."""
        return self.filter(archived_at=None)

    def chased(self) -> Self:
        """Those whom we ask to connect, and count: nobody else sees to their updates."""
        return self.kept().filter(mtd_handling=MtdHandling.US)

    def search(self, words: str) -> Self:
        """Whose name, reference or e-mail address holds these letters, in either case."""
        return self.filter(words__contains=Upper(Value(words)))

    def with_external_id(self, value: str, *, system: str | None = None) -> Self:
        """Known by this id in another system: in the one named, or in any."""
        if system is not None:
            return self.filter(external_ids__contains={system: value})
        # As a path, since that is what the index answers; a string in it is written as in JSON.
        path = f"$.* ? (@ == {json.dumps(value, ensure_ascii=False)})"
        return self.filter(_MatchesPath(F("external_ids"), Value(path)))


class _MatchesPath(models.Func):
    template = "(%(expressions)s::jsonpath)"
    arg_joiner = " @? "
    output_field = models.BooleanField()


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
    # Whoever is put on file here is put here to be filed for. Forgotten, a landlord is fined; asked in vain, annoyed.
    mtd_handling = models.CharField(
        max_length=16, choices=MtdHandling.choices, default=MtdHandling.US, db_default=MtdHandling.US
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")
    erased_at = models.DateTimeField(null=True)
    # What is searched, in capitals; a line for each, so that no find goes across two. 50,000 are read through in 10 ms.
    words = models.GeneratedField(
        expression=Upper(
            Concat(
                "full_name",
                Value("\n"),
                "reference",
                Value("\n"),
                "email",
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

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
            models.Index(fields=["-created_at", "-id"], condition=Q(archived_at=None), name="landlord_by_time"),
            GinIndex(fields=["external_ids"], name="landlord_by_external_id"),
            GinIndex(fields=["tags"], opclasses=["jsonb_path_ops"], name="landlord_by_tag"),
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
