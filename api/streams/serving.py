"""The streaming process: one event loop, until it is told to stop."""

import asyncio
import signal
from typing import Final

from django.conf import settings
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

from api.streams import bells
from api.streams.app import Streams
from api.streams.door import Door
from api.streams.hub import Hub
from api.streams.stream import Times

# For the last words of every stream. What stops this process must leave it more.
_LAST_WORDS_S: Final = 5.0
_CLOSES_WITHIN_S: Final = 5.0
# Connections beyond the streams that are let in: those that are told there is no room.
_STANDING: Final = 256
_BACKLOG: Final = 1024


async def serve_until_told(*, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    await serve(host=host, port=port, stopping=stopping)


async def serve(*, host: str, port: int, stopping: asyncio.Event, times: Times | None = None) -> None:
    """Serve until `stopping` is set; then end every stream in order."""
    door = Door()
    hub = Hub(door.read)
    streams = Streams(door, hub, times=times)
    server = _server(streams, host, port)
    running = [asyncio.create_task(work) for work in (server.serve(), bells.listen(hub), hub.keep_looking())]
    told_to_stop = asyncio.create_task(stopping.wait())
    # Any of them that ends unasked ends the process: whoever runs it starts another.
    ended, _ = await asyncio.wait((*running, told_to_stop), return_when=asyncio.FIRST_COMPLETED)
    await streams.stop(within_s=_LAST_WORDS_S)
    server.stop()  # type: ignore[no-untyped-call]
    for task in running[1:]:
        task.cancel()
    await asyncio.wait(running, timeout=_CLOSES_WITHIN_S)
    await asyncio.to_thread(door.close)
    for task in ended - {told_to_stop}:
        task.result()


def _server(streams: Streams, host: str, port: int) -> Server:
    return Server(
        streams,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        backlog=_BACKLOG,
        # Requests that are under way at once; granian would take as many as its backlog.
        backpressure=settings.STREAMS_MOST + _STANDING,
        log_enabled=False,
    )
