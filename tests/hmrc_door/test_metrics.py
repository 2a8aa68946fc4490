"""What is counted of requests: every one, once, by its operation and its end."""

from collections.abc import Callable

import pytest
import responses
from prometheus_client import REGISTRY
from redis import Redis

from hmrc_door import token_endpoint
from hmrc_door.business_details import list_businesses
from hmrc_door.call import call
from hmrc_door.hidden import Hidden
from hmrc_door.pace import Lane, NoSlot, Pace
from tests.hmrc_door.conftest import BEARER, NINO, OpenPace

LIST = f"http://127.0.0.1:8001/individuals/business/details/{NINO}/list"
TOKEN = "http://127.0.0.1:8001/oauth/token"
OPERATION = list_businesses(Hidden(NINO)).operation

pytestmark = pytest.mark.usefixtures("environment")
New = Callable[[], dict[tuple[str, ...], float]]


@pytest.fixture
def new() -> New:
    """What was counted of requests since the test began, by operation, outcome and code."""

    def all_of_them() -> dict[tuple[str, ...], float]:
        samples = [sample for family in REGISTRY.collect() for sample in family.samples]
        return {
            (sample.labels["operation"], sample.labels["outcome"], sample.labels["code"]): sample.value
            for sample in samples
            if sample.name == "quarterday_hmrc_requests_total"
        }

    before = all_of_them()
    return lambda: {key: now - before.get(key, 0) for key, now in all_of_them().items() if now != before.get(key, 0)}


def ask() -> None:
    call(list_businesses(Hidden(NINO)), bearer=Hidden(BEARER), lane=Lane.BULK, agency="agency-1")


@responses.activate
def test_every_answer_is_counted_by_its_status(pace: OpenPace, new: New) -> None:
    responses.get(LIST, json={"listOfBusinesses": []})
    responses.get(LIST, json={"code": "FORBIDDEN", "message": "no"}, status=403)
    responses.get(LIST, status=502)

    for _ in range(3):
        ask()

    assert new() == {
        (OPERATION, "answered", "200"): 1,
        (OPERATION, "refused", "403"): 1,
        (OPERATION, "unknown", "502"): 1,
    }


def test_what_was_not_sent_is_counted_by_our_word(pace: OpenPace, new: New) -> None:
    pace.refuses_with = NoSlot()

    ask()

    assert new() == {(OPERATION, "not_sent", "no_slot"): 1}


@responses.activate
def test_tokens_are_counted_by_what_was_spent(pace: OpenPace, new: New) -> None:
    responses.post(TOKEN, json={"error": "invalid_grant"}, status=400)

    token_endpoint.refresh(refresh_token=Hidden("canary"), lane=Lane.TOKEN, agency="agency-1")

    assert new() == {("token.refresh_token", "refused", "400"): 1}


def test_the_wait_for_a_slot_is_measured_by_lane(redis: Redis) -> None:
    def waits() -> float:
        return REGISTRY.get_sample_value("quarterday_pace_wait_seconds_count", {"lane": "deadline"}) or 0

    before = waits()

    Pace(redis=redis, calls_per_second=50).acquire(lane=Lane.DEADLINE, agency="agency-1", timeout_s=5)

    assert waits() == before + 1
