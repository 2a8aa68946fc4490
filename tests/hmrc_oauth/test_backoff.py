"""Waits: within their bounds, never all the same, and twice as long after each try."""

from datetime import timedelta

import pytest

from hmrc_oauth import backoff, refresh
from hmrc_oauth.backoff import MOST, Wait
from hmrc_oauth.models import Grant
from tests.conftest import NOON
from tests.hmrc_oauth.fake_door import NOT_SENT, UNKNOWN, Answer, FakeClock, FakeDoor, granted
from tests.hmrc_oauth.scenes import again, due_at, rung_for

WAIT = Wait(timedelta(seconds=15), timedelta(seconds=10))


def seconds(tries: int = 0) -> float:
    return (WAIT.after(NOON, tries=tries) - NOON).total_seconds()


@pytest.mark.parametrize(("tries", "least", "most"), [(0, 15, 25), (1, 30, 50), (2, 60, 100)])
def test_a_wait_is_spread_over_all_of_its_span_and_doubles(tries: int, least: int, most: int) -> None:
    waits = [seconds(tries) for _ in range(200)]

    assert least <= min(waits) < least + (most - least) / 5
    assert most - (most - least) / 5 < max(waits) <= most


@pytest.mark.parametrize("tries", [4, 9, 32_000])
def test_a_wait_never_grows_beyond_two_minutes_and_stays_spread(tries: int) -> None:
    waits = [seconds(tries) for _ in range(200)]

    assert MOST.total_seconds() == 120
    assert 60 <= min(waits) < 72
    assert 108 < max(waits) <= 120


@pytest.mark.parametrize(("answer", "waits"), [(UNKNOWN, [95, 100, 110]), (NOT_SENT, [5, 10, 20])])
def test_each_try_that_comes_to_nothing_is_followed_by_a_longer_wait(
    stale: Grant, door: FakeDoor, time: FakeClock, answer: Answer, waits: list[int]
) -> None:
    door.will(*[answer] * 3)
    seen = []

    for _ in range(3):
        rung_for(stale)
        seen.append((due_at("refresh", stale.pk) - time.now).total_seconds())

    assert seen == waits


def test_a_new_pair_begins_the_waits_anew(stale: Grant, door: FakeDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    Grant.objects.filter(pk=stale.pk).update(tries=7)
    door.will(granted())
    refresh.run(grant_id=stale.pk)

    assert again(stale).tries == 0
    assert backoff.chance() == 0.5
