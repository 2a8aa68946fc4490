"""No submission is interrupted because a token expired, under any policy. HMRC here takes a token until it expires or
is renewed, as HMRC does; nobody scripts its answers.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from hmrc_door.operation import Call
from hmrc_door.outcomes import Outcome
from hmrc_door.pace import Lane, Slot
from hmrc_door.token_endpoint import TokenAnswer
from hmrc_oauth import ahead, refresh
from hmrc_oauth.models import Grant
from hmrc_oauth.policy import Policy
from landlords.models import Landlord
from mtd import filing, work
from mtd.models import Submission, SubmissionStatus
from tenants.models import Due
from tests.hmrc_oauth.fake_door import INVALID_GRANT, TOKEN_OVER, FakeClock, FakeDoor, answered, granted, opened
from tests.mtd.scenes import queue

LIFE = timedelta(hours=4)
POLICIES = pytest.mark.parametrize("policy", Policy)


class Hmrc:
    """One grant at HMRC: which pair is good, and until when."""

    def __init__(self, time: FakeClock) -> None:
        self._time = time
        self.good, self.ends_at = "old", time.now + LIFE
        self.renewed_at: list[datetime] = []
        self.refused = 0

    def refresh(self, *, refresh_token: Any, **_: Any) -> TokenAnswer:
        if opened(refresh_token) != f"refresh-{self.good}":
            return INVALID_GRANT
        self.renewed_at.append(self._time.now)
        self.good, self.ends_at = str(len(self.renewed_at)), self._time.now + LIFE
        return granted(self.good)

    def call(self, _: Call, *, bearer: Any, **__: Any) -> Outcome:
        if opened(bearer) == f"access-{self.good}" and self._time.now < self.ends_at:
            return answered(status=204)
        self.refused += 1
        return TOKEN_OVER


@pytest.fixture
def hmrc(landlord: Landlord, time: FakeClock, door: FakeDoor, monkeypatch: pytest.MonkeyPatch) -> Hmrc:
    fake = Hmrc(time)
    monkeypatch.setattr("hmrc_door.token_endpoint.refresh", fake.refresh)
    monkeypatch.setattr(filing, "call", fake.call)
    return fake


ACTORS: dict[str, Callable[[Any, datetime], None]] = {
    "refresh": lambda subject, _: refresh.run(grant_id=subject),
    "refresh_ahead": lambda subject, now: ahead.run(grant_id=subject, has_work=work.is_ahead, now=now),
    "submit": lambda subject, _: filing.run(submission_id=subject),
}


@pytest.fixture
def live(hmrc: Hmrc, grant: Grant, time: FakeClock) -> Callable[[timedelta], None]:
    """Let time pass, and whatever falls due meanwhile be done in its turn."""
    ahead.plan(grant)

    def pass_by(length: timedelta) -> None:
        until = time.now + length
        for _ in range(1000):
            row = Due.objects.filter(kind__in=ACTORS, due_at__lte=until).order_by("due_at", "pk").first()
            if row is None:
                time.now = until
                return
            time.now = max(time.now, row.due_at)
            ACTORS[row.kind](row.subject_id, time.now)
        raise AssertionError("it never comes to rest")

    return pass_by


def all_accepted() -> bool:
    return set(Submission.objects.values_list("status", flat=True)) == {SubmissionStatus.ACCEPTED}


@POLICIES
@pytest.mark.parametrize("left", [timedelta(minutes=40), timedelta(minutes=22), timedelta(minutes=2), -LIFE * 5])
def test_a_submission_goes_whatever_life_the_token_has_left(
    policy: Policy,
    left: timedelta,
    hmrc: Hmrc,
    live: Callable[[timedelta], None],
    grant: Grant,
    landlord: Landlord,
    time: FakeClock,
    settings: Any,
) -> None:
    settings.REFRESH_POLICY = policy
    live(grant.access_expires_at - left - time.now)

    queue(landlord)
    live(timedelta(seconds=10))

    assert (all_accepted(), hmrc.refused) == (True, 0)


@POLICIES
def test_a_day_of_submissions_meets_no_expired_token(
    policy: Policy, hmrc: Hmrc, live: Callable[[timedelta], None], landlord: Landlord, settings: Any
) -> None:
    settings.REFRESH_POLICY = policy

    for turn in range(24):
        queue(landlord, income=f"{turn}.00")
        live(timedelta(minutes=61))

    assert (all_accepted(), hmrc.refused, Submission.objects.count()) == (True, 0, 24)
    assert 6 <= len(hmrc.renewed_at) <= 8


@POLICIES
def test_no_share_at_all_for_renewing_ahead_holds_nothing_up(
    policy: Policy,
    hmrc: Hmrc,
    live: Callable[[timedelta], None],
    landlord: Landlord,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.REFRESH_POLICY = policy
    monkeypatch.setitem(ACTORS, "refresh_ahead", _put_off)

    for turn in range(12):
        queue(landlord, income=f"{turn}.00")
        live(timedelta(hours=2))

    assert (all_accepted(), hmrc.refused) == (True, 0)


def _put_off(subject: Any, now: datetime) -> None:
    Due.objects.filter(kind="refresh_ahead", subject_id=subject).update(due_at=now + LIFE)


@pytest.mark.parametrize(("policy", "renewals"), [(Policy.WORKING, 1), (Policy.ALL, 6), (Policy.ON_DEMAND, 0)])
def test_a_connection_that_falls_idle_costs_what_its_policy_says(
    policy: Policy,
    renewals: int,
    hmrc: Hmrc,
    live: Callable[[timedelta], None],
    landlord: Landlord,
    settings: Any,
) -> None:
    settings.REFRESH_POLICY = policy
    queue(landlord)

    live(timedelta(hours=23))

    assert (all_accepted(), len(hmrc.renewed_at)) == (True, renewals)


@pytest.mark.parametrize(("policy", "in_time"), [(Policy.WORKING, True), (Policy.ALL, True), (Policy.ON_DEMAND, False)])
def test_who_works_on_never_waits_for_a_token_under_working_and_all(
    policy: Policy,
    in_time: bool,
    hmrc: Hmrc,
    live: Callable[[timedelta], None],
    landlord: Landlord,
    time: FakeClock,
    settings: Any,
) -> None:
    settings.REFRESH_POLICY = policy
    waited = []

    for turn in range(24):
        submission = queue(landlord, income=f"{turn}.00")
        asked_at = time.now
        live(timedelta(minutes=31))
        waited.append(Submission.objects.get(pk=submission.pk).sent_at != asked_at)

    assert any(waited) is not in_time


@POLICIES
def test_a_grant_that_ended_parks_the_work_as_ever(
    policy: Policy, hmrc: Hmrc, live: Callable[[timedelta], None], landlord: Landlord, settings: Any
) -> None:
    settings.REFRESH_POLICY, hmrc.good = policy, "another"
    queue(landlord)

    live(timedelta(hours=5))

    assert Submission.objects.get().status == SubmissionStatus.WAITING_FOR_CONNECTION
    assert not Due.objects.filter(kind__in=ACTORS).exists()


def test_a_refresh_ahead_takes_the_last_place_in_the_line(
    hmrc: Hmrc,
    live: Callable[[timedelta], None],
    landlord: Landlord,
    door: FakeDoor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lanes: list[Lane] = []
    take = door.acquire

    def acquire(*, lane: Lane, **more: Any) -> Slot:
        lanes.append(lane)
        return take(lane=lane, **more)

    monkeypatch.setattr(door, "acquire", acquire)
    queue(landlord)

    live(timedelta(hours=24))

    assert lanes == [Lane.BACKGROUND]
