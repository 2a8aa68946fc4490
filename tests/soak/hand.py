"""What a worker has in hand, seen from outside: memory that it shares with the process it was forked from."""

from multiprocessing.sharedctypes import RawValue
from typing import Any


class Hand:
    """The number of a row, or 0."""

    def __init__(self) -> None:
        self._row: Any = RawValue("q", 0)

    @property
    def row(self) -> int:
        return int(self._row.value)

    def take(self, row: int) -> None:
        self._row.value = row

    def drop(self) -> None:
        self._row.value = 0
