"""What social-auth does for us: the authorize address, the state, PKCE; and what it is not allowed to do."""

import base64
import hashlib
from typing import Any
from urllib.parse import urlsplit

import pytest
from social_core.exceptions import AuthException

from hmrc_oauth import backend
from tests.hmrc_oauth.scenes import query_of

REDIRECT = "https://quarterday.example/hmrc/callback?from=hmrc&x=ä"


def begun() -> tuple[str, dict[str, Any]]:
    bag: dict[str, Any] = {}
    return backend.make(redirect_uri=REDIRECT, bag=bag).auth_url(), bag


def finish(bag: dict[str, Any], **data: str) -> tuple[str, str]:
    return backend.make(redirect_uri=REDIRECT, bag=bag, data=data).exchange_form()


class TestTheAuthorizeAddress:
    def test_is_hmrcs_with_the_client_and_the_scopes(self, settings: Any) -> None:
        url, _ = begun()

        asked = query_of(url)
        assert url.startswith(f"{settings.HMRC.authorize_url}?")
        assert asked["client_id"] == settings.HMRC.client_id
        assert asked["scope"] == " ".join(settings.HMRC.scopes)
        assert (asked["response_type"], asked["redirect_uri"]) == ("code", REDIRECT)

    def test_is_percent_encoded_as_hmrc_wants_it(self) -> None:
        query = urlsplit(begun()[0]).query

        assert "redirect_uri=https%3A%2F%2Fquarterday.example%2Fhmrc%2Fcallback%3Ffrom%3Dhmrc%26x%3D%C3%A4" in query
        assert "+" not in query

    def test_carries_no_secret_but_the_state(self) -> None:
        url, bag = begun()

        assert set(query_of(url)) == {
            "client_id",
            "redirect_uri",
            "response_type",
            "scope",
            "state",
            "code_challenge",
            "code_challenge_method",
        }
        assert verifier_of(bag) not in url

    def test_has_a_state_of_256_bits_that_never_comes_twice(self) -> None:
        states = {query_of(begun()[0])["state"] for _ in range(50)}

        assert len(states) == 50
        assert {len(base64.urlsafe_b64decode(state + "=")) for state in states} == {32}

    def test_challenges_with_the_digest_of_the_verifier_in_the_bag(self) -> None:
        url, bag = begun()

        verifier = verifier_of(bag).encode()
        expected = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).decode().rstrip("=")
        assert query_of(url)["code_challenge"] == expected
        assert query_of(url)["code_challenge_method"] == "S256"
        assert len(verifier) >= 43


class TestTheExchangesForm:
    def test_is_the_code_and_the_verifier(self) -> None:
        url, bag = begun()
        verifier = verifier_of(bag)

        assert finish(bag, code="the-code", state=query_of(url)["state"]) == ("the-code", verifier)

    @pytest.mark.parametrize("state", ["", "another-state", None])
    def test_is_refused_for_a_state_that_is_not_this_sessions(self, state: str | None) -> None:
        _, bag = begun()
        data = {"code": "the-code"} if state is None else {"code": "the-code", "state": state}

        with pytest.raises(AuthException):
            finish(bag, **data)

    def test_is_refused_where_the_bag_is_another_sessions(self) -> None:
        url, _ = begun()
        _, other_bag = begun()

        with pytest.raises(AuthException):
            finish(other_bag, code="the-code", state=query_of(url)["state"])


class TestTheOtherHalfOfSocialAuth:
    def test_never_refreshes(self) -> None:
        with pytest.raises(RuntimeError, match=r"hmrc_oauth\.refresh"):
            backend.make(redirect_uri=REDIRECT, bag={}).refresh_token("a-refresh-token")

    @pytest.mark.parametrize("part", ["user", "association", "code", "partial"])
    def test_stores_nothing(self, part: str) -> None:
        with pytest.raises(RuntimeError, match="storage is not used"):
            getattr(backend.HmrcStorage, part).get_user("anyone")

    def test_claims_each_state_by_our_session_and_not_by_a_nonce(self) -> None:
        nonce = backend.HmrcStorage.nonce

        assert nonce.use("server", 0, "salt")
        assert nonce.consume("server", 0, "salt")

    def test_keeps_no_secret_and_no_extra_data(self) -> None:
        maker = backend.make(redirect_uri=REDIRECT, bag={})

        assert maker.setting("SECRET") == ""
        assert maker.extra_data({}, "uid", {"access_token": "canary"}) == {}
        assert maker.access_token_url().endswith("/oauth/token")

    def test_takes_nothing_from_the_request_but_what_it_is_given(self) -> None:
        strategy = backend.HmrcStrategy({"kept": 1}, {"code": "the-code"})

        assert strategy.request_data() == {"code": "the-code"}
        assert (strategy.session_pop("kept"), strategy.session_get("kept", "gone")) == (1, "gone")
        assert strategy.request_host() == ""
        assert (strategy.build_absolute_uri("/a"), strategy.build_absolute_uri()) == ("/a", "")


def verifier_of(bag: dict[str, Any]) -> str:
    """social-auth keeps it in the entry of the state it belongs to."""
    return next(str(entry["code_verifier"]) for entry in bag.values() if "code_verifier" in entry)
