"""Asks the API's own code whether a caller may watch: the same middleware, the same view, the same refusals.

Django runs in threads of ours, each with a connection of its own. It is in an agency's schema only while it answers.
"""

import asyncio
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from io import BytesIO
from threading import Barrier, BrokenBarrierError
from typing import Any, Final
from uuid import UUID

from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from api import problems
from api.streams import states
from api.streams.states import State
from api.streams.watch import EventStream
from tenants.faults import Fault

Scope = dict[str, Any]
# Few: they share one interpreter. Who opens a stream must not wait behind looks, nor looks behind a crowd that opens.
_DOOR_THREADS: Final = 3
_LOOK_THREADS: Final = 2
_HANGS_UP_WITHIN_S: Final = 2.0


class Door:
    """Django, answering one request at a time in each of a few threads."""

    def __init__(self) -> None:
        self._handler = WSGIHandler()
        self._door = ThreadPoolExecutor(_DOOR_THREADS, thread_name_prefix="door")
        self._looks = ThreadPoolExecutor(_LOOK_THREADS, thread_name_prefix="look")

    async def ask(self, scope: Scope) -> HttpResponseBase:
        """The API's answer to this request, whose body is not read."""
        return await asyncio.get_running_loop().run_in_executor(self._door, self._answer, scope)

    async def read(self, agency_id: UUID, ids: Iterable[UUID]) -> Mapping[UUID, State]:
        """`states.read`, in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._looks, partial(_look, agency_id, ids))

    def close(self) -> None:
        """Take nothing more, and hang up. A thread that waits for a database which does not answer is left to it."""
        for pool, threads in ((self._door, _DOOR_THREADS), (self._looks, _LOOK_THREADS)):
            together = Barrier(threads + 1)
            for _ in range(threads):
                pool.submit(_hang_up, together)
            with suppress(BrokenBarrierError):
                together.wait(_HANGS_UP_WITHIN_S)
            pool.shutdown(wait=False, cancel_futures=True)

    def _answer(self, scope: Scope) -> HttpResponseBase:
        set_script_prefix("/")
        request = _request(scope)
        close_old_connections()
        try:
            answer: HttpResponseBase = self._handler.get_response(request)
        finally:
            close_old_connections()
        return answer


def refusal(scope: Scope, fault: Fault, granted: EventStream) -> HttpResponseBase:
    """A problem in place of a stream that was granted: readable for the same page."""
    request = _request(scope)
    request.request_id = granted["X-Request-Id"]  # type: ignore[attr-defined]
    answer = problems.respond(request, fault)
    answer["X-Request-Id"] = granted["X-Request-Id"]
    for name, value in granted.items():
        if name.lower() == "vary" or name.lower().startswith("access-control-"):
            answer[name] = value
    return answer


def _request(scope: Scope) -> HttpRequest:
    request = ASGIRequest(scope, BytesIO())
    request.urlconf = "api.streams.urls"
    return request


def _hang_up(together: Barrier) -> None:
    """Each thread has a connection of its own, and must close it itself: they meet, so that none does it twice."""
    connections.close_all()
    together.wait(_HANGS_UP_WITHIN_S)


def _look(agency_id: UUID, ids: Iterable[UUID]) -> dict[UUID, State]:
    close_old_connections()
    try:
        return states.read(agency_id, ids)
    finally:
        close_old_connections()
