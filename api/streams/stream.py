"""One open stream: tells each state that is new, a heartbeat while there is none, and at last why it ends."""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from api import sse
from api.streams import metrics
from api.streams.states import State
from api.streams.watch import EventStream, Watch

# Those who came together need not all come back together.
_SPREAD_MS: Final = 3000
_REFUSALS: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
)

Send = Callable[[bytes], Awaitable[None]]
Ask = Callable[[], Awaitable[HttpResponseBase]]


@dataclass(frozen=True)
class Times:
    """Seconds. `vet_s`: how long a credential that was revoked is still told."""

    heartbeat_s: float = 15.0
    vet_s: float = 30.0
    age_s: float = 600.0


class Stream:
    """`send` writes to the reader; `ask` has the API decide anew whether the reader may watch."""

    def __init__(self, watch: Watch, *, send: Send, ask: Ask, times: Times, asked_at: float) -> None:
        self._watch, self._send, self._ask, self._times = watch, send, ask, times
        self._asked_at = asked_at
        self._mail: State | None = None
        self._woken = asyncio.Event()
        self._stopping = False
        self._told: State | None = None
        self._last_id = watch.seen

    def hand(self, state: State) -> None:
        """The state as it is now. What it replaces before it was told is not missed: each says everything."""
        self._mail = state
        self._woken.set()

    def stop(self) -> None:
        """End it, and ask the reader to come back."""
        self._stopping = True
        self._woken.set()

    async def tell(self) -> sse.Reason:
        """Tell until there is nothing more to tell. Returns why it ended; what is raised is the reader's line."""
        await self._send(sse.hello())
        now = time.monotonic()
        beat, vet = now + self._times.heartbeat_s, now + self._times.vet_s
        dies = now + self._times.age_s * random.uniform(0.9, 1.0)  # noqa: S311 - spreads them, and guards nothing
        while True:
            await self._wait(min(beat, vet, dies) - time.monotonic())
            if self._stopping:
                return await self._end(sse.Reason.STOPPING)
            if await self._tell_news():
                beat = time.monotonic() + self._times.heartbeat_s
            if self._told is not None and self._told.end is not None:
                return await self._end(self._told.end)
            now = time.monotonic()
            if now >= dies:
                return await self._end(sse.Reason.AGE)
            if now >= vet:
                if (why := await self._refused()) is not None:
                    return await self._end(sse.Reason.REFUSED, problem=why)
                vet = time.monotonic() + self._times.vet_s
            if now >= beat:
                await self._send(sse.HEARTBEAT)
                beat = now + self._times.heartbeat_s

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()

    async def _tell_news(self) -> bool:
        state, self._mail = self._mail, None
        if state is None or not state.differs(self._told):
            return False
        await self._send(state.event(events_url=self._watch.events_url, after=self._last_id))
        if self._told is None:
            metrics.FIRST.observe(time.monotonic() - self._asked_at)
        metrics.TOLD.inc()
        self._told, self._last_id = state, max(state.id, self._last_id + 1)
        return True

    async def _refused(self) -> object | None:
        """The problem, if the API would not let the reader in any more. One that can't tell just now refuses nobody."""
        answer = await self._ask()
        if isinstance(answer, EventStream) or answer.status_code not in _REFUSALS:
            return None
        assert isinstance(answer, HttpResponse)
        return dict(json.loads(answer.content))

    async def _end(self, reason: sse.Reason, **more: object) -> sse.Reason:
        away = sse.RETRY_MS + random.randrange(_SPREAD_MS)  # noqa: S311 - as above
        await self._send(sse.end(reason, retry_ms=away, **more))
        return reason
