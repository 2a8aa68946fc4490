"""Where something stands that waits for a turn of the pace, beside what it is."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework import serializers

from api import queue
from tenants import due
from tenants.backlog import Place

PLACE = ("queue_position", "estimated_start_at")


class Placed(serializers.Serializer[Any]):
    """For a resource that is shown alone: to find its place takes a few queries."""

    queue_position = serializers.SerializerMethodField(help_text="Its turn, from 1; null if it waits for none.")
    estimated_start_at = serializers.SerializerMethodField(
        help_text="When that is likely to be, if nothing more urgent comes; null if it waits for none, or is paused."
    )
    _place: Place | None = None

    def waits_as(self, instance: Any) -> Iterator[tuple[due.Kind, UUID]]:
        """Under which names it may stand on the list of what is due."""
        raise NotImplementedError

    def find_place(self, instance: Any) -> Place | None:
        found = (queue.place_of(kind, subject_id) for kind, subject_id in self.waits_as(instance))
        return next((place for place in found if place), None)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        self._place = self.find_place(instance)
        said: dict[str, Any] = super().to_representation(instance)
        return said

    def get_queue_position(self, _: Any) -> int | None:
        return self._place.position if self._place else None

    def get_estimated_start_at(self, _: Any) -> datetime | None:
        starts_at = self._place.starts_at if self._place else None
        return None if starts_at is None or starts_at >= due.NEVER else starts_at
