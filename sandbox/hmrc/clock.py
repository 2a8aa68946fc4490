"""The movable clock: real time plus an offset that lives in a file, so that others can read the same time."""

import json
import math
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Lock
from time import time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
FURTHEST = timedelta(days=3650).total_seconds()

Stamp = tuple[int, int, int]


class Clock:
    """Tells the time. Seconds since 1970, UTC; HMRC's days are London days."""

    def __init__(self, *, file: Path) -> None:
        self._file = file
        self._lock = Lock()
        self._seen: tuple[Stamp | None, float] = (None, 0.0)

    def now(self) -> float:
        return time() + self.offset()

    def today(self) -> date:
        return datetime.fromtimestamp(self.now(), tz=LONDON).date()

    def offset(self) -> float:
        """Return the seconds added to real time, 0 without a file. Raises ValueError if it holds no number."""
        stamp = self._stamp()
        if stamp != self._seen[0]:
            self._seen = (stamp, float(json.loads(self._file.read_text())) if stamp else 0.0)
        return self._seen[1]

    def _stamp(self) -> Stamp | None:
        try:
            found = self._file.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def set(self, *, offset: float) -> None:
        """Put the clock that many seconds from real time. Raises ValueError for more than ten years or no number."""
        if not math.isfinite(offset) or abs(offset) > FURTHEST:
            raise ValueError("an offset is a number of seconds, at most ten years either way")
        with self._lock:
            self._write(offset)

    def advance(self, *, seconds: float) -> None:
        """Move the clock on from where it is. Raises ValueError as `set` does."""
        self.set(offset=self.offset() + seconds)

    def _write(self, offset: float) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        fresh.write_text(json.dumps(offset))
        fresh.replace(self._file)


def to_iso(moment: float) -> str:
    """Write a moment as HMRC does: UTC, three digits of a second, Z."""
    return datetime.fromtimestamp(moment, tz=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_london_date(moment: float) -> date:
    return datetime.fromtimestamp(moment, tz=LONDON).date()
