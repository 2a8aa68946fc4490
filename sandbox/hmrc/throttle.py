"""HMRC's rate limit, in its strictest reading: so many requests in any sliding second, for the whole application."""

from collections import deque
from threading import Lock
from time import monotonic

SECOND = 1.0


class Throttle:
    """Counts real seconds: moving the clock does not buy requests."""

    def __init__(self, *, per_second: int) -> None:
        self.per_second = per_second
        self.refused = 0
        self.accepted = 0
        self.worst_second = 0
        self._admitted: deque[float] = deque(maxlen=per_second or None)
        self._arrived: deque[float] = deque()
        self._lock = Lock()

    def admit(self) -> bool:
        """Take one request in, unless the last second is full. Refused requests do not count against it."""
        now = monotonic()
        with self._lock:
            self._count(now)
            if self._is_full(now):
                self.refused += 1
                return False
            self.accepted += 1
            if self.per_second:
                self._admitted.append(now)
            return True

    def _is_full(self, now: float) -> bool:
        return 0 < self.per_second == len(self._admitted) and now - self._admitted[0] < SECOND

    def _count(self, now: float) -> None:
        self._arrived.append(now)
        while now - self._arrived[0] >= SECOND:
            self._arrived.popleft()
        self.worst_second = max(self.worst_second, len(self._arrived))

    def reset(self) -> None:
        with self._lock:
            self.refused = self.accepted = self.worst_second = 0
            self._admitted.clear()
            self._arrived.clear()

    def figures(self) -> dict[str, int]:
        """Return what came since the last reset; `worst_second` is the most arrivals in any second, refused or not."""
        return {
            "per_second": self.per_second,
            "accepted": self.accepted,
            "refused": self.refused,
            "worst_second": self.worst_second,
        }
