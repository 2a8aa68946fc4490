"""What each policy costs: calls, share of HMRC's rate, grants lost. docs/refresh.md shows the table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from hmrc_oauth.policy import ACCESS_LIFE, LEAD, Policy

_DAY_S = timedelta(days=1).total_seconds()
_YEAR_DAYS = 365.25
# Assumed, for the table only: in a year each landlord is worked with twenty times, hours apart; a refresh is in flight
# for 0.3 s; once a week the worker is killed without warning.
SPELLS = 20
IN_FLIGHT_S = 0.3
KILLS = 52


def coverable(*, share: float, rate: float) -> int:
    """How many grants can be kept warm by `share` of `rate` requests a second."""
    return int(share * rate * _EVERY_S)


def share_for(*, grants: int, rate: float) -> float:
    """The share of `rate` requests a second that keeps so many grants warm; above 1, no share does."""
    return grants / _EVERY_S / rate


@dataclass(frozen=True)
class Forecast:
    """One policy for so many landlords, at `rate` requests a second and `share` of it for refreshes ahead."""

    policy: Policy
    landlords: int
    rate: float = 3.0
    share: float = 0.20

    @property
    def kept_warm(self) -> int:
        most = coverable(share=self.share, rate=self.rate)
        return min(self.landlords, most) if self.policy == Policy.ALL else 0

    @property
    def refreshes_a_day(self) -> float:
        idle = self.landlords - self.kept_warm
        # Whoever works again hours later needs a new token; `working` renews it once more, and lets that one lapse.
        a_spell = 2 if self.policy == Policy.WORKING else 1
        return self.kept_warm * _DAY_S / _EVERY_S + idle * SPELLS * a_spell / _YEAR_DAYS

    @property
    def budget(self) -> float:
        """The share of all that HMRC allows in a day."""
        return self.refreshes_a_day / (self.rate * _DAY_S)

    @property
    def lost_a_year(self) -> float:
        """Grants: the kills, times how many refreshes are in flight on average."""
        return KILLS * self.refreshes_a_day * IN_FLIGHT_S / _DAY_S


def table() -> Iterator[str]:
    """The lines of the table, in Markdown."""
    yield "| " + " | ".join(_HEADS) + " |"
    yield "|---" * len(_HEADS) + "|"
    for landlords in (1_000, 10_000, 100_000):
        for policy in Policy:
            yield _line(Forecast(policy, landlords))


def _line(made: Forecast) -> str:
    takes = f"{share_for(grants=made.landlords, rate=made.rate):.1%}" if made.policy == Policy.ALL else ""
    cells = [
        f"{made.landlords:,}",
        f"`{made.policy}`",
        f"{made.refreshes_a_day:,.0f}",
        f"{made.budget:.2%}",
        f"{made.kept_warm:,}",
        f"{made.lost_a_year:.3f}",
        takes,
    ]
    return "| " + " | ".join(cells) + " |"


_HEADS = (
    "landlords",
    "policy",
    "refreshes a day",
    "of HMRC's 3 a second",
    "kept warm",
    "lost a year",
    "`REFRESH_SHARE` for all",
)
# From one refresh ahead to the next, on average.
_EVERY_S = (ACCESS_LIFE - LEAD).total_seconds()
