"""POST /oauth/token: every row of HMRC's error table, single use, and how long things last."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from sandbox.hmrc import trouble
from sandbox.hmrc.config import digest
from tests.sandbox.hmrc.driver import A_DAY, CLIENT_ID, FOUR_HOURS, HARRIET, IDRIS, PKCE, SECRETS, VERIFIER, Hmrc, body

NOON = pytest.approx(datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp(), abs=60)

REFUSED = "refresh_token is invalid"


def error(answer: TestResponse) -> tuple[int, str, str]:
    assert body(answer).keys() == {"error", "error_description"}
    return answer.status_code, body(answer)["error"], body(answer)["error_description"]


def while_it_hangs(hmrc: Hmrc, monkeypatch: pytest.MonkeyPatch, ask: Callable[[], TestResponse]) -> list[TestResponse]:
    """Let the next token call hang before its effect, and `ask` in that time. What is answered is listed then."""
    answers: list[TestResponse] = []
    monkeypatch.setattr(trouble, "sleep", lambda _: answers.append(ask()))
    hmrc.control("faults", {"kind": "hang", "operation": "token"})
    return answers


class TestACode:
    def test_buys_tokens_as_hmrc_words_them(self, hmrc: Hmrc) -> None:
        answer = hmrc.exchange(hmrc.code())

        tokens = body(answer)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-CorrelationId"]
        assert tokens.keys() == {"access_token", "token_type", "expires_in", "refresh_token", "scope"}
        assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 14400)
        assert tokens["scope"] == "read:self-assessment write:self-assessment"
        assert {len(tokens["access_token"]), len(tokens["refresh_token"])} == {32}

    def test_buys_them_once(self, hmrc: Hmrc) -> None:
        code = hmrc.code()
        hmrc.exchange(code)

        assert error(hmrc.exchange(code)) == (400, "invalid_request", "code is invalid")

    def test_buys_them_once_even_if_two_ask_at_the_same_moment(
        self, hmrc: Hmrc, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        code = hmrc.code()
        between = while_it_hangs(hmrc, monkeypatch, lambda: hmrc.exchange(code))

        late = hmrc.exchange(code)

        assert error(late) == (400, "invalid_request", "code is invalid")
        assert [one.status_code for one in between] == [200]

    def test_lasts_ten_minutes(self, hmrc: Hmrc) -> None:
        early, late = hmrc.code(), hmrc.code()
        hmrc.pass_time(590)
        in_time = hmrc.exchange(early)
        hmrc.pass_time(20)

        assert in_time.status_code == 200
        assert error(hmrc.exchange(late)) == (400, "invalid_request", "code is invalid")

    def test_is_not_spent_by_a_failed_attempt(self, hmrc: Hmrc) -> None:
        code = hmrc.code()
        hmrc.exchange(code, redirect_uri="http://localhost:8000/other")

        assert hmrc.exchange(code).status_code == 200

    @pytest.mark.parametrize("secret", SECRETS)
    def test_is_taken_with_any_of_the_applications_secrets(self, hmrc: Hmrc, secret: str) -> None:
        assert hmrc.exchange(hmrc.code(), client_secret=secret).status_code == 200

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"client_id": None}, (400, "invalid_request", "client_id is required")),
            ({"client_secret": None}, (400, "invalid_request", "client_secret is required")),
            ({"redirect_uri": None}, (400, "invalid_request", "redirect_uri is required")),
            ({"code": None}, (400, "invalid_request", "code is required")),
            ({"code": "0" * 32}, (400, "invalid_request", "code is invalid")),
            ({"redirect_uri": "http://localhost:8000/other"}, (400, "invalid_request", "redirect_uri is invalid")),
            ({"client_id": "stranger"}, (401, "invalid_client", "invalid client id or secret")),
            ({"client_secret": "guess"}, (401, "invalid_client", "invalid client id or secret")),
            ({"code_verifier": VERIFIER}, (400, "invalid_request", "code_verifier is not expected")),
        ],
    )
    def test_is_refused_by_the_table(
        self, hmrc: Hmrc, fields: dict[str, str | None], expected: tuple[int, str, str]
    ) -> None:
        assert error(hmrc.exchange(hmrc.code(), **fields)) == expected

    def test_needs_its_verifier(self, hmrc: Hmrc) -> None:
        code = hmrc.code(**PKCE)
        answers = [hmrc.exchange(code, code_verifier=verifier) for verifier in (None, "short", "w" * 43, VERIFIER)]

        assert [error(answer) for answer in answers[:3]] == [
            (400, "invalid_request", "code_verifier is required"),
            (400, "invalid_request", "code_verifier must be 43 to 128 characters long"),
            (400, "invalid_grant", "code_verifier is invalid"),
        ]
        assert answers[3].status_code == 200

    @pytest.mark.parametrize("length", [42, 129])
    def test_needs_a_verifier_of_43_to_128_characters(self, hmrc: Hmrc, length: int) -> None:
        answer = hmrc.exchange(hmrc.code(**PKCE), code_verifier="w" * length)

        assert error(answer) == (400, "invalid_request", "code_verifier must be 43 to 128 characters long")

    def test_takes_no_basic_credentials(self, hmrc: Hmrc) -> None:
        answer = hmrc.http.post(
            "/oauth/token", data={"grant_type": "refresh_token"}, auth=("quarterday-tests", SECRETS[0])
        )

        assert error(answer) == (400, "invalid_request", "client_id is required")

    def test_takes_nothing_from_the_query(self, hmrc: Hmrc) -> None:
        answer = hmrc.http.post(
            f"/oauth/token?grant_type=refresh_token&client_id=quarterday-tests&client_secret={SECRETS[0]}"
        )

        assert error(answer) == (400, "invalid_request", "grant_type is required")

    def test_says_each_thing_once(self, hmrc: Hmrc) -> None:
        form = {"grant_type": "refresh_token", "client_id": [CLIENT_ID, CLIENT_ID], "client_secret": SECRETS[0]}

        answer = hmrc.http.post("/oauth/token", data=form)

        assert error(answer) == (400, "invalid_request", "client_id is given more than once")

    @pytest.mark.parametrize(
        ("grant_type", "reason"), [(None, "grant_type is required"), ("password", "grant_type is unsupported")]
    )
    def test_is_not_looked_at_without_a_grant_type_that_hmrc_knows(
        self, hmrc: Hmrc, grant_type: str | None, reason: str
    ) -> None:
        assert error(hmrc.token(grant_type)) == (400, "invalid_request", reason)


class TestARefresh:
    def test_gives_new_tokens_and_leaves_out_the_scope(self, hmrc: Hmrc) -> None:
        old = hmrc.connect()

        new = body(hmrc.refresh(old["refresh_token"]))

        assert new.keys() == {"access_token", "token_type", "expires_in", "refresh_token"}
        assert {new["access_token"], new["refresh_token"]}.isdisjoint({old["access_token"], old["refresh_token"]})

    def test_kills_the_old_access_token_at_once(self, hmrc: Hmrc) -> None:
        old = hmrc.connect()
        assert hmrc.businesses(old["access_token"]).status_code == 200

        new = body(hmrc.refresh(old["refresh_token"]))

        assert body(hmrc.businesses(old["access_token"]))["code"] == "INVALID_CREDENTIALS"
        assert hmrc.businesses(new["access_token"]).status_code == 200

    def test_works_once_per_token(self, hmrc: Hmrc) -> None:
        old = hmrc.connect()
        new = body(hmrc.refresh(old["refresh_token"]))

        assert error(hmrc.refresh(old["refresh_token"])) == (400, "invalid_grant", REFUSED)
        assert hmrc.refresh(new["refresh_token"]).status_code == 200

    def test_is_known_by_digest_to_the_control_api(self, hmrc: Hmrc) -> None:
        old = hmrc.connect()["refresh_token"]
        new = body(hmrc.refresh(old))["refresh_token"]

        assert hmrc.show("grants") == {"grants": [{"nino": HARRIET, "refresh_digest": digest(new)}], "sent_again": []}

    def test_that_comes_again_is_told_with_what_has_become_of_the_token(self, hmrc: Hmrc) -> None:
        old = hmrc.connect()["refresh_token"]
        new = body(hmrc.refresh(body(hmrc.refresh(old))["refresh_token"]))["refresh_token"]
        hmrc.refresh(old)
        hmrc.refresh(old)

        again = {"newest": digest(new), "overlapped": False, "at": NOON}
        assert hmrc.show("grants")["sent_again"] == [again, again]
        assert hmrc.show("grants?after=1")["sent_again"] == [again]

    def test_that_overlaps_another_is_told(self, hmrc: Hmrc, monkeypatch: pytest.MonkeyPatch) -> None:
        token = hmrc.connect()["refresh_token"]
        while_it_hangs(hmrc, monkeypatch, lambda: hmrc.refresh(token))

        new = body(hmrc.refresh(token))["refresh_token"]

        assert hmrc.show("grants")["sent_again"] == [{"newest": digest(new), "overlapped": True, "at": NOON}]

    def test_is_refused_while_the_same_token_is_being_refreshed(
        self, hmrc: Hmrc, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        refresh_token = hmrc.connect()["refresh_token"]
        between = while_it_hangs(hmrc, monkeypatch, lambda: hmrc.refresh(refresh_token))

        first = hmrc.refresh(refresh_token)

        assert first.status_code == 200
        assert [error(one) for one in between] == [(400, "invalid_request", "Refresh operation is already in progress")]

    def test_needs_a_token(self, hmrc: Hmrc) -> None:
        assert error(hmrc.token("refresh_token")) == (400, "invalid_request", "refresh_token is required")

    def test_is_refused_for_an_unknown_token(self, hmrc: Hmrc) -> None:
        assert error(hmrc.refresh("f" * 32)) == (400, "invalid_grant", REFUSED)

    def test_is_refused_after_the_user_revoked_the_grant(self, hmrc: Hmrc) -> None:
        tokens = hmrc.connect()

        revoked = hmrc.control("grants/revoke", {"nino": HARRIET})

        assert revoked == {"revoked": 1}
        assert error(hmrc.refresh(tokens["refresh_token"])) == (400, "invalid_grant", REFUSED)
        assert hmrc.businesses(tokens["access_token"]).status_code == 401

    def test_works_until_547_days_after_the_consent_and_not_longer(self, hmrc: Hmrc) -> None:
        token = hmrc.connect()["refresh_token"]
        hmrc.pass_time(546 * A_DAY)
        token = body(hmrc.refresh(token))["refresh_token"]
        hmrc.pass_time(A_DAY + 60)

        assert error(hmrc.refresh(token)) == (400, "invalid_grant", REFUSED)


class TestAnAccessToken:
    def test_lasts_four_hours(self, hmrc: Hmrc) -> None:
        token = hmrc.connect()["access_token"]
        hmrc.pass_time(FOUR_HOURS - 60)
        in_time = hmrc.businesses(token)
        hmrc.pass_time(120)

        assert in_time.status_code == 200
        assert hmrc.businesses(token).status_code == 401

    def test_does_not_outlive_its_grant(self, hmrc: Hmrc) -> None:
        token = hmrc.connect()["refresh_token"]
        hmrc.pass_time(547 * A_DAY - 3600)
        token = body(hmrc.refresh(token))["access_token"]
        hmrc.pass_time(3700)

        assert hmrc.businesses(token).status_code == 401


class TestClientCredentials:
    def test_give_the_application_a_token_without_a_refresh_token(self, hmrc: Hmrc) -> None:
        assert body(hmrc.token("client_credentials")).keys() == {"access_token", "token_type", "expires_in"}

    def test_refuse_a_scope_that_is_none(self, hmrc: Hmrc) -> None:
        assert error(hmrc.token("client_credentials", scope="all")) == (400, "invalid_request", "scope is invalid")


class TestAFault:
    """The answers that a right request gets only when HMRC itself is in trouble."""

    @pytest.mark.parametrize(
        ("fault", "expected"),
        [
            ({"kind": "server_error"}, (500, "server_error", "An internal server error occurred")),
            (
                {"kind": "refresh_in_progress"},
                (400, "invalid_request", "Refresh operation is already in progress"),
            ),
            (
                {"kind": "oauth_error", "status": 401, "code": "invalid_client", "message": "gone"},
                (401, "invalid_client", "gone"),
            ),
        ],
    )
    def test_leaves_the_refresh_token_good(
        self, hmrc: Hmrc, fault: dict[str, object], expected: tuple[int, str, str]
    ) -> None:
        refresh_token = hmrc.connect()["refresh_token"]
        hmrc.control("faults", fault)

        struck = hmrc.refresh(refresh_token)

        assert error(struck) == expected
        assert hmrc.refresh(refresh_token).status_code == 200

    def test_of_the_token_endpoint_does_not_strike_an_api(self, hmrc: Hmrc) -> None:
        hmrc.control("faults", {"kind": "oauth_error"})

        assert hmrc.businesses("0" * 32).status_code == 401
        assert error(hmrc.refresh("0" * 32))[1] == "invalid_request"

    def test_of_the_stand_in_itself_is_told_as_oauth_tells_it(self, hmrc: Hmrc, tmp_path: Path) -> None:
        (tmp_path / "clock").write_text("[]")

        assert error(hmrc.refresh("0" * 32)) == (500, "server_error", "an internal server error occurred")


class TestTheLengthOfAGrant:
    def test_is_set_for_grants_to_come_and_not_for_those_given(self, hmrc: Hmrc) -> None:
        long = hmrc.connect(HARRIET)
        told = hmrc.control("grants/length", {"days": 30})
        short = hmrc.connect(IDRIS)
        hmrc.pass_time(30 * A_DAY + 1)

        assert told == {"days": 30}
        assert error(hmrc.refresh(short["refresh_token"])) == (400, "invalid_grant", REFUSED)
        assert hmrc.refresh(long["refresh_token"]).status_code == 200

    def test_is_told_to_the_user(self, hmrc: Hmrc) -> None:
        hmrc.control("grants/length", {"days": 90})
        journey = hmrc.journey()
        hmrc.sign_in(journey)
        hmrc.give_code(journey)

        page = hmrc.http.get("/oauth/consent", query_string={"journey": journey}).text

        assert "lasts 90 days" in page

    @pytest.mark.parametrize("days", [0, -1, 36_501, 1.5, "30", None, True])
    def test_is_a_number_of_days_that_hmrc_could_have(self, hmrc: Hmrc, days: object) -> None:
        assert hmrc.http.post("/control/grants/length", json={"days": days}).status_code == 400

    def test_can_be_over_at_once(self, hmrc: Hmrc) -> None:
        tokens, others = hmrc.connect(HARRIET), hmrc.connect(IDRIS)

        ended = hmrc.control("grants/end", {"nino": HARRIET})

        assert ended == {"ended": 1}
        assert hmrc.businesses(tokens["access_token"]).status_code == 401
        assert error(hmrc.refresh(tokens["refresh_token"])) == (400, "invalid_grant", REFUSED)
        assert hmrc.refresh(others["refresh_token"]).status_code == 200
