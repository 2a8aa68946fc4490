"""The whole round, against an HMRC on loopback that is scripted answer by answer."""

import re
from collections.abc import Iterator

import pytest
import responses

from hmrc_door import config
from hmrc_door.doctor import Finding, Level, examine
from hmrc_door.environment import Environment
from hmrc_door.hidden import Hidden
from tests.hmrc_door.conftest import OpenPace

API = "http://127.0.0.1:8001"
DATE = {"Date": "Tue, 24 Nov 2026 12:00:00 GMT"}


def environment(**changes: object) -> Environment:
    return Environment(
        **{
            "name": "local",
            "api_url": API,
            "authorize_url": "http://localhost:8001/oauth/authorize",
            "token_url": f"{API}/oauth/token",
            "client_id": "client",
            "redirect_uri": "http://localhost:8000/hmrc/callback",
            "client_secrets": (Hidden("newest"), Hidden("older")),
            **changes,
        }  # type: ignore[arg-type]
    )


def examined(of: Environment) -> list[Finding]:
    return list(examine(of, method="BATCH_PROCESS_DIRECT", host_headers={"Gov-Client-Timezone": "UTC+00:00"}))


def found(findings: list[Finding], check: str) -> list[Finding]:
    return [finding for finding in findings if finding.check == check]


@pytest.fixture
def hmrc(monkeypatch: pytest.MonkeyPatch) -> Iterator[responses.RequestsMock]:
    monkeypatch.setattr(config, "environment", environment)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(f"{API}/test/fraud-prevention-headers/validate", json={"code": "VALID_HEADERS"}, status=200)
        yield mock


def knows_secret(mock: responses.RequestsMock, secret: str) -> None:
    def answer(request: object) -> tuple[int, dict[str, str], str]:
        if f"client_secret={secret}" in str(getattr(request, "body", b"")):
            return 200, {}, '{"access_token": "application", "token_type": "bearer", "expires_in": 14400}'
        return 401, {}, '{"error": "invalid_client"}'

    mock.add_callback(responses.POST, f"{API}/oauth/token", answer)


def refuses_everybody(mock: responses.RequestsMock) -> None:
    body = {"code": "FORMAT_NINO", "message": "The provided NINO is invalid"}
    mock.get(re.compile(f"{API}/(individuals|obligations)/.*"), json=body, status=400, headers=DATE)


def test_everything_is_asked_with_the_secret_that_hmrc_knows(hmrc: responses.RequestsMock, pace: OpenPace) -> None:
    knows_secret(hmrc, "older")
    refuses_everybody(hmrc)

    findings = examined(environment())

    assert [finding.level for finding in found(findings, "credentials")] == [Level.FAILURE, Level.OK]
    assert [finding.level for finding in found(findings, "apis")] == [Level.OK] * 5
    assert [finding.level for finding in found(findings, "fraud_headers")] == [Level.OK]
    assert found(findings, "clock")
    asked = [call.request for call in hmrc.calls if call.request.url and "/oauth/" not in call.request.url]
    assert all(request.headers["Authorization"] == "Bearer application" for request in asked)
    assert all(request.headers["Gov-Client-Timezone"] == "UTC+00:00" for request in asked)


def test_without_a_token_no_api_is_asked(hmrc: responses.RequestsMock, pace: OpenPace) -> None:
    knows_secret(hmrc, "another")

    findings = examined(environment())

    assert [finding.level for finding in found(findings, "apis")] == [Level.SKIPPED]
    assert not [call for call in hmrc.calls if "/oauth/token" not in str(call.request.url)]


def test_with_settings_against_the_rules_nothing_is_sent(hmrc: responses.RequestsMock, pace: OpenPace) -> None:
    findings = examined(environment(client_id=""))

    assert [finding.level for finding in findings] == [Level.FAILURE]
    assert not hmrc.calls


def test_in_production_the_validator_is_left_alone(
    hmrc: responses.RequestsMock, pace: OpenPace, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows_secret(hmrc, "newest")
    refuses_everybody(hmrc)
    production = environment()
    object.__setattr__(production, "name", "production")
    monkeypatch.setattr(Environment, "check", lambda self: self)

    findings = examined(production)

    assert [finding.level for finding in found(findings, "fraud_headers")] == [Level.SKIPPED]


def test_the_client_secrets_are_in_no_finding(hmrc: responses.RequestsMock, pace: OpenPace) -> None:
    knows_secret(hmrc, "newest")
    refuses_everybody(hmrc)

    assert not [one for one in examined(environment()) if "newest" in one.says or "older" in one.says]
