"""Where something stands in the queue: on everything that waits for its turn at HMRC."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework import serializers

from api import queue
from tenants.backlog import Place

PLACE = ("queue_position", "estimated_start_at")


class _Page(serializers.ListSerializer[Any]):
    """Asks once for the places of all its rows."""

    def to_representation(self, data: Any) -> list[Any]:
        rows = list(data)
        assert isinstance(self.child, Placed)
        self.child.places = queue.places(rows)
        return super().to_representation(rows)


class Placed(serializers.ModelSerializer[Any]):
    """Mixed into the output of what waits. Its fields are PLACE; its Meta has `list_serializer_class`."""

    queue_position = serializers.SerializerMethodField(
        help_text="Its turn, from 1. Null if it waits for none, or stands still."
    )
    estimated_start_at = serializers.SerializerMethodField(
        help_text="When it is likely to go, if nothing more urgent comes. Null if it waits for no turn, or is paused."
    )
    places: Mapping[UUID, Place] = {}

    class Meta:
        list_serializer_class = _Page

    def to_representation(self, instance: Any) -> dict[str, Any]:
        if not isinstance(self.parent, _Page):
            self.places = queue.places([instance])
        said: dict[str, Any] = super().to_representation(instance)
        return said

    def get_queue_position(self, row: Any) -> int | None:
        place = self.places.get(row.pk)
        return place.position if place else None

    def get_estimated_start_at(self, row: Any) -> datetime | None:
        place = self.places.get(row.pk)
        return place.starts_at if place else None
