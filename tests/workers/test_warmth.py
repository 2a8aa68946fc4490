"""The ration of refreshes ahead: so many bells a second for all agencies together, those still in time first."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from hmrc_oauth.models import Grant
from hmrc_oauth.policy import Policy
from tenants import due
from tenants.db import connection
from tenants.models import Agency, Due
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import due_at
from workers import scheduler, warmth
from workers.warmth import Warmth

Bells = list[UUID]


class Seconds:
    """The leader's own clock, by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    fake = Seconds()
    monkeypatch.setattr(warmth, "time", fake)
    return fake


@pytest.fixture
def bells(db: None, monkeypatch: pytest.MonkeyPatch) -> Bells:
    """Whom it was rung for, with nothing else on the list."""
    Due.objects.all().delete()
    heard: Bells = []
    monkeypatch.setattr("tenants.doorbell.ring", lambda *ring: heard.append(ring[2]))
    return heard


@pytest.fixture
def run(bells: Bells, seconds: Seconds, time: FakeClock) -> Callable[[float], Bells]:
    """Tick for so long, a tick a second, and say whom it was rung for."""
    leader = Warmth()

    def ticks(length_s: float) -> Bells:
        bells.clear()
        for _ in range(round(length_s)):
            seconds.now += 1
            leader.tick(now=time.now)
        return [*bells]

    return ticks


def plan(agency: Agency, time: FakeClock, *, late: timedelta, many: int = 1) -> list[UUID]:
    rows = [
        Due(agency_id=agency.pk, kind="refresh_ahead", subject_id=uuid4(), lane="background", due_at=time.now - late)
        for _ in range(many)
    ]
    return [row.subject_id for row in Due.objects.bulk_create(rows)]


MINUTE = timedelta(minutes=1)


def test_it_is_rung_for_a_fifth_of_the_pace_and_no_oftener(
    alpha: Agency, beta: Agency, time: FakeClock, run: Callable[[float], Bells]
) -> None:
    plan(alpha, time, late=MINUTE, many=50)
    plan(beta, time, late=MINUTE, many=50)

    heard = run(100)

    assert len(heard) == 60  # 0.20 of three a second
    assert len(set(heard)) == 60


def test_the_share_is_what_the_setting_says(
    alpha: Agency, time: FakeClock, run: Callable[[float], Bells], settings: Any
) -> None:
    settings.REFRESH_SHARE = 1.0
    plan(alpha, time, late=MINUTE, many=50)

    assert len(run(10)) == 30


def test_what_was_not_used_is_not_saved_up_for_a_burst(
    alpha: Agency, time: FakeClock, run: Callable[[float], Bells]
) -> None:
    run(60)
    plan(alpha, time, late=MINUTE, many=50)

    assert len(run(1)) == 3


def test_what_is_still_in_time_goes_before_what_has_lapsed(
    alpha: Agency, time: FakeClock, run: Callable[[float], Bells]
) -> None:
    lapsed = plan(alpha, time, late=timedelta(hours=1))
    later, sooner = plan(alpha, time, late=MINUTE), plan(alpha, time, late=20 * MINUTE)

    assert run(5) == sooner + later + lapsed


def test_what_is_not_due_yet_is_not_rung_for(alpha: Agency, time: FakeClock, run: Callable[[float], Bells]) -> None:
    plan(alpha, time, late=-MINUTE)

    assert run(10) == []


def test_a_suspended_agency_takes_nothing_of_the_ration(
    alpha: Agency, beta: Agency, time: FakeClock, run: Callable[[float], Bells]
) -> None:
    Agency.objects.filter(pk=beta.pk).update(status="suspended")
    plan(beta, time, late=2 * MINUTE, many=5)
    mine = plan(alpha, time, late=MINUTE)

    assert run(10) == mine


def test_the_ordinary_sweep_leaves_these_rows_alone(alpha: Agency, time: FakeClock, bells: Bells) -> None:
    plan(alpha, time, late=timedelta(hours=1), many=3)

    assert due.sweep(now=time.now) == 0


def test_each_agency_is_caught_up_with_once(
    alpha: Agency, beta: Agency, time: FakeClock, bells: Bells, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REFRESH_POLICY = Policy.ALL
    seen: list[str] = []
    monkeypatch.setattr("hmrc_oauth.ahead.catch_up", lambda **_: seen.append(connection.schema_name))
    leader = Warmth()

    for _ in range(Agency.objects.count() + 3):
        leader.tick(now=time.now)

    assert sorted(seen) == sorted(Agency.objects.values_list("schema_name", flat=True))


@pytest.mark.parametrize(("policy", "is_planned"), [(Policy.ALL, True), (Policy.WORKING, False)])
def test_only_under_all_the_leader_looks_for_what_lapsed(
    grant: Grant, time: FakeClock, bells: Bells, settings: Any, policy: Policy, is_planned: bool
) -> None:
    settings.REFRESH_POLICY = policy
    time.now = grant.access_expires_at + timedelta(days=1)
    connection.set_schema_to_public()
    leader = Warmth()

    for _ in range(Agency.objects.count()):
        leader.tick(now=time.now)

    assert (due_at("refresh_ahead", grant.pk) == time.now) is is_planned


def test_the_scheduler_says_once_an_hour_that_the_share_is_too_small(
    alpha: Agency, time: FakeClock, bells: Bells, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REFRESH_POLICY, settings.REFRESH_SHARE = Policy.ALL, 1e-9
    plan(alpha, time, late=-MINUTE)
    left = iter([False] * 100)

    def wait(_: float) -> None:
        time.advance(minutes=2)

    monkeypatch.setattr("workers.scheduler.time.sleep", wait)
    monkeypatch.setattr(scheduler, "_is_leader", lambda: True)
    monkeypatch.setattr(scheduler, "_begin_window", lambda: None)
    with capture_logs() as logs:
        scheduler.lead(stopping=lambda: next(left, True))

    said = [entry for entry in logs if entry["event"] == "refresh.share_too_small"]
    assert len(said) == 4  # in 200 minutes, counting the first
    assert said[0]["uncovered"] == 1
