"""Which refresh tokens are being spent, and which were spent already. Kept in memory: a restart forgets it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from sandbox.hmrc.config import digest
from sandbox.hmrc.oauth.grants import Tokens


class Again(NamedTuple):
    """A refresh token was sent although it was being spent at that moment (`overlapped`), or had been."""

    spent: str
    overlapped: bool
    at: float


@dataclass
class Send:
    """One request that spends a refresh token. Only the first of those at the same moment may."""

    is_first: bool
    got: Tokens | None = None


class Sends:
    """All requests to spend a refresh token, by digest."""

    def __init__(self) -> None:
        self._running: set[str] = set()
        self._successor: dict[str, str] = {}
        self._again: list[Again] = []
        self._lock = Lock()

    @contextmanager
    def begin(self, refresh_token: str, *, now: float) -> Iterator[Send]:
        """Yield the send; who rotates the token says what came of it in `got`."""
        name = digest(refresh_token)
        with self._lock:
            send = Send(is_first=name not in self._running)
            self._running.add(name)
            if name in self._successor or not send.is_first:
                self._again.append(Again(name, overlapped=not send.is_first, at=now))
        try:
            yield send
        finally:
            with self._lock:
                if send.got:
                    self._successor[name] = digest(send.got.refresh)
                if send.is_first:
                    self._running.discard(name)

    def drop_all(self) -> None:
        with self._lock:
            self._successor.clear()
            self._again.clear()

    def again(self, *, after: int) -> list[dict[str, object]]:
        """Tell the sends of a token that was being spent or spent, but for the first `after` of them, each with its
        time and the digest of the newest token that has come of it.
        """
        with self._lock:
            return [
                {"newest": self._newest(one.spent), "overlapped": one.overlapped, "at": one.at}
                for one in self._again[after:]
            ]

    def _newest(self, name: str) -> str:
        while name in self._successor:
            name = self._successor[name]
        return name
