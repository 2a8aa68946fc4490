"""Server-sent events, as the HTML standard writes them: what goes over the wire, and what an end says."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from rest_framework.negotiation import DefaultContentNegotiation

MEDIA_TYPE: Final = "text/event-stream"
HEARTBEAT: Final = b": heartbeat\n\n"
RETRY_MS: Final = 2000


class Reason(StrEnum):
    """Why a stream ends. After DONE and FAILED there is nothing more to come, after REFUSED nothing that this
    credential may see; after the others, come back.
    """

    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    AGE = "age"  # it was open for as long as one may be
    STOPPING = "stopping"  # the process stops; another takes its place
    UNAVAILABLE = "unavailable"  # the database can't be asked


_COME_BACK: Final = frozenset({Reason.AGE, Reason.STOPPING, Reason.UNAVAILABLE})


class AnyAccept(DefaultContentNegotiation):
    """A stream is a stream and a refusal is problem+json, whatever is said to be accepted."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type


def hello() -> bytes:
    """The first that is sent: so long to wait before coming back, should the line break."""
    return f"retry: {RETRY_MS}\n\n".encode()


def event(name: str, data: Mapping[str, Any], *, id: int | None = None, retry_ms: int | None = None) -> bytes:
    """One event. `data` is JSON, and so of one line."""
    lines = [f"event: {name}"]
    lines += [] if id is None else [f"id: {id}"]
    lines += [] if retry_ms is None else [f"retry: {retry_ms}"]
    return "\n".join([*lines, f"data: {json.dumps(data)}", "", ""]).encode()


def end(reason: Reason, *, retry_ms: int = RETRY_MS, **more: Any) -> bytes:
    """The last event of every stream: why it ends, and after how many milliseconds to come back, if at all."""
    retry = retry_ms if reason in _COME_BACK else None
    return event("end", {"reason": reason, "retry_ms": retry, **more}, retry_ms=retry)
