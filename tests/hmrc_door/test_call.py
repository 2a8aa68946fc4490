"""One call: its turn first, its secrets last, its outcome always."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
import responses

from hmrc_door import config, create_test_user, turn
from hmrc_door.business_details import list_businesses
from hmrc_door.call import Call, call
from hmrc_door.environment import Environment
from hmrc_door.hidden import Hidden
from hmrc_door.outcomes import Answered, NotSent, Outcome, Refused, Unknown
from hmrc_door.pace import Lane, NoSlot, PaceUnavailable
from tests.hmrc_door.conftest import BEARER, NINO, OpenPace, an_environment
from tests.hmrc_door.rogue import Rogue

LIST = f"http://127.0.0.1:8001/individuals/business/details/{NINO}/list"

pytestmark = pytest.mark.usefixtures("environment")


def ask(**options: object) -> Outcome:
    given: dict[str, object] = {"bearer": Hidden(BEARER), "lane": Lane.INTERACTIVE, "agency": "agency-1", **options}
    return call(list_businesses(Hidden(NINO)), **given)  # type: ignore[arg-type]


class TestWhatIsSent:
    @responses.activate
    def test_is_the_operation_with_its_bearer_and_the_headers_given(self, pace: OpenPace) -> None:
        responses.get(LIST, json={"listOfBusinesses": []})

        outcome = ask(headers={"Gov-Client-Timezone": "UTC+00:00"})

        sent = responses.calls[0].request.headers
        assert isinstance(outcome, Answered)
        assert outcome.body == {"listOfBusinesses": []}
        assert sent["Authorization"] == f"Bearer {BEARER}"
        assert (sent["Accept"], sent["Gov-Client-Timezone"]) == ("application/vnd.hmrc.2.0+json", "UTC+00:00")
        assert pace.asked == [(Lane.INTERACTIVE, "agency-1", False)]

    @responses.activate
    def test_cannot_have_its_bearer_or_version_replaced(self, pace: OpenPace) -> None:
        responses.get(LIST, json={})

        ask(headers={"Authorization": "Bearer another", "Accept": "application/json"})

        sent = responses.calls[0].request.headers
        assert (sent["Authorization"], sent["Accept"]) == (f"Bearer {BEARER}", "application/vnd.hmrc.2.0+json")


class TestAnAnswerThatExistsNowhereElse:
    @responses.activate
    def test_is_had_before_anything_is_told_of_it(self, pace: OpenPace) -> None:
        responses.get(LIST, json={})

        with turn.telling_later():
            outcome = ask()
            told_by_then = [*pace.answered, *pace.noted]

        assert isinstance(outcome, Answered)
        assert (told_by_then, pace.answered, pace.noted) == ([], ["slot-1"], [outcome])

    @responses.activate
    def test_is_told_of_though_what_was_done_with_it_failed(self, pace: OpenPace) -> None:
        responses.get(LIST, json={}, status=429)

        def fail() -> None:
            with turn.telling_later():
                ask()
                raise ArithmeticError

        with pytest.raises(ArithmeticError):
            fail()

        assert (pace.answered, len(pace.pauses)) == (["slot-1"], 1)
        ask()
        assert pace.answered == ["slot-1", "slot-2"]


class TestTheTurn:
    @pytest.mark.parametrize("refusal", [NoSlot(), PaceUnavailable()])
    @responses.activate
    def test_that_does_not_come_means_not_sent_and_nothing_opened(self, pace: OpenPace, refusal: NoSlot) -> None:
        pace.refuses_with = refusal

        outcome = ask(bearer=Unopenable())

        assert outcome == NotSent(reason=refusal.reason)
        assert len(responses.calls) == 0

    @responses.activate
    def test_that_went_stale_is_taken_again_and_one_request_sent(self, pace: OpenPace) -> None:
        responses.get(LIST, json={})
        pace.stale_first = 2

        ask()

        assert (len(pace.asked), len(responses.calls)) == (3, 1)

    def test_that_went_stale_while_connecting_is_taken_again_with_more_room(
        self, pace: OpenPace, rogue: Rogue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(config, "environment", lambda: an_environment(rogue.url))
        pace.late_first = 2

        outcome = ask()

        assert isinstance(outcome, Answered)
        assert [connects for _, _, connects in pace.asked] == [0, 1, 2]
        assert len(rogue.requests) == 1
        assert pace.answered == ["slot-3"]

    @pytest.mark.parametrize("status", [200, 404, 429, 500])
    @responses.activate
    def test_is_over_when_hmrc_answers_whatever_it_says(self, pace: OpenPace, status: int) -> None:
        responses.get(LIST, json={}, status=status)

        ask()

        assert pace.answered == ["slot-1"]

    @responses.activate
    def test_is_not_over_when_nobody_answers(self, pace: OpenPace) -> None:
        responses.get(LIST, body=ConnectionResetError())

        ask()

        assert pace.answered == []

    def test_is_lost_when_the_bearer_cannot_be_opened(self, pace: OpenPace) -> None:
        with pytest.raises(LookupError):
            ask(bearer=Unopenable())


class TestSlowingDown:
    @pytest.mark.parametrize(
        ("status", "headers", "pauses"),
        [
            (429, {}, [(turn.DEFAULT_PAUSE_S, "hmrc_429")]),
            (429, {"Retry-After": "9"}, [(9.0, "hmrc_429")]),
            (503, {"Retry-After": "0"}, [(0.0, "hmrc_503")]),
            (500, {"Retry-After": "9"}, []),
            (403, {}, []),
            (200, {}, []),
        ],
    )
    @responses.activate
    def test_everybody_stops_for_as_long_as_hmrc_asks(
        self, pace: OpenPace, status: int, headers: Mapping[str, str], pauses: list[tuple[float, str]]
    ) -> None:
        responses.get(LIST, json={}, status=status, headers=headers)

        ask()

        assert pace.pauses == pauses
        assert pace.doubted == (["slot-1"] if status == 429 else [])

    @responses.activate
    def test_that_cannot_be_told_to_the_pace_changes_no_outcome(
        self, pace: OpenPace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        responses.get(LIST, body=b'{"code":"MESSAGE_THROTTLED_OUT",}', status=429)
        monkeypatch.setattr(pace, "pause", _raise_unavailable)

        outcome = ask()

        assert isinstance(outcome, Refused)
        assert outcome.code == "MESSAGE_THROTTLED_OUT"


class TestAnOutcome:
    @responses.activate
    def test_shows_neither_bearer_nor_nino(
        self, pace: OpenPace, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
    ) -> None:
        responses.get(LIST, body=ConnectionResetError(f"{LIST} {BEARER}"))

        outcome = ask()

        everything = repr(outcome) + caplog.text + "".join(capsys.readouterr())
        assert outcome == Unknown(reason="reset")
        assert pace.noted == [outcome]
        assert NINO not in everything
        assert BEARER not in everything


class Unopenable:
    """A secret whose key is gone."""

    def open(self, *, reason: str) -> AbstractContextManager[str]:
        raise LookupError(reason)


def _raise_unavailable(**_: object) -> None:
    raise PaceUnavailable


def test_the_environment_of_these_tests_is_on_loopback(environment: Environment) -> None:
    assert environment.check().api_url.startswith("http://127.0.0.1")


@pytest.mark.parametrize(
    "operation", [create_test_user.list_services(), list_businesses(Hidden(NINO)).in_scenario("X")]
)
def test_what_only_the_sandbox_knows_is_never_sent_in_production(
    operation: Call, pace: OpenPace, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "environment", lambda: replace(environment, name="production"))

    outcome = call(operation, bearer=Unopenable(), lane=Lane.BULK, agency="agency-1")

    assert outcome == NotSent(reason="only_sandbox")
    assert pace.asked == []
