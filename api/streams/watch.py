"""What a caller may watch, once the API has said so."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse

from api import sse
from people.principal import PrincipalKind


@dataclass(frozen=True)
class Watch:
    """`seen`: the Last-Event-ID that was sent, 0 without one."""

    agency_id: UUID
    operation_id: UUID
    kind: PrincipalKind
    principal_id: UUID
    events_url: str
    seen: int


class EventStream(StreamingHttpResponse):
    """Says what may be watched. An API process tells it in a short stream; the streaming process takes `watch` out of
    it, and tells it in its own way.
    """

    def __init__(self, watch: Watch, content: Iterable[bytes], **more: Any) -> None:
        super().__init__(content, content_type=sse.MEDIA_TYPE, headers={"X-Accel-Buffering": "no"}, **more)
        self.watch = watch
