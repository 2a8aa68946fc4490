"""A code of HMRC's that nobody here knows is counted, and nothing but a code is."""

import pytest
import responses
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from hmrc_door import config
from hmrc_door.bodies import HmrcError
from hmrc_door.business_details import list_businesses
from hmrc_door.call import call
from hmrc_door.environment import Environment
from hmrc_door.hidden import Hidden
from hmrc_door.outcomes import Answered, NotSent, Refused, Unknown, classify
from hmrc_door.pace import Lane
from hmrc_door.unknown_codes import KEPT_S, MALFORMED, MOST_CODES, OTHERS, counted, note
from tests.hmrc_door.conftest import BEARER, NINO, OpenPace
from tests.hmrc_door.redis_server import free_port


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch, redis: Redis) -> None:
    monkeypatch.setattr(config, "redis", lambda: redis)


def refused(code: str) -> Refused:
    return Refused(status=400, error=HmrcError(code=code))


def test_each_is_counted_by_its_name_the_most_frequent_first() -> None:
    for code in ("RULE_OF_NEXT_YEAR", "ACCOUNT_SUSPENDEDSA-100201", "RULE_OF_NEXT_YEAR"):
        note(refused(code))

    assert list(counted().items()) == [("RULE_OF_NEXT_YEAR", 2), ("ACCOUNT_SUSPENDEDSA-100201", 1)]


def test_each_of_several_errors_is_counted_once_and_known_ones_are_not() -> None:
    body = b'{"code":"INVALID_REQUEST","errors":[{"code":"FORMAT_NINO"},{"code":"NEW_ONE"},{"code":"NEW_ONE"}]}'

    note(classify(status=400, headers={}, body=body))

    assert counted() == {"NEW_ONE": 1}


@pytest.mark.parametrize(
    "outcome",
    [
        Answered(status=200),
        NotSent(reason="no_slot"),
        Unknown(reason="read_timeout"),
        refused(""),
        refused("FORMAT_NINO"),
    ],
)
def test_what_is_known_or_says_nothing_is_not_counted(outcome: Answered | NotSent | Unknown | Refused) -> None:
    note(outcome)

    assert counted() == {}


def test_a_fault_of_hmrcs_own_is_counted_too() -> None:
    note(classify(status=500, headers={}, body=b'{"code":"NEW_FAULT"}'))

    assert counted() == {"NEW_FAULT": 1}


@pytest.mark.parametrize(
    "code", [NINO, f"NINO_{NINO}_UNKNOWN", NINO.lower(), "a b", "x\r\ny", "é", "A", "A" * 81, "1CODE", "<b>"]
)
def test_what_may_be_a_persons_or_is_no_code_is_not_kept(
    code: str, redis: Redis, capsys: pytest.CaptureFixture[str]
) -> None:
    note(refused(code))

    assert counted() == {MALFORMED: 1}
    assert "hmrc.unknown_code" in (logged := "".join(capsys.readouterr()))
    assert NINO.lower() not in logged.lower()


def test_there_is_an_end_to_what_is_kept(redis: Redis) -> None:
    for number in range(MOST_CODES + 5):
        note(refused(f"CODE_{number}"))
    note(refused("CODE_0"))

    counts = counted()
    assert len(counts) == MOST_CODES + 1
    assert (counts[OTHERS], counts["CODE_0"]) == (5, 2)
    assert 0 < redis.ttl("hmrc.unknown_codes") <= KEPT_S


def test_without_redis_it_is_still_logged_and_nothing_is_raised(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = Redis(port=free_port(), retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(config, "redis", lambda: nowhere)

    note(refused("NEW_ONE"))

    assert counted() == {}
    assert "NEW_ONE" in "".join(capsys.readouterr())


@responses.activate
def test_a_call_counts_what_it_was_refused_with(pace: OpenPace, environment: Environment) -> None:
    url = f"{environment.api_url}/individuals/business/details/{NINO}/list"
    responses.get(url, json={"code": "NEW_ONE"}, status=400)

    outcome = call(list_businesses(Hidden(NINO)), bearer=Hidden(BEARER), lane=Lane.BULK, agency="agency-1")

    assert isinstance(outcome, Refused)
    assert (outcome.code, counted()) == ("NEW_ONE", {"NEW_ONE": 1})
