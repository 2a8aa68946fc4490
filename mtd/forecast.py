"""How many calls a deadline takes, and whether HMRC's rate carries them. docs/deadline-day.md explains the figures."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

_DAY_S = timedelta(days=1).total_seconds()

# Calls to HMRC for one landlord's quarter, one property business each.
CALLS = {
    "refresh": 1.0,  # the token has lapsed since the last quarter
    "read what HMRC holds": 1.0,  # our last read is over a day old
    "send": 1.0,
    "read the obligations": 1.0,
    "again": 0.08,  # two in a hundred of these meet an outage, a lost answer or a token that has just ended
}
# Of HMRC's rate: what the pace really gives (`make bench ONLY=pace`), less a tenth for people who are waiting.
USABLE = 0.98 * 0.9


@dataclass(frozen=True)
class Forecast:
    """So many landlords' quarters within so many days, at `rate` requests a second of which `in_use` is taken."""

    landlords: int
    days: float
    rate: float
    in_use: float = 0.0

    @property
    def calls(self) -> int:
        return ceil(self.landlords * sum(CALLS.values()))

    @property
    def per_second(self) -> float:
        """What is left for this work."""
        return self.rate * max(0.0, USABLE - self.in_use)

    @property
    def capacity(self) -> int:
        """Calls in all the days."""
        return int(self.per_second * self.days * _DAY_S)

    @property
    def fits(self) -> bool:
        return self.calls <= self.capacity

    @property
    def takes(self) -> timedelta | None:
        """How long it takes; None if nothing is left of the rate."""
        return timedelta(seconds=self.calls / self.per_second) if self.per_second else None

    @property
    def rate_needed(self) -> float:
        """Requests a second that a request for a higher tier would have to name: whole ones are granted."""
        return float(tier_for(self.calls / (self.days * _DAY_S) + self.in_use * self.rate))


def tier_for(rate: float) -> int:
    """Requests a second that a request for a higher tier would have to name, for work that takes this rate."""
    return max(1, ceil(rate / USABLE))
