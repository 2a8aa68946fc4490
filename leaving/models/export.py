from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F

from people.principal import Principal
from tenants.ids import new_id
from tenants.vault import SealedField, SealedModel


class Export(models.Model):
    """A file of all there is of a landlord, or of the agency. Its parts are kept sealed, for a while. Its operation
    has the same id.
    """

    id = models.UUIDField(primary_key=True)
    landlord_id = models.UUIDField(null=True, db_index=True)  # None: all of the agency
    created_by_kind = models.CharField(max_length=16)
    created_by_id = models.UUIDField()
    created_at = models.DateTimeField()
    fence = models.BigIntegerField(default=0)  # counts the tries to make it: the last one's parts are the file
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    wiped_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="export_by_time")]

    # Factories

    @classmethod
    def ask(cls, id: UUID, *, by: Principal, landlord_id: UUID | None, now: datetime) -> None:
        """There is to be one; if there is to be one already, nothing changes."""
        given = {"landlord_id": landlord_id, "created_by_kind": by.kind, "created_by_id": by.id, "created_at": now}
        cls.objects.get_or_create(pk=id, defaults=given)

    # Mutators

    def claim(self) -> bool:
        """Begin to make it, or begin anew. False if it is ready, or wiped."""
        if not self._unmade().update(fence=F("fence") + 1):
            return False
        self.refresh_from_db(fields=["fence"])
        self.parts.exclude(fence=self.fence).delete()
        return True

    def finish(self, *, size: int, sha256: str, now: datetime, expires_at: datetime) -> bool:
        """It is ready. False if somebody else makes it, or it was wiped."""
        made = {"ready_at": now, "expires_at": expires_at, "size": size, "sha256": sha256}
        return self._unmade().filter(fence=self.fence).update(**made) == 1

    def wipe(self, *, now: datetime) -> None:
        """Destroy what it holds. That it was, who asked, and when, is kept."""
        Export.objects.filter(pk=self.pk, wiped_at=None).update(wiped_at=now, fence=F("fence") + 1)
        self.parts.all().delete()

    def _unmade(self) -> models.QuerySet["Export"]:
        return Export.objects.filter(pk=self.pk, ready_at=None, wiped_at=None)


class ExportPart(SealedModel):
    """The next bytes of the file, in base 64."""

    id = models.UUIDField(primary_key=True, default=new_id)
    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="parts", db_index=False)
    fence = models.BigIntegerField()
    number = models.PositiveIntegerField()
    data: Any = SealedField(label="export_part.data")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "fence", "number"], name="one_export_part")]
