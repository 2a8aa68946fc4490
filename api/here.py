"""By which address the API was asked: an answer that names an absolute address names one that the caller can reach."""

import re
from contextvars import ContextVar
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

_PORT: Final = re.compile(r":[0-9]+\Z")
_asked: ContextVar[HttpRequest | None] = ContextVar("asked", default=None)


def enter(request: HttpRequest) -> None:
    """From now on, this thread answers this request. Its host is believed when it is asked for, not before."""
    _asked.set(request)


def events_url(operation_id: UUID) -> str:
    """Where the operation's changes are told, as they come. Empty where nobody asks."""
    request = _asked.get()
    if request is None:
        return ""
    host = request.get_host()
    if settings.STREAMS_PORT:
        host = f"{_PORT.sub('', host)}:{settings.STREAMS_PORT}"
    return f"{request.scheme}://{host}/api/v1/operations/{operation_id}/events"
