"""Whether so many landlords' quarters fit."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from mtd.forecast import CALLS, USABLE, Forecast


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
