"""Whether it fits, and when whose work is done: arithmetic checked against a drain, one call at a time."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from mtd.forecast import CALLS, USABLE, Forecast, finishes


def _drain(queued: Mapping[str, int]) -> dict[str, int]:
    """Which call was each agency's last, in turn one by one; the order within a round may differ by a round."""
    left, done, ends = dict(queued), 0, {}
    while left:
        for name in sorted(left, key=lambda name: (left[name], name)):
            done, left[name] = done + 1, left[name] - 1
            if not left[name]:
                ends[name] = done
                del left[name]
    return ends


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(1, 40), min_size=1, max_size=8))
def test_agencies_are_done_when_a_drain_in_turn_is_done_with_them(queued: dict[str, int]) -> None:
    told, happened = finishes(queued, per_second=1.0), _drain(queued)

    for name in queued:
        assert abs(told[name].total_seconds() - happened[name]) < len(queued)


def test_the_last_one_is_done_when_everything_is() -> None:
    told = finishes({"whale": 10_000, **{f"small {n}": 20 for n in range(10)}}, per_second=3)

    assert told["whale"] == timedelta(seconds=10_200 / 3)
    assert {told[name] for name in told if name != "whale"} == {timedelta(seconds=220 / 3)}


@given(
    landlords=st.integers(1, 1_000_000),
    days=st.floats(0.1, 90),
    rate=st.sampled_from([3.0, 10.0]),
    in_use=st.floats(0, 0.8),
)
def test_what_does_not_fit_fits_at_the_rate_it_asks_for(
    landlords: int, days: float, rate: float, in_use: float
) -> None:
    made = Forecast(landlords, days, rate, in_use)

    taken = in_use * rate / made.rate_needed
    assert Forecast(landlords, days, made.rate_needed, taken).capacity >= made.calls - 1
    assert made.fits == (made.calls <= made.capacity)


def test_ten_thousand_landlords_need_their_calls_and_no_more() -> None:
    made = Forecast(10_000, 1, 3.0)

    assert made.calls == round(10_000 * sum(CALLS.values()))
    assert made.takes is not None
    assert made.takes.total_seconds() == pytest.approx(made.calls / (3 * USABLE))


def test_with_nothing_left_of_the_rate_there_is_no_end() -> None:
    made = Forecast(1, 1, 3.0, in_use=1.0)

    assert (made.takes, made.fits) == (None, False)


def test_the_command_says_it_in_words(capsys: Any) -> None:
    call_command("forecast", landlords=100_000, days=1)

    assert "It does not fit: ask HMRC for" in capsys.readouterr().out


def test_the_command_says_it_as_json(capsys: Any) -> None:
    call_command("forecast", landlords=1_000, days=7, json=True)

    said = json.loads(capsys.readouterr().out)
    assert (said["landlords"], said["fits"], said["rate_needed"]) == (1_000, True, 1.0)


@pytest.mark.parametrize("wrong", [{"landlords": 0}, {"days": 0.0}, {"in_use": 1.5}, {"rate": -1.0}])
def test_nonsense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        call_command("forecast", **{"landlords": 1, "days": 1.0, **wrong})
