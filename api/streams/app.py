"""The ASGI application of the streaming process: the API decides who may watch, and this keeps them told."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

import structlog
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from api.streams import metrics
from api.streams.door import Door, Scope, refusal
from api.streams.hub import Hub
from api.streams.seats import Seats
from api.streams.stream import Stream, Times
from api.streams.watch import EventStream
from tenants.faults import Fault

log = structlog.get_logger()

# A reader who takes nothing for so long is gone, whatever the line says.
_TAKES_WITHIN_S: Final = 30.0

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Streams:
    """Lives in one event loop."""

    def __init__(self, door: Door, hub: Hub, *, times: Times | None = None) -> None:
        self._door, self._hub = door, hub
        self._times = times or Times()
        self._seats = Seats()
        self._open: dict[Stream, asyncio.Task[None]] = {}
        self._stopping = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, for as long as it takes."""
        asked_at = time.monotonic()
        answer = await self._door.ask(scope)
        if not isinstance(answer, EventStream) or scope["method"] != "GET":
            await _reply(send, answer)
            return
        try:
            with self._seats.taken(answer.watch):
                await self._tell(scope, answer, receive, send, asked_at)
        except Fault as fault:
            await _reply(send, refusal(scope, fault, answer))

    async def stop(self, *, within_s: float) -> None:
        """End every stream, and ask the readers to come back."""
        self._stopping = True
        for stream in tuple(self._open):
            stream.stop()
        if self._open:
            await asyncio.wait(tuple(self._open.values()), timeout=within_s)

    async def _tell(self, scope: Scope, granted: EventStream, receive: Receive, send: Send, asked_at: float) -> None:
        stream = Stream(
            granted.watch,
            send=lambda data: _write(send, data),
            ask=lambda: self._door.ask(scope),
            times=self._times,
            asked_at=asked_at,
        )
        await send(_head(granted))
        metrics.OPENED.inc()
        telling = asyncio.create_task(self._until_over(stream, granted, send))
        self._open[stream] = telling
        if self._stopping:
            stream.stop()
        gone = asyncio.create_task(_until_gone(receive))
        try:
            await asyncio.wait((telling, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (telling, gone):
                task.cancel()
            await asyncio.gather(telling, gone, return_exceptions=True)
            del self._open[stream]

    async def _until_over(self, stream: Stream, granted: EventStream, send: Send) -> None:
        reason = "gone"
        try:
            with self._hub.watching(granted.watch.agency_id, granted.watch.operation_id, stream):
                reason = await stream.tell()
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (OSError, RuntimeError, TimeoutError):
            log.info("streams.reader_gone")
        finally:
            metrics.ENDED.labels(reason).inc()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, data: bytes) -> None:
    async with asyncio.timeout(_TAKES_WITHIN_S):
        await send({"type": "http.response.body", "body": data, "more_body": True})


async def _reply(send: Send, answer: HttpResponseBase) -> None:
    await send(_head(answer))
    body = answer.content if isinstance(answer, HttpResponse) else b""
    with suppress(OSError, RuntimeError):
        await send({"type": "http.response.body", "body": body, "more_body": False})


def _head(answer: HttpResponseBase) -> dict[str, Any]:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.items()]
    cookies = [(b"set-cookie", morsel.OutputString().encode("latin-1")) for morsel in answer.cookies.values()]
    return {"type": "http.response.start", "status": answer.status_code, "headers": headers + cookies}
