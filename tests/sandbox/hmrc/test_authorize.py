"""GET /oauth/authorize and the pages behind it."""

import pytest

from tests.sandbox.hmrc.conftest import Start
from tests.sandbox.hmrc.driver import HARRIET, IDRIS, PKCE, REDIRECT_URI, Hmrc, parse


class TestTheJourney:
    def test_ends_at_the_redirect_uri_with_a_code_and_the_same_state(self, hmrc: Hmrc) -> None:
        journey = hmrc.journey()
        steps = [hmrc.sign_in(journey), hmrc.give_code(journey)]

        back = hmrc.post("/oauth/consent", journey=journey, decision="grant")

        assert [step.status_code for step in [*steps, back]] == [303, 303, 303]
        assert back.headers["Location"].startswith(f"{REDIRECT_URI}?code=")
        assert parse(back)["state"] == "a state/with &="
        assert len(parse(back)["code"]) == 32
        assert parse(back).keys() == {"code", "state"}

    def test_ends_with_access_denied_when_the_user_says_no(self, hmrc: Hmrc) -> None:
        assert hmrc.decide("deny") == {
            "error": "access_denied",
            "error_description": "user denied the authorization",
            "error_code": "USER_DENIED_AUTHORIZATION",
            "state": "a state/with &=",
        }

    def test_leaves_out_a_state_that_was_not_sent(self, hmrc: Hmrc) -> None:
        assert hmrc.decide("grant", state=None).keys() == {"code"}

    def test_joins_a_redirect_uri_that_has_a_query(self, hmrc: Hmrc) -> None:
        back = hmrc.decide("grant", redirect_uri=f"{REDIRECT_URI}?agency=demo")

        assert back["agency"] == "demo"

    def test_shows_each_scope_in_words_and_who_asks(self, hmrc: Hmrc) -> None:
        journey = hmrc.journey()
        hmrc.sign_in(journey)
        hmrc.give_code(journey)

        page = hmrc.http.get("/oauth/consent", query_string={"journey": journey}).text

        assert "View your Self Assessment information" in page
        assert "Change your Self Assessment information" in page
        assert "Quarterday" in page

    def test_shows_the_access_code_that_would_come_by_text_message(self, hmrc: Hmrc) -> None:
        journey = hmrc.journey()
        hmrc.sign_in(journey)

        page = hmrc.http.get("/sign-in/code", query_string={"journey": journey}).text

        assert "In real life this comes by text message" in page
        assert hmrc.user()["access_code"] in page

    def test_shows_a_wrong_password_on_the_same_page(self, hmrc: Hmrc) -> None:
        answer = hmrc.post("/sign-in", journey=hmrc.journey(), user_id=hmrc.user()["user_id"], password="wrong")

        assert answer.status_code == 401
        assert 'role="alert"' in answer.text
        assert hmrc.user()["user_id"] in answer.text

    def test_shows_a_wrong_access_code_on_the_same_page(self, hmrc: Hmrc) -> None:
        journey = hmrc.journey()
        hmrc.sign_in(journey)

        answer = hmrc.post("/sign-in/code", journey=journey, access_code="no")

        assert answer.status_code == 401
        assert 'role="alert"' in answer.text

    def test_asks_again_when_neither_button_was_pressed(self, hmrc: Hmrc) -> None:
        journey = hmrc.journey()
        hmrc.sign_in(journey)
        hmrc.give_code(journey)

        assert hmrc.post("/oauth/consent", journey=journey).status_code == 400
        assert "code" in parse(hmrc.post("/oauth/consent", journey=journey, decision="grant"))

    def test_can_not_be_answered_twice(self, hmrc: Hmrc) -> None:
        journey = hmrc.journey()
        hmrc.sign_in(journey)
        hmrc.give_code(journey)
        hmrc.post("/oauth/consent", journey=journey, decision="grant")

        assert hmrc.post("/oauth/consent", journey=journey, decision="grant").status_code == 400

    @pytest.mark.parametrize("path", ["/sign-in/code", "/oauth/consent"])
    def test_can_not_be_entered_in_the_middle(self, hmrc: Hmrc, path: str) -> None:
        answer = hmrc.http.get(path, query_string={"journey": hmrc.journey()})

        assert answer.status_code == 400
        assert "Start again" in answer.text

    def test_asks_for_the_second_step_again_when_another_user_signs_in(self, hmrc: Hmrc) -> None:
        journey = hmrc.journey()
        hmrc.sign_in(journey, HARRIET)
        hmrc.give_code(journey, HARRIET)

        hmrc.sign_in(journey, IDRIS)

        assert hmrc.post("/oauth/consent", journey=journey, decision="grant").status_code == 400

    @pytest.mark.parametrize("path", ["/sign-in", "/"])
    def test_says_on_every_page_that_it_is_not_hmrc(self, hmrc: Hmrc, path: str) -> None:
        page = hmrc.http.get(path, query_string={"journey": hmrc.journey()})

        assert "It is not HMRC" in page.text
        assert '<html lang="en-GB">' in page.text
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]

    def test_shows_the_code_itself_to_an_application_without_a_web_address(self, start: Start) -> None:
        hmrc = start(redirect_uris=("urn:ietf:wg:oauth:2.0:oob",))
        journey = hmrc.journey(redirect_uri="urn:ietf:wg:oauth:2.0:oob")
        hmrc.sign_in(journey)
        hmrc.give_code(journey)

        answer = hmrc.post("/oauth/consent", journey=journey, decision="grant")

        assert answer.status_code == 200
        assert "<title>Success code=" in answer.text


class TestABadRequest:
    @pytest.mark.parametrize(
        ("changes", "error", "description"),
        [
            ({"client_id": None}, "invalid_request", "client_id is required"),
            ({"client_id": "stranger"}, "invalid_request", "client_id is invalid"),
            ({"client_secret": "newest-secret"}, "invalid_request", "client_secret must not be sent"),
            ({"redirect_uri": None}, "invalid_request", "redirect_uri is required"),
            ({"redirect_uri": "https://evil.example"}, "invalid_request", "redirect_uri is invalid"),
            ({"redirect_uri": f"{REDIRECT_URI}#top"}, "invalid_request", "redirect_uri is invalid"),
            ({"response_type": None}, "invalid_request", "response_type is required"),
            ({"response_type": "token"}, "unsupported_response_type", "response_type must be code"),
            ({"scope": None}, "invalid_request", "scope is required"),
            ({"scope": "read:vat"}, "invalid_scope", "scope is invalid"),
            (PKCE | {"code_challenge": ""}, "invalid_request", "code_challenge is invalid"),
            (PKCE | {"code_challenge_method": "plain"}, "invalid_request", "must be S256"),
            (PKCE | {"code_challenge_method": None}, "invalid_request", "required together"),
            (PKCE | {"code_challenge": None}, "invalid_request", "required together"),
            (PKCE | {"code_challenge_method": ""}, "invalid_request", "must be S256"),
            (PKCE | {"code_challenge_method": "s256"}, "invalid_request", "must be S256"),
            (PKCE | {"code_challenge": "short"}, "invalid_request", "code_challenge is invalid"),
            (PKCE | {"code_challenge": "w" * 43 + "="}, "invalid_request", "code_challenge is invalid"),
            ({"client_id": ""}, "invalid_request", "client_id is required"),
            ({"scope": " "}, "invalid_request", "scope is required"),
            ({"scope": "read:self-assessment read:vat"}, "invalid_scope", "scope is invalid"),
            ({"redirect_uri": "http://localhost:8000/hmrc/callbacks"}, "invalid_request", "redirect_uri is invalid"),
        ],
    )
    def test_is_shown_and_not_redirected(
        self, hmrc: Hmrc, changes: dict[str, str | None], error: str, description: str
    ) -> None:
        answer = hmrc.authorize(**changes)

        assert answer.status_code == 400
        assert "Location" not in answer.headers
        assert answer.get_json()["error"] == error
        assert description in answer.get_json()["error_description"]

    def test_is_a_page_for_a_browser(self, hmrc: Hmrc) -> None:
        answer = hmrc.http.get("/oauth/authorize", headers={"Accept": "text/html,*/*;q=0.8"})

        assert answer.status_code == 400
        assert "<code>invalid_request</code>" in answer.text

    @pytest.mark.parametrize("accept", ["text/html,*/*;q=0.8", "*/*"])
    def test_is_not_told_from_a_right_one_while_hmrcs_server_fails(self, hmrc: Hmrc, accept: str) -> None:
        hmrc.control("faults", {"kind": "server_error"})

        answers = [hmrc.http.get("/oauth/authorize", headers={"Accept": accept}) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [500, 400]
        assert "server_error" in answers[0].text
        assert "Location" not in answers[0].headers

    def test_is_one_whose_redirect_uri_is_not_percent_encoded(self, hmrc: Hmrc) -> None:
        query = f"response_type=code&client_id=quarterday-tests&scope=read:self-assessment&redirect_uri={REDIRECT_URI}"

        answer = hmrc.http.get("/oauth/authorize", environ_overrides={"QUERY_STRING": query})

        assert answer.get_json()["error_description"] == "redirect_uri must be percent-encoded"

    def test_is_one_that_says_a_thing_twice(self, hmrc: Hmrc) -> None:
        answer = hmrc.http.get("/oauth/authorize?state=one&state=two")

        assert answer.get_json()["error_description"] == "state is given more than once"

    def test_takes_scopes_joined_by_plus_or_by_percent_20(self, hmrc: Hmrc) -> None:
        query = (
            "response_type=code&client_id=quarterday-tests&scope=read%3Aself-assessment%20write:self-assessment"
            "&redirect_uri=http%3A%2F%2Flocalhost%3A8000%2Fhmrc%2Fcallback"
        )

        answers = [hmrc.http.get(f"/oauth/authorize?{text}") for text in (query, query.replace("%20", "+"))]

        assert [answer.status_code for answer in answers] == [303, 303]
