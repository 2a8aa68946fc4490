"""The one clock of the domain. In `local` it moves together with the HMRC stand-in's; elsewhere it is the machine's.

Leases do not use it: they live on PostgreSQL's clock, so that no two wall clocks are ever compared.
"""

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

LONDON = ZoneInfo("Europe/London")  # HMRC's days begin and end here
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_REREAD_S = 0.2
_CLOCKS_DIFFER_BY = timedelta(minutes=5)

_offset = timedelta(0)
_read_at = 0.0


def now() -> datetime:
    """The present moment, UTC."""
    return machine() + _moved()


def machine() -> datetime:
    """The machine's own clock, UTC, never moved: for what is compared with other machines' clocks."""
    return datetime.now(UTC)


def today() -> date:
    """HMRC's present day: the date in London."""
    return now().astimezone(LONDON).date()


def end_of(day: date) -> datetime:
    """The moment at which a day of HMRC's is over, UTC: midnight in London, whichever clock London is on by then."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), LONDON).astimezone(UTC)


def is_to_come(moment: datetime, *, now: datetime) -> bool:
    """Whether somebody names a moment that nobody can have seen yet, whatever their clock says."""
    return moment > now + _CLOCKS_DIFFER_BY


def _moved() -> timedelta:
    path: Path | None = settings.CLOCK_FILE
    if path is None:
        return timedelta(0)
    global _offset, _read_at
    if time.monotonic() - _read_at > _REREAD_S:
        _offset, _read_at = _read(path), time.monotonic()
    return _offset


def _read(path: Path) -> timedelta:
    try:
        return timedelta(seconds=float(path.read_text()))
    except (OSError, ValueError):
        return timedelta(0)
