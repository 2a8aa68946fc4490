"""Client secrets: five may live at once, and which one HMRC knows is found without spending anything."""

from collections.abc import Callable

import pytest
import responses

from hmrc_door import config, token_request
from hmrc_door.hidden import Hidden
from hmrc_door.outcomes import NotSent
from hmrc_door.pace import Lane
from hmrc_door.token_endpoint import Granted, TokenAnswer, TokenFault, TokenRefused, application_token, refresh
from tests.hmrc_door.conftest import OpenPace, an_environment, form_sent

TOKEN = "http://127.0.0.1:8001/oauth/token"
PAIR = {"access_token": "canary-access", "refresh_token": "canary-refresh-2", "expires_in": 14400}
BAD_CLIENT = {"error": "invalid_client", "error_description": "invalid client id or secret"}


def do_refresh(*, timeout_s: float = 30.0) -> TokenAnswer:
    return refresh(refresh_token=Hidden("canary-refresh-1"), lane=Lane.TOKEN, agency="agency-1", timeout_s=timeout_s)


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_request._begun, "secret", None)


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def give(*texts: str) -> None:
        monkeypatch.setattr(config, "environment", lambda: an_environment(secrets=texts))

    return give


class TestClientSecrets:
    @responses.activate
    def test_are_tried_newest_first_and_the_next_only_when_hmrc_knows_the_last_one_not(
        self, pace: OpenPace, secrets: Callable[..., None]
    ) -> None:
        secrets("newest", "older", "oldest")
        responses.post(TOKEN, json=BAD_CLIENT, status=401)
        responses.post(TOKEN, json=PAIR)

        answer = do_refresh()

        assert isinstance(answer, Granted)
        assert [form_sent(n)["client_secret"] for n in range(2)] == ["newest", "older"]
        assert len(pace.asked) == 2

    @pytest.mark.parametrize("status", [400, 403, 429, 500])
    @responses.activate
    def test_are_left_alone_by_any_other_refusal(
        self, pace: OpenPace, secrets: Callable[..., None], status: int
    ) -> None:
        secrets("newest", "older")
        responses.post(TOKEN, json={"error": "invalid_grant"}, status=status)

        do_refresh()

        assert len(responses.calls) == 1

    @responses.activate
    def test_that_are_all_unknown_spend_nothing_and_say_so(self, pace: OpenPace, secrets: Callable[..., None]) -> None:
        secrets("newest", "older")
        responses.post(TOKEN, json=BAD_CLIENT, status=401)

        answer = do_refresh()

        assert isinstance(answer, TokenRefused)
        assert answer.fault is TokenFault.INVALID_CLIENT
        assert len(responses.calls) == 2

    @responses.activate
    def test_that_there_was_no_time_for_are_not_taken_for_unknown_and_are_tried_first_when_asked_again(
        self, pace: OpenPace, secrets: Callable[..., None]
    ) -> None:
        secrets("newest", "older")
        responses.post(TOKEN, json=BAD_CLIENT, status=401)
        responses.post(TOKEN, json=PAIR)

        answers = [do_refresh(timeout_s=0.0) for _ in range(2)]

        assert answers[0] == NotSent(reason="client_secret_untried")
        assert isinstance(answers[1], Granted)
        assert [form_sent(n)["client_secret"] for n in range(2)] == ["newest", "older"]

    @responses.activate
    def test_that_hmrc_knew_are_begun_with_until_it_knows_them_no_longer(
        self, pace: OpenPace, secrets: Callable[..., None]
    ) -> None:
        secrets("newest", "older")
        for known in (False, True, True, False, True):
            responses.post(TOKEN, json=PAIR if known else BAD_CLIENT, status=200 if known else 401)

        assert all(isinstance(do_refresh(), Granted) for _ in range(3))

        sent = [form_sent(n)["client_secret"] for n in range(5)]
        assert sent == ["newest", "older", "older", "older", "newest"]

    @responses.activate
    def test_of_which_only_one_is_to_be_tried_leave_the_others_alone(
        self, pace: OpenPace, secrets: Callable[..., None]
    ) -> None:
        secrets("newest", "older")
        responses.post(TOKEN, json=BAD_CLIENT, status=401)

        application_token(lane=Lane.TOKEN, agency="agency-1", secret=Hidden("older"))

        assert len(responses.calls) == 1

    @responses.activate
    def test_that_are_missing_mean_that_nothing_is_sent(self, pace: OpenPace, secrets: Callable[..., None]) -> None:
        secrets()

        assert do_refresh() == NotSent(reason="client_secret_missing")

    @responses.activate
    def test_are_never_logged(
        self, pace: OpenPace, secrets: Callable[..., None], capsys: pytest.CaptureFixture[str]
    ) -> None:
        secrets("canary-newest")
        responses.post(TOKEN, json=BAD_CLIENT, status=401)

        do_refresh()

        logged = "".join(capsys.readouterr())
        assert "token.client_secret_refused" in logged
        assert "canary" not in logged
