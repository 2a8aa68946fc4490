"""The right to send one request, from when it is granted to HMRC's answer."""

from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from hmrc_door.pace_gate import PaceUnavailable


class TooLate(Exception):  # noqa: N818  it is an answer, not a mistake
    """The slot went stale before the request left: nothing was sent."""


class _Report(Protocol):
    def __call__(self, slot_id: str, /, *, left_at: float) -> None: ...


def _to_nobody(_slot_id: str, /, *, left_at: float) -> None:
    pass


@dataclass(eq=False, kw_only=True)
class Slot:
    """The right to send one request, now. `report` is told when HMRC has answered. Times are of the monotonic clock."""

    asked_at: float
    good_for_ms: float
    id: str = ""
    report: _Report = field(default=_to_nobody, repr=False)
    _left_at: float | None = None

    @property
    def is_fresh(self) -> bool:
        """Whether a request sent now still arrives within this slot's room (by this process's monotonic clock)."""
        return (monotonic() - self.asked_at) * 1000 <= self.good_for_ms

    def leave(self) -> None:
        """Called when the connection is open and the request's first byte is about to leave. Raises TooLate."""
        if not self.is_fresh:
            raise TooLate
        self._left_at = monotonic()

    def answered(self) -> None:
        """HMRC answered, whatever it was: it has counted this request. Never raises: unsaid, the margin stands in."""
        with suppress(PaceUnavailable):
            self.report(self.id, left_at=self.asked_at if self._left_at is None else self._left_at)
