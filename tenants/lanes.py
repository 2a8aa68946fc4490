"""The lanes in which calls to HMRC wait: who goes first, and how seldom nobody goes."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType


class Lane(StrEnum):
    """Most urgent first: a person waits; waiting work needs a token; due soon; bulk; whenever."""

    INTERACTIVE = "interactive"
    TOKEN = "token"  # noqa: S105 - a lane, not a secret
    DEADLINE = "deadline"
    BULK = "bulk"
    BACKGROUND = "background"


ORDER: tuple[Lane, ...] = tuple(Lane)

# A lane that was passed over so many times, while something waited in it, goes next: none starves.
FLOORS: Mapping[Lane, int] = MappingProxyType({Lane.TOKEN: 3, Lane.DEADLINE: 8, Lane.BULK: 16, Lane.BACKGROUND: 40})

# What HMRC wants within so many days goes before what is only wanted soon.
NEAR = timedelta(days=7)


def by_deadline(deadline: date | None, *, today: date) -> Lane:
    """The lane of work that HMRC wants by this day, on London's day `today`. What is late is most urgent of all."""
    return Lane.DEADLINE if deadline is not None and deadline <= today + NEAR else Lane.BULK


def more_urgent(one: Lane, other: Lane) -> Lane:
    """Whichever of the two goes first."""
    return min(one, other, key=ORDER.index)
