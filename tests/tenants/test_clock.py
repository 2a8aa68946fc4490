"""The one clock: it moves where the environment says so, and knows London's days."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tenants import clock


@pytest.fixture(autouse=True)
def file(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that moves the clock, read at every look."""
    settings.CLOCK_FILE = tmp_path / "clock"
    monkeypatch.setattr(clock, "_REREAD_S", -1.0)
    monkeypatch.setattr(clock, "_offset", timedelta(0))
    return Path(settings.CLOCK_FILE)


def _ahead() -> float:
    return round((clock.now() - datetime.now(UTC)).total_seconds())  # the machine's own clock, to compare with


@pytest.mark.parametrize(("text", "seconds"), [("0", 0), ("3600\n", 3600), ("-60", -60), ("86400.4", 86400)])
def test_the_clock_is_as_far_ahead_as_the_file_says(text: str, seconds: int, file: Path) -> None:
    file.write_text(text)

    assert _ahead() == seconds


@pytest.mark.parametrize("text", ["", "tomorrow", "1 2"])
def test_a_file_that_says_nothing_moves_nothing(text: str, file: Path) -> None:
    file.write_text(text)

    assert _ahead() == 0


@pytest.mark.parametrize(
    ("day", "over"),
    [
        (date(2026, 8, 7), datetime(2026, 8, 7, 23, 0, tzinfo=UTC)),  # summer time
        (date(2026, 11, 7), datetime(2026, 11, 8, 0, 0, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 23, 0, tzinfo=UTC)),  # the clocks go back on the 25th
        (date(2026, 10, 25), datetime(2026, 10, 26, 0, 0, tzinfo=UTC)),  # a day of 25 hours
        (date(2027, 3, 27), datetime(2027, 3, 28, 0, 0, tzinfo=UTC)),  # the clocks go forward on the 28th
        (date(2027, 3, 28), datetime(2027, 3, 28, 23, 0, tzinfo=UTC)),  # a day of 23 hours
    ],
)
def test_a_day_is_over_at_midnight_in_london(day: date, over: datetime) -> None:
    assert clock.end_of(day) == over
    assert (over - timedelta(seconds=1)).astimezone(clock.LONDON).strftime("%X") == "23:59:59"


def test_without_the_file_the_clock_is_the_machines(file: Path) -> None:
    assert not file.exists()
    assert _ahead() == 0


def test_where_the_clock_can_not_be_moved_the_file_is_not_looked_at(settings: Any, file: Path) -> None:
    file.write_text("3600")
    settings.CLOCK_FILE = None

    assert _ahead() == 0


def test_the_clock_speaks_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 4, 5, 22, 59, tzinfo=UTC), date(2026, 4, 5)),
        (datetime(2026, 4, 5, 23, 0, tzinfo=UTC), date(2026, 4, 6)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), date(2026, 12, 31)),
    ],
)
def test_hmrcs_day_begins_at_midnight_in_london(moment: datetime, day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)

    assert clock.today() == day
