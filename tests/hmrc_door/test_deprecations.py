"""HMRC says of a version when it will end: noted once, shown until it changes."""

from datetime import UTC, datetime

import pytest
import responses
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from hmrc_door import config, deprecations
from hmrc_door.business_details import list_businesses
from hmrc_door.call import call
from hmrc_door.deprecations import Deprecation, note, seen
from hmrc_door.environment import Environment
from hmrc_door.hidden import Hidden
from hmrc_door.outcomes import Answered, NotSent, Outcome, classify
from hmrc_door.pace import Lane
from hmrc_door.versions import Api
from tests.hmrc_door.conftest import BEARER, NINO, OpenPace
from tests.hmrc_door.redis_server import free_port

SINCE, SUNSET = "Mon, 01 Jun 2026 00:00:00 GMT", "Sun, 31 Jan 2027 23:59:59 GMT"
ENDS = {"Deprecation": SINCE, "Sunset": SUNSET}
EXPECTED = Deprecation(
    api=Api.OBLIGATIONS,
    version="3.0",
    since=datetime(2026, 6, 1, tzinfo=UTC),
    sunset=datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC),
)


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch, redis: Redis) -> None:
    monkeypatch.setattr(config, "redis", lambda: redis)


def answer(headers: dict[str, str], *, status: int = 200) -> Outcome:
    return classify(status=status, headers=headers, body=b"{}")


def test_nothing_is_deprecated_before_hmrc_says_so() -> None:
    note(Api.OBLIGATIONS, answer({}))

    assert seen() == ()


@pytest.mark.parametrize("status", [200, 404, 422, 500])
def test_it_is_read_off_every_answer(status: int) -> None:
    note(Api.OBLIGATIONS, answer(ENDS, status=status))

    assert seen() == (EXPECTED,)


@pytest.mark.parametrize(
    ("headers", "since", "sunset"),
    [
        ({"Deprecation": SINCE}, EXPECTED.since, None),
        ({"Sunset": SUNSET}, None, EXPECTED.sunset),
        ({"Deprecation": "true"}, None, None),
        ({"Deprecation": f"AA000001A {SINCE * 99}"}, None, None),
        ({"Sunset": "Sun, 31 Jan 2027 23:59:59 -0000"}, None, None),
        ({"Sunset": "Fri, 31 Dec 9999 23:59:59 -0100"}, None, None),
        ({"Sunset": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"}, None, None),
    ],
)
def test_a_date_that_is_missing_or_unreadable_leaves_the_rest(
    headers: dict[str, str], since: datetime | None, sunset: datetime | None
) -> None:
    note(Api.OBLIGATIONS, answer(headers))

    assert seen() == (Deprecation(Api.OBLIGATIONS, "3.0", since, sunset),)


def test_it_is_logged_once_until_it_changes(capsys: pytest.CaptureFixture[str]) -> None:
    for headers in (ENDS, ENDS, {**ENDS, "Sunset": SINCE}, {**ENDS, "Sunset": SINCE}, {}, {}):
        note(Api.OBLIGATIONS, answer(headers))

    assert "".join(capsys.readouterr()).count("hmrc.deprecation") == 3
    assert seen() == ()


def test_the_gateways_own_answers_take_nothing_back() -> None:
    note(Api.OBLIGATIONS, answer(ENDS))

    for outcome in (answer({}, status=429), answer({}, status=503), NotSent(reason="no_slot")):
        note(Api.OBLIGATIONS, outcome)

    assert seen() == (EXPECTED,)


def test_each_api_speaks_for_itself_and_nothing_is_kept_for_ever(redis: Redis) -> None:
    for api in Api:
        note(api, answer(ENDS))

    assert [found.api for found in seen()] == list(Api)
    assert len(redis.keys("*")) == len(Api)
    assert all(0 < redis.ttl(key) <= deprecations.KEPT_S for key in redis.keys("*"))


def test_without_redis_nothing_is_known_and_nothing_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = Redis(port=free_port(), retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(config, "redis", lambda: nowhere)

    note(Api.OBLIGATIONS, answer(ENDS))

    assert seen() == ()


@responses.activate
def test_a_call_notes_it_for_its_api(pace: OpenPace, environment: Environment) -> None:
    responses.get(f"{environment.api_url}/individuals/business/details/{NINO}/list", json={}, headers=ENDS)

    outcome = call(list_businesses(Hidden(NINO)), bearer=Hidden(BEARER), lane=Lane.BULK, agency="agency-1")

    assert isinstance(outcome, Answered)
    assert [(found.api, found.version) for found in seen()] == [(Api.BUSINESS_DETAILS, "2.0")]
