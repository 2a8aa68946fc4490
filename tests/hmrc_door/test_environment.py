"""Each setting of HMRC's is checked at start, and a fault names the setting and the reason."""

from collections.abc import Mapping

import pytest

from hmrc_door.environment import SCOPES, BadSetting, Deadlines, Environment

SANDBOX: Mapping[str, str | None] = {
    "HMRC_ENVIRONMENT": "sandbox",
    "HMRC_CLIENT_ID": "our-client",
    "HMRC_CLIENT_SECRETS": "canary-new,canary-old",
    "HMRC_REDIRECT_URI": "https://connect.quarterday.example/hmrc/callback",
}
LOCAL = {**SANDBOX, "HMRC_ENVIRONMENT": "local", "HMRC_REDIRECT_URI": "http://localhost:8000/hmrc/callback"}
PRODUCTION = {**SANDBOX, "HMRC_ENVIRONMENT": "production"}


def read(base: Mapping[str, str | None], **changes: str | None) -> Environment:
    return Environment.read({**base, **changes}).check()


class TestDefaults:
    @pytest.mark.parametrize(
        ("base", "api", "authorize"),
        [
            (LOCAL, "http://127.0.0.1:8001", "http://localhost:8001/oauth/authorize"),
            (SANDBOX, "https://test-api.service.hmrc.gov.uk", "https://test-www.tax.service.gov.uk/oauth/authorize"),
            (PRODUCTION, "https://api.service.hmrc.gov.uk", "https://www.tax.service.gov.uk/oauth/authorize"),
        ],
        ids=["local", "sandbox", "production"],
    )
    def test_addresses_are_hmrcs_own(self, base: Mapping[str, str | None], api: str, authorize: str) -> None:
        chosen = read(base)

        assert (chosen.api_url, chosen.authorize_url, chosen.token_url) == (api, authorize, f"{api}/oauth/token")

    @pytest.mark.parametrize(
        ("base", "place"),
        [
            (LOCAL, "http://localhost:8001"),
            (SANDBOX, "https://www.tax.service.gov.uk"),
            (PRODUCTION, "https://www.tax.service.gov.uk"),
        ],
        ids=["local", "sandbox", "production"],
    )
    def test_people_end_what_they_granted_at_hmrcs_own_page(self, base: Mapping[str, str | None], place: str) -> None:
        assert read(base).manage_authority_url == f"{place}/applications-manage-authority"

    def test_pace_scopes_and_deadlines_are_hmrcs_own(self) -> None:
        chosen = read(SANDBOX)

        assert (chosen.requests_per_second, chosen.scopes) == (3, SCOPES)
        assert chosen.deadlines == Deadlines(connect_s=5, read_s=15, total_s=20)


class TestReading:
    def test_secrets_are_hidden_and_newest_first(self) -> None:
        chosen = read(SANDBOX, HMRC_CLIENT_SECRETS="canary-new\ncanary-old,\n")

        assert [secret.reveal() for secret in chosen.client_secrets] == ["canary-new", "canary-old"]
        assert "canary" not in repr(chosen)

    def test_an_api_process_has_no_secret_at_all(self) -> None:
        assert read(SANDBOX, HMRC_CLIENT_SECRETS=None).client_secrets == ()

    def test_addresses_can_be_overridden(self) -> None:
        chosen = read(LOCAL, HMRC_API_URL="http://localhost:9001/", HMRC_TOKEN_URL="http://localhost:9001/oauth/token")

        assert (chosen.api_url, chosen.token_url) == ("http://localhost:9001", "http://localhost:9001/oauth/token")

    def test_older_documents_authorize_address_is_taken(self) -> None:
        address = "https://test-api.service.hmrc.gov.uk/oauth/authorize"

        assert read(SANDBOX, HMRC_AUTHORIZE_URL=address).authorize_url == address

    def test_the_allow_list_is_none_or_ranges_no_wider_than_hmrc_takes(self) -> None:
        assert read(SANDBOX).egress_allow_list == ()
        ranges = "192.0.2.0/24,198.51.100.7/32 203.0.113.9"
        assert read(SANDBOX, HMRC_EGRESS_ALLOW_LIST=ranges).egress_allow_list == (
            "192.0.2.0/24",
            "198.51.100.7/32",
            "203.0.113.9",
        )

    def test_one_scope_is_enough(self) -> None:
        assert read(SANDBOX, HMRC_SCOPES="read:self-assessment").scopes == ("read:self-assessment",)


BROKEN: list[tuple[Mapping[str, str | None], str, str | None, str]] = [
    (SANDBOX, "HMRC_ENVIRONMENT", None, "one of local, sandbox, production"),
    (SANDBOX, "HMRC_ENVIRONMENT", "Production", "one of local, sandbox, production"),
    (SANDBOX, "HMRC_CLIENT_ID", None, "missing"),
    (SANDBOX, "HMRC_CLIENT_ID", "  ", "missing"),
    (SANDBOX, "HMRC_CLIENT_SECRETS", "a,b,c,d,e,f", "more than 5"),
    (SANDBOX, "HMRC_CLIENT_SECRETS", "a,b,a", "twice"),
    (SANDBOX, "HMRC_REDIRECT_URI", None, "missing"),
    (SANDBOX, "HMRC_REDIRECT_URI", "http://connect.quarterday.example/hmrc/callback", "http"),
    (SANDBOX, "HMRC_REDIRECT_URI", "https://192.0.2.1/hmrc/callback", "IP address"),
    (SANDBOX, "HMRC_REDIRECT_URI", "/hmrc/callback", "absolute"),
    (SANDBOX, "HMRC_REDIRECT_URI", "https://connect.quarterday.example/#x", "fragment"),
    (SANDBOX, "HMRC_REDIRECT_URI", "urn:ietf:wg:oauth:2.0:oob", "no browser"),
    (SANDBOX, "HMRC_SCOPES", "", "empty"),
    (SANDBOX, "HMRC_SCOPES", "read:self-assessment write:vat", "write:vat"),
    (SANDBOX, "HMRC_REQUESTS_PER_SECOND", "0", "at least 1"),
    (SANDBOX, "HMRC_REQUESTS_PER_SECOND", "-3", "at least 1"),
    (SANDBOX, "HMRC_REQUESTS_PER_SECOND", "2.9", "whole number"),
    (SANDBOX, "HMRC_EGRESS_ALLOW_LIST", "192.0.2.0/23", "wider"),
    (SANDBOX, "HMRC_EGRESS_ALLOW_LIST", "198.51.100.7, 0.0.0.0/0", "wider"),
    (SANDBOX, "HMRC_EGRESS_ALLOW_LIST", "192.0.2.1/24", "CIDR"),
    (SANDBOX, "HMRC_EGRESS_ALLOW_LIST", "192.0.2.0/33", "CIDR"),
    (SANDBOX, "HMRC_EGRESS_ALLOW_LIST", "gateway.quarterday.example", "CIDR"),
    (SANDBOX, "HMRC_EGRESS_ALLOW_LIST", "2001:db8::/32", "wider"),
    (SANDBOX, "HMRC_EGRESS_ADDRESS", "gateway.quarterday.example", "not an IP address"),
    (SANDBOX, "HMRC_API_URL", "http://test-api.service.hmrc.gov.uk", "https"),
    (SANDBOX, "HMRC_API_URL", "https://test-api.service.hmrc.gov.uk:8443", "ordinary port"),
    (SANDBOX, "HMRC_API_URL", "https://test-api.service.hmrc.gov.uk/organisations", "no path"),
    (SANDBOX, "HMRC_API_URL", "https://test-api.service.hmrc.gov.uk?x=1", "no path"),
    (SANDBOX, "HMRC_API_URL", "https://user@test-api.service.hmrc.gov.uk", "user name"),
    (SANDBOX, "HMRC_API_URL", "test-api.service.hmrc.gov.uk", "absolute"),
    (SANDBOX, "HMRC_API_URL", "https://api.service.hmrc.gov.uk", "not a host of HMRC's sandbox"),
    (SANDBOX, "HMRC_API_URL", "https://test-api.service.hmrc.gov.uk.evil.example", "not a host of HMRC's sandbox"),
    (PRODUCTION, "HMRC_TOKEN_URL", "https://test-api.service.hmrc.gov.uk/oauth/token", "HMRC's production"),
    (PRODUCTION, "HMRC_TOKEN_URL", "http://127.0.0.1:8001/oauth/token", "https"),
    (PRODUCTION, "HMRC_TOKEN_URL", "https://api.service.hmrc.gov.uk", "must have a path"),
    (PRODUCTION, "HMRC_AUTHORIZE_URL", "https://www.tax.service.gov.uk/oauth/authorize?x=1", "nothing after it"),
    (LOCAL, "HMRC_API_URL", "http://192.0.2.1:8001", "on this machine"),
    (LOCAL, "HMRC_API_URL", "https://api.service.hmrc.gov.uk", "on this machine"),
    (LOCAL, "HMRC_API_URL", "ftp://localhost", "on this machine"),
]


class TestOrigins:
    def test_a_token_goes_to_the_api_and_the_token_endpoint_only(self) -> None:
        assert read(SANDBOX).api_origins == {("https", "test-api.service.hmrc.gov.uk", 443)}
        assert read(LOCAL, HMRC_TOKEN_URL="http://localhost/oauth/token").api_origins == {
            ("http", "127.0.0.1", 8001),
            ("http", "localhost", 80),
        }


class TestFaults:
    @pytest.mark.parametrize(("base", "name", "value", "reason"), BROKEN)
    def test_each_names_its_setting_and_why(
        self, base: Mapping[str, str | None], name: str, value: str | None, reason: str
    ) -> None:
        with pytest.raises(BadSetting) as refused:
            read(base, **{name: value})

        assert refused.value.name == name
        assert reason in refused.value.reason
        assert str(refused.value) == f"{name}: {refused.value.reason}"

    def test_none_quotes_a_secret(self) -> None:
        with pytest.raises(BadSetting) as refused:
            read(SANDBOX, HMRC_CLIENT_SECRETS="canary1,canary1")

        assert "canary" not in str(refused.value)
