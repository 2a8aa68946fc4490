"""An HMRC that only counts, and as strictly as can be: each request uses budget, and no second may see one too many."""

import asyncio
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from random import Random
from threading import Thread
from time import monotonic
from typing import Self

_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
_TOO_MANY = b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\n\r\n{}"


def shortest(stamps: Sequence[float], *, limit: int) -> float:
    """The shortest time in which one more than `limit` came; endless, if so many did not."""
    came = sorted(stamps)
    spans = [last - first for first, last in zip(came, came[limit:], strict=False)]
    return min(spans, default=float("inf"))


def most_in_a_second(stamps: Sequence[float]) -> int:
    """How many came in the fullest rolling second."""
    came = sorted(stamps)
    return max((place + 1 - bisect_right(came, at - 1.0) for place, at in enumerate(came)), default=0)


class StrictServer:
    """
    On a free loopback port. `delay_s`: at most so long a request is under way before it is counted.

    `answers_s`: from being counted to its answer. `arrivals` and `refused` are by the monotonic clock, which all
    processes of a machine share.
    """

    def __init__(self, *, limit: int, delay_s: float = 0.0, answers_s: float = 0.0) -> None:
        self.limit, self._delay_s, self._answers_s = limit, delay_s, answers_s
        self.arrivals: list[float] = []
        self.refused: list[float] = []
        self.port = 0
        self._random = Random(1)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        starting = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop)
        self.port = starting.result().sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                if self._delay_s:
                    await asyncio.sleep(self._random.uniform(0, self._delay_s))
                answer = self._counted(monotonic())
                if self._answers_s:
                    await asyncio.sleep(self._answers_s)
                writer.write(answer)
                await writer.drain()
        writer.close()

    def _counted(self, now: float) -> bytes:
        self.arrivals.append(now)
        if most_in_a_second(self.arrivals[-self.limit - 1 :]) <= self.limit:
            return _OK
        self.refused.append(now)
        return _TOO_MANY

    async def _end(self) -> None:
        mine = asyncio.current_task()
        serving = [task for task in asyncio.all_tasks() if task is not mine]
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
