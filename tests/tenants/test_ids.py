"""Ids: UUIDs of version 7, in order of time, and never ahead of it."""

import time
from datetime import UTC, datetime
from itertools import pairwise
from uuid import RFC_4122

import pytest

from tenants import ids
from tenants.ids import new_id, since


def test_an_id_is_a_uuid_of_version_seven() -> None:
    made = new_id()

    assert (made.version, made.variant) == (7, RFC_4122)


def test_each_is_greater_than_the_one_before_and_none_is_ahead_of_time() -> None:
    began = datetime.now(UTC)

    made = [new_id() for _ in range(50_000)]

    assert all(one < other for one, other in pairwise(made))
    assert since(began) <= made[0]
    assert (made[-1].int >> 80) <= time.time_ns() // 1_000_000 + 1


def test_a_clock_that_goes_back_makes_none_that_is_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "_ticks", ids._Ticks())
    before = new_id()
    ids._ticks.last += 4096 * 1000  # a second ahead

    made = [new_id() for _ in range(3)]

    assert before < made[0] < made[1] < made[2]
    assert (made[2].int >> 80) - (before.int >> 80) in {1000, 1001}
