from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import models


class OffBoarding(models.Model):
    """An agency that leaves, and how far the destruction of its data is. It outlives the agency: it is the proof."""

    agency_id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200)
    hosts = models.JSONField(default=list)
    asked_by_kind = models.CharField(max_length=16)
    asked_by_id = models.UUIDField()
    asked_at = models.DateTimeField()
    begins_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True)
    steps = models.JSONField(default=list, help_text="What was done so far, in order: step, when, what was counted.")
    finished_at = models.DateTimeField(null=True)
    certificate = models.JSONField(null=True)

    # Queries

    @classmethod
    def hold(cls, agency_id: UUID) -> Self | None:
        """The row as it stands, locked until the transaction ends; None if there is none, or it is over."""
        rows = cls.objects.select_for_update().filter(agency_id=agency_id, called_off_at=None, finished_at=None)
        return rows.first()

    @property
    def status(self) -> str:
        if self.called_off_at:
            return "called_off"
        if self.finished_at:
            return "done"
        return "under_way" if self.steps else "planned"

    @property
    def done(self) -> list[str]:
        """The steps that are."""
        return [each["step"] for each in self.steps]

    # Mutators

    def note(self, step: str, *, now: datetime, **counted: Any) -> None:
        """The step is done; a crash after this does not do it again."""
        self.steps = [*self.steps, {"step": step, "at": now.isoformat(), **counted}]
        self.save(update_fields=["steps"])
