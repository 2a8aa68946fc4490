"""Three requests in any sliding second, for the whole application."""

from dataclasses import asdict

import pytest

from sandbox.hmrc import throttle
from sandbox.hmrc.throttle import Rate, Throttle
from tests.sandbox.hmrc.conftest import Start
from tests.sandbox.hmrc.driver import body


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A second hand of the test's own."""
    hand = [100.0]
    monkeypatch.setattr(throttle, "monotonic", lambda: hand[0])
    return hand


def test_the_second_slides(now: list[float]) -> None:
    three = Throttle(Rate(per_second=3))
    arrivals = [0.0, 0.125, 0.875, 0.9375, 0.96875, 1.0, 1.0625, 1.125, 1.75, 1.875]

    taken = []
    for moment in arrivals:
        now[0] = 100.0 + moment
        taken.append(three.admit())

    assert taken == [True, True, True, False, False, True, False, True, False, True]
    assert three.figures() == asdict(Rate()) | {"accepted": 6, "refused": 4, "worst_second": 7}


def test_a_rate_of_zero_is_no_limit(now: list[float]) -> None:
    free = Throttle(Rate(per_second=0))

    assert all(free.admit() for _ in range(1000))


def test_counts_token_and_api_calls_together_and_pages_not_at_all(start: Start, now: list[float]) -> None:
    hmrc = start(rate=3)
    for _ in range(5):
        hmrc.http.get("/")

    answers = [hmrc.token("refresh_token"), hmrc.businesses(""), hmrc.businesses("", "AA000002A"), hmrc.token(None)]

    assert [answer.status_code for answer in answers] == [400, 401, 401, 429]
    assert body(answers[3])["code"] == "MESSAGE_THROTTLED_OUT"
    assert hmrc.show("rate")["refused"] == 1


def test_is_not_refilled_by_the_movable_clock(start: Start, now: list[float]) -> None:
    hmrc = start(rate=3)
    for _ in range(3):
        hmrc.businesses("")

    hmrc.pass_time(3600)

    assert hmrc.businesses("").status_code == 429
