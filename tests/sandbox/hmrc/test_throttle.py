"""Three requests in any sliding second, for the whole application."""

import json
from dataclasses import asdict

import pytest

from sandbox.hmrc import throttle
from sandbox.hmrc.throttle import MODELS, Rate, Throttle
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


MOMENTS = [0.0, 0.125, 0.5, 0.75, 0.875, 1.0, 1.125, 1.25, 1.375]


@pytest.mark.parametrize(
    ("model", "refused"),
    [
        ("sliding_second", {0.75, 0.875, 1.25, 1.375}),
        ("token_bucket", {1.125, 1.25}),
        ("fixed_second", {0.75, 0.875, 1.375}),
    ],
)
def test_each_model_reads_three_a_second_in_its_own_way(now: list[float], model: str, refused: set[float]) -> None:
    throttle = Throttle(Rate(model=model))

    found = set()
    for moment in MOMENTS:
        now[0] = 100.0 + moment
        if not throttle.admit():
            found.add(moment)

    assert found == refused


@pytest.mark.parametrize("model", MODELS)
def test_every_model_lets_in_as_many_as_it_says_after_a_rest(now: list[float], model: str) -> None:
    throttle = Throttle(Rate(per_second=5, model=model))

    bursts = []
    for moment in (100.0, 110.0, 120.0):
        now[0] = moment
        bursts.append([throttle.admit() for _ in range(7)].count(True))

    assert bursts == [5, 5, 5]


def test_the_sliding_second_lets_in_no_more_than_the_others_would(now: list[float]) -> None:
    strict, *others = (Throttle(Rate(model=model)) for model in MODELS)

    for step in range(400):
        now[0] = 100.0 + step * 0.0625
        if strict.admit():
            assert all(other.admit() for other in others)

    assert strict.figures()["refused"] > 0


def test_the_model_is_chosen_while_it_runs_and_the_rest_stays(start: Start, now: list[float]) -> None:
    hmrc = start(rate=2)

    told = hmrc.control("rate", {"model": "fixed_second"})
    answers = []
    for moment in (100.9, 100.95, 100.99, 101.0, 101.01):
        now[0] = moment
        answers.append(hmrc.businesses("").status_code)

    assert (told["per_second"], told["model"]) == (2, "fixed_second")
    assert answers == [401, 401, 429, 401, 401]


def test_the_first_rate_comes_back_with_a_reset(start: Start, now: list[float]) -> None:
    hmrc = start(rate=2, model="token_bucket")
    hmrc.control("rate", {"per_second": 9, "model": "fixed_second", "broken_body": True})

    hmrc.control("reset", {})

    rate = hmrc.show("rate")
    assert (rate["per_second"], rate["model"], rate["broken_body"]) == (2, "token_bucket", False)


def test_a_429_has_a_body_that_is_not_json_on_request(start: Start, now: list[float]) -> None:
    hmrc = start(rate=1)
    hmrc.control("rate", {"broken_body": True})
    hmrc.businesses("")

    answer = hmrc.businesses("")

    assert (answer.status_code, answer.mimetype) == (429, "application/json")
    assert "MESSAGE_THROTTLED_OUT" in answer.text
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)


@pytest.mark.parametrize(
    "wish",
    [
        {"per_second": -1},
        {"per_second": "3"},
        {"per_second": True},
        {"model": "leaky"},
        {"model": ["fixed_second"]},
        {"broken_body": "yes"},
        {"colour": "red"},
    ],
)
def test_a_rate_that_makes_no_sense_is_refused(start: Start, wish: dict[str, object]) -> None:
    hmrc = start(rate=3)
    before = hmrc.show("rate")

    assert hmrc.http.post("/control/rate", json=wish).status_code == 400
    assert hmrc.show("rate") == before


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
