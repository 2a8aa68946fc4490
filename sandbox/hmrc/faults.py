"""
Faults on request: what a network and a busy HMRC do, at the moment a test wants it.

    answer_lost_before   nothing happens, and the answer is lost
    answer_lost_after    the effect happens, and the answer is lost
    hang                 the work waits `seconds` before its effect, then goes on as usual
    status               HMRC answers `status` (500, 501, 503 or 504) with its own body, before any effect
    rate_limited         429 as the gateway gives it

A lost answer looks the same to a client either way: a 200 that declares more bytes than it sends, then the end of the
connection (an incomplete read). That sameness is the point: the client can't know whether the effect happened.
Faults are kept in memory only: a restart is a stand-in without faults.
"""

from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

KINDS = ("answer_lost_before", "answer_lost_after", "hang", "status", "rate_limited")
STATUSES = (500, 501, 503, 504)
LONGEST_HANG = 300.0


class BadFault(ValueError):  # noqa: N818 - the word of the house
    """The fault that was asked for makes no sense."""


@dataclass(kw_only=True)
class Fault:
    """One kind of trouble for the next `times` requests to one operation ("*": any), perhaps of one NINO."""

    kind: str
    operation: str = "*"
    times: int = 1
    nino: str | None = None
    seconds: float = 5.0
    status: int = 500

    def __post_init__(self) -> None:
        _need(self.kind in KINDS, f"kind is one of {', '.join(KINDS)}")
        _need(type(self.times) is int and self.times > 0, "times is a whole number above 0")
        _need(type(self.seconds) in {int, float} and 0 <= self.seconds <= LONGEST_HANG, "seconds is between 0 and 300")
        _need(self.status in STATUSES, f"status is one of {', '.join(map(str, STATUSES))}")

    def strikes(self, *, operation: str, nino: str | None) -> bool:
        return self.operation in {"*", operation} and self.nino in {None, nino}


def _need(holds: bool, reason: str) -> None:  # noqa: FBT001 - a condition, not a switch
    if not holds:
        raise BadFault(reason)


class Faults:
    """The faults that are waiting, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def take(self, *, operation: str, nino: str | None) -> Fault | None:
        """Use up one time of the oldest fault that strikes this request."""
        if not self._waiting:
            return None
        with self._lock:
            fault = next((one for one in self._waiting if one.strikes(operation=operation, nino=nino)), None)
            if fault:
                fault.times -= 1
                self._waiting = [one for one in self._waiting if one.times]
            return fault

    def clear(self) -> None:
        with self._lock:
            self._waiting = []

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(one) for one in self._waiting]
