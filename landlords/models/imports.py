from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import models

from landlords.models.landlord import Landlord
from people.principal import Principal, PrincipalKind
from tenants.ids import new_id
from tenants.vault import SealedField, SealedModel


class ImportStatus(models.TextChoices):
    NEEDS_MAPPING = "needs_mapping"  # what its columns mean could not be guessed well enough
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # nobody said what its columns mean while its rows were kept


class RowStatus(models.TextChoices):
    """What became of a row; in a dry run, what would."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


class LandlordImport(models.Model):
    """A file of landlords: what it is, what its columns mean, and how far its rows are."""

    id = models.UUIDField(primary_key=True, default=new_id)
    status = models.CharField(max_length=16, choices=ImportStatus.choices)
    dry_run = models.BooleanField()
    format = models.CharField(max_length=8)
    reading = models.JSONField(default=dict)  # how the file was read: encoding, delimiter, sheet
    columns = models.JSONField()  # their names, in order
    mapping = models.JSONField()  # what each column means: a field's name, or null
    size = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    next_part = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # rows by what became of them
    reasons = models.JSONField(default=dict)  # rejected rows by the code of their first fault
    operation_id = models.UUIDField(default=new_id)
    created_by_kind = models.CharField(max_length=16)
    created_by_id = models.UUIDField()
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    rows_kept_until = models.DateTimeField(null=True)  # null: they are wiped

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="import_by_time")]

    # Mutators

    @classmethod
    def hold(cls, import_id: UUID) -> Self | None:
        """The row as it stands, locked until the transaction ends."""
        return cls.objects.select_for_update(no_key=True).filter(pk=import_id).first()

    def begin(self, *, mapping: Sequence[str | None], dry_run: bool, is_ready: bool, operation_id: UUID) -> None:
        """Look at all rows anew, or wait for a better mapping. What an earlier dry run said is forgotten."""
        self.rows.all().delete()
        self.claims.all().delete()
        status = ImportStatus.RUNNING if is_ready else ImportStatus.NEEDS_MAPPING
        fresh = {"taken": 0, "next_part": 0, "counts": {}, "reasons": {}, "started_at": None, "finished_at": None}
        self._change(status=status, mapping=list(mapping), dry_run=dry_run, operation_id=operation_id, **fresh)

    def take(self, part: "ImportPart", *, counts: Mapping[str, int], reasons: Mapping[str, int], now: datetime) -> None:
        """The rows of this part have been looked at. Unless it was a dry run, they are wiped."""
        if not self.dry_run:
            part.delete()
        self._change(
            taken=self.taken + sum(counts.values()),
            next_part=part.number + 1,
            counts=dict(Counter(self.counts) + Counter(counts)),
            reasons=dict(Counter(self.reasons) + Counter(reasons)),
            started_at=self.started_at or now,
        )

    def finish(self, *, now: datetime) -> None:
        """All rows have been looked at; what a dry run looked at stays for a while."""
        self.claims.all().delete()
        self._change(status=ImportStatus.DONE, finished_at=now)
        if not self.dry_run:
            self.wipe()

    def end(self, status: ImportStatus, *, now: datetime) -> None:
        """Look at nothing more, and wipe what is left."""
        self.claims.all().delete()
        self._change(status=status, finished_at=self.finished_at or now)
        self.wipe()

    def wipe(self) -> None:
        """The rows of the file, with everything they hold."""
        self.parts.all().delete()
        self._change(rows_kept_until=None)

    def _change(self, **changes: Any) -> None:
        LandlordImport.objects.filter(pk=self.pk).update(**changes)
        for name, value in changes.items():
            setattr(self, name, value)

    # Properties

    @property
    def by(self) -> Principal:
        """Who asked for it. Their scopes were looked at then."""
        return Principal(PrincipalKind(self.created_by_kind), self.created_by_id, frozenset())

    def ends_at(self, *, now: datetime) -> datetime | None:
        """When its last row is likely to have been looked at, at the speed so far; None if that can't be told."""
        if self.status != ImportStatus.RUNNING or self.started_at is None or not self.taken:
            return None
        return now + (now - self.started_at) * ((self.size - self.taken) / self.taken)


class ImportPart(SealedModel):
    """Rows of the file as they came, sealed: they hold NINOs."""

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord_import = models.ForeignKey(LandlordImport, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    rows = SealedField(label="import_part.rows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["landlord_import", "number"], name="one_import_part_a_number")]


class ImportRow(models.Model):
    """What became of one row. Nothing of what stood in it: that is the landlord's now, or gone."""

    pk = models.CompositePrimaryKey("landlord_import_id", "number")
    landlord_import = models.ForeignKey(LandlordImport, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=16, choices=RowStatus.choices)
    landlord = models.ForeignKey(Landlord, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    changed = models.JSONField(default=list)  # the names of the fields it changed
    faults = models.JSONField(default=list)  # {"field", "code", "detail", "column"}, the column by its place from 0

    class Meta:
        indexes = [models.Index(fields=["landlord", "landlord_import"], name="import_row_by_landlord")]


class ImportClaim(models.Model):
    """A reference or NINO that a row of this import stands for and that is not on file, by its blind index: who would
    be created by a dry run, and a number that is given up. Gone when the import is done.
    """

    pk = models.CompositePrimaryKey("landlord_import_id", "key")
    landlord_import = models.ForeignKey(LandlordImport, on_delete=models.CASCADE, related_name="claims", db_index=False)
    key = models.BinaryField(max_length=32)
    number = models.PositiveIntegerField()


class ColumnMeaning(models.Model):
    """What a column of this name meant when somebody of the agency last said so; empty: nothing we keep."""

    header = models.CharField(max_length=100, primary_key=True)  # in small letters, words only
    field = models.CharField(max_length=120, blank=True)
    said_at = models.DateTimeField()
