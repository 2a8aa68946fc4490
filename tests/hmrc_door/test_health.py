"""HMRC's health is what our own calls last saw of it."""

import time
from time import monotonic

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from hmrc_door import config, deprecations, health, unknown_codes
from hmrc_door.bodies import HmrcError
from hmrc_door.outcomes import Answered, NotSent, Outcome, Refused, Unknown
from hmrc_door.versions import Api
from tests.hmrc_door.redis_server import free_port

REFUSED = Refused(status=403, error=HmrcError(code="CLIENT_OR_AGENT_NOT_AUTHORISED"))


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch, redis: Redis) -> None:
    monkeypatch.setattr(config, "redis", lambda: redis)


def test_is_unknown_before_anything_was_sent() -> None:
    assert health.read() == "unknown"


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([Answered(status=200)], "available"),
        ([REFUSED], "available"),
        ([Answered(status=200), Unknown(reason="read_timeout")], "unavailable"),
        ([NotSent(reason="connection_refused")], "unavailable"),
        ([Unknown(reason="server_error", status=503), Answered(status=204)], "available"),
        ([NotSent(reason="no_slot")], "unknown"),
        ([NotSent(reason="client_secret_missing")], "unknown"),
        ([NotSent(reason="only_sandbox")], "unknown"),
    ],
)
def test_is_what_was_seen_last_and_faults_of_ours_say_nothing(outcomes: list[Outcome], expected: str) -> None:
    for outcome in outcomes:
        health.note(outcome)

    assert health.read() == expected


def test_is_unknown_again_when_the_last_call_is_long_past(redis: Redis) -> None:
    redis.hset("hmrc.health", "bad", str(time.time() - 901))

    assert health.read() == "unknown"


def test_is_unknown_without_redis_and_nothing_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = Redis(port=free_port(), retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(config, "redis", lambda: nowhere)

    health.note(Answered(status=200))

    assert health.read() == "unknown"


def test_that_hmrc_has_answered_is_known_from_any_answer_and_from_no_silence() -> None:
    began = monotonic()
    assert not health.has_answered_since(began)
    health.note(Unknown(reason="read_timeout"))
    assert not health.has_answered_since(began)

    health.note(REFUSED)

    assert health.has_answered_since(began)
    assert not health.has_answered_since(monotonic() + 1)


def test_a_snapshot_is_all_that_was_seen() -> None:
    health.note(REFUSED)
    health.note(Unknown(reason="read_timeout"))
    deprecations.note(Api.OBLIGATIONS, Answered(status=200, headers={"sunset": "Sun, 31 Jan 2027 23:59:59 GMT"}))
    unknown_codes.note(Refused(status=400, error=HmrcError(code="NEW_ONE")))

    seen = health.snapshot()

    assert (seen.status, dict(seen.unknown_codes)) == ("unavailable", {"NEW_ONE": 1})
    assert seen.answered_at is not None
    assert seen.failed_at is not None
    assert seen.answered_at <= seen.failed_at
    assert [each.api for each in seen.deprecations] == [Api.OBLIGATIONS]


def test_a_snapshot_of_nothing_says_so() -> None:
    seen = health.snapshot()

    assert (seen.status, seen.answered_at, seen.failed_at) == ("unknown", None, None)
    assert (seen.deprecations, dict(seen.unknown_codes)) == ((), {})
