"""
Faults on request: what a network and a busy HMRC do, at the moment a test wants it.

A fault strikes the requests that it is meant for: of one operation, one API ("obligations-mtd") or any ("*"), perhaps
of one NINO; so many `times`, or for as long as it `lasts` by the stand-in's clock. Of those that wait, the oldest
strikes; but the lasting kinds (maintenance, slow, deprecated) hold beside it until they are lifted.

A lost answer looks the same to a client either way: a 200 that declares more bytes than it sends, then the end of the
connection (an incomplete read). That sameness is the point: the client can't know whether the effect happened.
Faults are kept in memory only: a restart is a stand-in without faults.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from sandbox.hmrc.api.problems import BY_STATUS
from sandbox.hmrc.kinds import ANY_ERROR, AUTHORIZE, KINDS, Kind

LONGEST = 300.0
# What can stand in a header as it is.
ADDRESS = re.compile(r"https?://[!-~]+")


class BadFault(ValueError):  # noqa: N818 - the word of the house
    """The fault that was asked for makes no sense."""


def _need(holds: bool, reason: str) -> None:  # noqa: FBT001 - a condition, not a switch
    if not holds:
        raise BadFault(reason)


def _is_number(value: object, *, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most


@dataclass(kw_only=True)
class Fault:
    """One kind of trouble. Raises BadFault. Dates are ISO 8601; `lasts` is seconds by the stand-in's clock."""

    kind: str
    operation: str = "*"
    times: int | None = None
    lasts: float | None = None
    nino: str | None = None
    when: str | None = None
    seconds: float = 5.0
    status: int | None = None
    code: str | None = None
    message: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    broken_body: bool = False
    to: str | None = None
    deprecated_on: str | None = None
    sunset: str | None = None
    link: str = "https://developer.service.hmrc.gov.uk/api-documentation/docs/api"
    begun_at: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        _need(self.kind in KINDS, f"kind is one of {', '.join(KINDS)}")
        kind = KINDS[self.kind]
        self._fill(kind)
        for name, (holds, promise) in CHECKS.items():
            _need(holds(getattr(self, name)), f"{name} is {promise}")
        _need(not kind.statuses or self.status in kind.statuses, f"status is one of {_listed(kind.statuses)}")
        _need(self.code is not None or kind.statuses is not ANY_ERROR, "code is missing, for this status has none")

    def _fill(self, kind: Kind) -> None:
        if self.times is None and self.lasts is None and not kind.is_lasting:
            self.times = 1
        self.when = self.when or kind.when
        self.status = kind.status if self.status is None else self.status
        known = None if kind.code else BY_STATUS.get(self.status)
        self.code = self.code or kind.code or (known.code if known else None)
        self.message = self.message or (known.message if known and known.code == self.code else kind.message)

    @property
    def is_lasting(self) -> bool:
        return KINDS[self.kind].is_lasting

    def strikes(self, *, operation: str, api: str, nino: str | None) -> bool:
        at = KINDS[self.kind].at
        is_place = operation in at if at else operation != AUTHORIZE
        return is_place and self.operation in {"*", operation, api} and self.nino in {None, nino}

    def is_over(self, *, now: float) -> bool:
        return self.times == 0 or (self.lasts is not None and now >= self.begun_at + self.lasts)

    def use(self) -> None:
        self.times = None if self.times is None else self.times - 1


def _listed(statuses: Collection[int]) -> str:
    return f"{min(statuses)} to {max(statuses)}" if statuses is ANY_ERROR else ", ".join(map(str, statuses))


def _is_date(value: object) -> bool:
    try:
        return value is None or to_moment(str(value)) is not None
    except (ValueError, OverflowError):
        return False


def to_moment(text: str) -> datetime:
    """Read a date (its midnight) or a time, in UTC unless it says its offset. Raises ValueError or OverflowError."""
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)


def _is_address(value: object) -> bool:
    return isinstance(value, str) and ADDRESS.fullmatch(value) is not None


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)


CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "operation": (lambda value: isinstance(value, str), "the name of an operation or of an API, or *"),
    "times": (lambda value: value is None or (type(value) is int and value > 0), "a whole number above 0"),
    "lasts": (lambda value: value is None or _is_number(value, most=1e9), "a number of seconds"),
    "nino": (_is_text, "a NINO"),
    "when": (lambda value: value in {"before", "after"}, "before or after"),
    "seconds": (lambda value: _is_number(value, most=LONGEST), "between 0 and 300"),
    "status": (lambda value: type(value) is int, "a status"),
    "code": (_is_text, "text"),
    "message": (_is_text, "text"),
    "extra": (lambda value: isinstance(value, dict), "an object"),
    "broken_body": (lambda value: isinstance(value, bool), "true or false"),
    "to": (lambda value: value is None or _is_address(value), "an address"),
    "deprecated_on": (_is_date, "a date"),
    "sunset": (_is_date, "a date"),
    "link": (_is_address, "an address"),
}


class Faults:
    """The faults that are waiting or holding, oldest first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = Lock()

    def add(self, fault: Fault, *, now: float) -> None:
        with self._lock:
            fault.begun_at = now
            self._faults.append(fault)

    def take(self, *, operation: str, api: str = "", nino: str | None = None, now: float) -> Fault | None:
        """Use up one time of the oldest fault that strikes this request."""
        found = self._struck(is_lasting=False, most=1, operation=operation, api=api, nino=nino, now=now)
        return found[0] if found else None

    def holding(self, *, operation: str, api: str = "", nino: str | None = None, now: float) -> list[Fault]:
        """Return the lasting faults that hold for this request, oldest first."""
        return self._struck(is_lasting=True, most=None, operation=operation, api=api, nino=nino, now=now)

    def _struck(self, *, is_lasting: bool, most: int | None, now: float, **place: Any) -> list[Fault]:
        if not self._faults:
            return []
        with self._lock:
            self._faults = [one for one in self._faults if not one.is_over(now=now)]
            struck = [one for one in self._faults if one.is_lasting == is_lasting and one.strikes(**place)][:most]
            for fault in struck:
                fault.use()
            self._faults = [one for one in self._faults if not one.is_over(now=now)]
            return struck

    def clear(self, *, kind: str | None = None) -> None:
        """Lift the faults of one kind, or all."""
        with self._lock:
            self._faults = [one for one in self._faults if kind not in {None, one.kind}]

    def listed(self, *, now: float) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(one) for one in self._faults if not one.is_over(now=now)]
