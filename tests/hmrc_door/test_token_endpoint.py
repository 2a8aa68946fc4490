"""The token endpoint: what is sent, what each answer means, and which secret is tried when."""

from time import monotonic

import pytest
import responses

from hmrc_door import config
from hmrc_door.hidden import Hidden
from hmrc_door.outcomes import NotSent, Unknown
from hmrc_door.pace import Lane, NoSlot, Slot
from hmrc_door.token_endpoint import Granted, TokenAnswer, TokenFault, TokenRefused, exchange, refresh
from tests.hmrc_door import rogue as acts
from tests.hmrc_door.conftest import OpenPace, an_environment, form_sent
from tests.hmrc_door.rogue import Rogue

TOKEN = "http://127.0.0.1:8001/oauth/token"
PAIR = {
    "access_token": "canary-access",
    "refresh_token": "canary-refresh-2",
    "expires_in": 14400,
    "token_type": "bearer",
}
REDIRECT = "http://localhost:8000/hmrc/callback"

pytestmark = pytest.mark.usefixtures("environment")


def do_refresh(**options: object) -> TokenAnswer:
    given: dict[str, object] = {"lane": Lane.TOKEN, "agency": "agency-1", **options}
    return refresh(refresh_token=Hidden("canary-refresh-1"), **given)  # type: ignore[arg-type]


def do_exchange() -> TokenAnswer:
    return exchange(
        code=Hidden("canary-code"),
        code_verifier=Hidden("v" * 43),
        redirect_uri=REDIRECT,
        lane=Lane.INTERACTIVE,
        agency="agency-1",
    )


class TestWhatIsSent:
    @responses.activate
    def test_for_a_code_is_hmrcs_form_with_credentials_in_the_body(self, pace: OpenPace) -> None:
        responses.post(TOKEN, json={**PAIR, "scope": "read:self-assessment write:self-assessment"})

        do_exchange()

        headers = responses.calls[0].request.headers
        assert form_sent() == {
            "grant_type": "authorization_code",
            "client_id": "quarterday-test",
            "client_secret": "canary-secret",
            "redirect_uri": REDIRECT,
            "code": "canary-code",
            "code_verifier": "v" * 43,
        }
        assert headers["Content-Type"] == "application/x-www-form-urlencoded"
        assert "Authorization" not in headers
        assert pace.asked == [(Lane.INTERACTIVE, "agency-1", True)]

    @responses.activate
    def test_for_a_refresh_is_the_token_and_nothing_more(self, pace: OpenPace) -> None:
        responses.post(TOKEN, json=PAIR)

        do_refresh()

        assert set(form_sent()) == {"grant_type", "client_id", "client_secret", "refresh_token"}
        assert (form_sent()["grant_type"], form_sent()["refresh_token"]) == ("refresh_token", "canary-refresh-1")

    @responses.activate
    def test_goes_in_the_slot_that_was_bought_before_the_claim(self, pace: OpenPace) -> None:
        responses.post(TOKEN, json=PAIR)

        do_refresh(slot=Slot(asked_at=monotonic(), good_for_ms=500))

        assert pace.asked == []

    @responses.activate
    def test_goes_in_another_slot_when_that_one_went_stale(self, pace: OpenPace) -> None:
        responses.post(TOKEN, json=PAIR)

        do_refresh(slot=Slot(asked_at=monotonic() - 5, good_for_ms=190))

        assert len(pace.asked) == 1

    @responses.activate
    def test_is_nothing_without_a_slot(self, pace: OpenPace) -> None:
        pace.refuses_with = NoSlot()

        assert do_refresh() == NotSent(reason="no_slot")

    def test_gets_a_connection_of_its_own_each_time(
        self, pace: OpenPace, rogue: Rogue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(config, "environment", lambda: an_environment(rogue.url))
        rogue.behaviour = acts.answer(b'{"access_token":"a","refresh_token":"b"}')

        for _ in range(2):
            assert isinstance(do_refresh(), Granted)

        assert rogue.connections == 2


class TestAGrant:
    @responses.activate
    def test_holds_both_tokens_hidden(self, pace: OpenPace) -> None:
        responses.post(TOKEN, json={**PAIR, "scope": "read:self-assessment"}, headers={"X-CorrelationId": "c-1"})

        answer = do_exchange()

        assert isinstance(answer, Granted)
        assert answer.tokens.access_token.reveal() == "canary-access"
        assert answer.tokens.refresh_token.reveal() == "canary-refresh-2"
        assert (answer.tokens.expires_in, answer.tokens.scope) == (14400, ("read:self-assessment",))
        assert answer.correlation_id == "c-1"
        assert "canary" not in repr(answer)

    @responses.activate
    def test_of_a_refresh_may_leave_the_scope_out(self, pace: OpenPace) -> None:
        responses.post(TOKEN, json=PAIR)

        answer = do_refresh()

        assert isinstance(answer, Granted)
        assert answer.tokens.scope is None

    @pytest.mark.parametrize(
        ("given", "seconds"),
        [(60, 60), ("60", 60), (None, 14400), (0, 14400), (-1, 14400), (True, 14400), (1.5, 14400)],
    )
    @responses.activate
    def test_is_not_thrown_away_for_an_odd_lifetime(self, pace: OpenPace, given: object, seconds: int) -> None:
        responses.post(TOKEN, json={**PAIR, "expires_in": given})

        answer = do_refresh()

        assert isinstance(answer, Granted)
        assert answer.tokens.expires_in == seconds

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"[]",
            b"{}",
            b'{"access_token":"a"}',
            b'{"access_token":"a","refresh_token":""}',
            b"<html>",
            b'{"access_',
        ],
    )
    @responses.activate
    def test_without_both_tokens_is_no_grant_and_leaves_doubt(self, pace: OpenPace, body: bytes) -> None:
        responses.post(TOKEN, body=body, status=200)

        answer = do_refresh()

        assert isinstance(answer, Unknown)
        assert (answer.reason, answer.status) == ("unreadable_answer", 200)


class TestARefusal:
    @pytest.mark.parametrize(
        ("status", "error", "fault"),
        [
            (400, "invalid_grant", TokenFault.INVALID_GRANT),
            (400, "invalid_request", TokenFault.INVALID_REQUEST),
            (401, "invalid_client", TokenFault.INVALID_CLIENT),
            (429, "", TokenFault.THROTTLED),
            (400, "unsupported_grant_type", TokenFault.OTHER),
            (400, "throttled", TokenFault.OTHER),
            (403, "", TokenFault.OTHER),
        ],
    )
    @responses.activate
    def test_says_why_in_a_word(self, pace: OpenPace, status: int, error: str, fault: TokenFault) -> None:
        responses.post(TOKEN, json={"error": error, "error_description": "in words"}, status=status)

        answer = do_refresh()

        assert isinstance(answer, TokenRefused)
        assert (answer.fault, answer.status, answer.description) == (fault, status, "in words")
        assert not answer.in_progress

    @responses.activate
    def test_tells_a_refresh_that_is_still_running(self, pace: OpenPace) -> None:
        body = {"error": "invalid_request", "error_description": "Refresh operation is already in progress"}
        responses.post(TOKEN, json=body, status=400)

        answer = do_refresh()

        assert isinstance(answer, TokenRefused)
        assert answer.in_progress

    @responses.activate
    def test_of_too_many_requests_stops_everybody(self, pace: OpenPace) -> None:
        responses.post(TOKEN, json={"code": "MESSAGE_THROTTLED_OUT"}, status=429, headers={"Retry-After": "3"})

        answer = do_refresh()

        assert isinstance(answer, TokenRefused)
        assert answer.retry_after == 3.0
        assert pace.pauses == [(3.0, "hmrc_429")]


class TestDoubt:
    @responses.activate
    def test_is_what_a_fault_of_hmrcs_leaves(self, pace: OpenPace) -> None:
        responses.post(TOKEN, json={"error": "server_error"}, status=500)

        answer = do_refresh()

        assert isinstance(answer, Unknown)
        assert (answer.status, answer.code) == (500, "server_error")

    def test_is_what_a_lost_answer_leaves(self, pace: OpenPace, rogue: Rogue, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(config, "environment", lambda: an_environment(rogue.url, secrets=("new", "old")))
        rogue.behaviour = acts.then_close()

        answer = do_refresh()

        assert answer == Unknown(reason="hung_up")
        assert len(rogue.requests) == 1
