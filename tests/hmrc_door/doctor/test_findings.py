"""What each check says of what it sees. No network: outcomes, headers and settings are given."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from hmrc_door.bodies import HmrcError
from hmrc_door.deprecations import Deprecation
from hmrc_door.doctor import Finding, Level, apis, clock, credentials, egress, headers, noted, settings, worst
from hmrc_door.environment import Environment
from hmrc_door.health import Snapshot
from hmrc_door.hidden import Hidden
from hmrc_door.outcomes import Answered, NotSent, Outcome, Refused, Unknown
from hmrc_door.token_endpoint import ApplicationGranted, TokenFault, TokenRefused
from hmrc_door.versions import Api

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GOOD = Environment(
    name="local",
    api_url="http://127.0.0.1:8001",
    authorize_url="http://localhost:8001/oauth/authorize",
    token_url="http://127.0.0.1:8001/oauth/token",
    client_id="client",
    redirect_uri="http://localhost:8000/hmrc/callback",
    client_secrets=(Hidden("one"),),
)


def refused(code: str, status: int = 400) -> Refused:
    return Refused(status=status, error=HmrcError(code=code))


def levels(found: list[Finding]) -> list[Level]:
    return [finding.level for finding in found]


# The worst decides the exit code


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], 0),
        ([Level.OK, Level.SKIPPED], 0),
        ([Level.SKIPPED], 0),
        ([Level.WARNING, Level.OK], 1),
        ([Level.FAILURE, Level.WARNING], 2),
    ],
)
def test_the_worst_finding_is_the_exit_code(found: list[Level], expected: int) -> None:
    assert int(worst(Finding(check="x", level=level, says="") for level in found)) == expected


# Settings


def test_settings_that_obey_hmrc_are_well() -> None:
    assert levels(list(settings.look(GOOD))) == [Level.OK]


def test_a_setting_against_hmrcs_rules_is_named() -> None:
    bad = Environment(**{**vars(GOOD), "redirect_uri": "http://192.0.2.1/callback"})

    (found,) = settings.look(bad)

    assert found.level is Level.FAILURE
    assert "HMRC_REDIRECT_URI" in found.says


def test_a_process_without_a_client_secret_is_told() -> None:
    bare = Environment(**{**vars(GOOD), "client_secrets": ()})

    assert [found.check for found in settings.look(bare) if found.level is Level.FAILURE] == ["secrets"]


def test_a_scope_that_is_not_asked_for_is_a_warning() -> None:
    reader = Environment(**{**vars(GOOD), "scopes": ("read:self-assessment",)})

    assert [found.check for found in settings.look(reader) if found.level is Level.WARNING] == ["scopes"]


# APIs


@pytest.mark.parametrize(
    ("outcome", "level", "says"),
    [
        (refused("FORMAT_NINO"), Level.OK, "answers"),
        (refused("INCORRECT_ACCESS_TOKEN_TYPE", 401), Level.OK, "answers"),
        (Answered(status=200), Level.OK, "answers (200)"),
        (refused("NOT_FOUND", 404), Level.FAILURE, "does not serve this version"),
        (refused("MATCHING_RESOURCE_NOT_FOUND", 404), Level.FAILURE, "does not serve this address"),
        (refused("ACCEPT_HEADER_INVALID", 406), Level.FAILURE, "Accept"),
        (refused("NOT_IMPLEMENTED", 501), Level.FAILURE, "is not there"),
        (refused("RESOURCE_FORBIDDEN", 403), Level.FAILURE, "not subscribed"),
        (refused("MISSING_CREDENTIALS", 401), Level.FAILURE, "did not see our token"),
        (refused("INVALID_CREDENTIALS", 401), Level.FAILURE, "does not take our token"),
        (NotSent(reason="name_not_resolved"), Level.FAILURE, "name_not_resolved"),
        (Unknown(reason="read_timeout"), Level.FAILURE, "read_timeout"),
    ],
)
def test_an_api_is_there_or_not_by_what_it_refuses(outcome: Outcome, level: Level, says: str) -> None:
    (found,) = apis.look(Api.OBLIGATIONS, outcome)

    assert found.level is level
    assert says in found.says
    assert found.says.startswith("obligations-api 3.0")


# Clock


@pytest.mark.parametrize(
    ("ahead_s", "level"),
    [(0, Level.OK), (5, Level.OK), (-5, Level.OK), (6, Level.WARNING), (-60, Level.WARNING), (61, Level.FAILURE)],
)
def test_our_clock_is_judged_by_hmrcs(ahead_s: int, level: Level) -> None:
    said = {"date": format_datetime(NOW, usegmt=True)}

    assert levels(list(clock.look(said, received=NOW + timedelta(seconds=ahead_s)))) == [level]


@pytest.mark.parametrize("said", [{}, {"date": "yesterday"}])
def test_without_a_date_the_clock_is_not_judged(said: dict[str, str]) -> None:
    assert levels(list(clock.look(said, received=NOW))) == [Level.SKIPPED]


# Egress


@pytest.mark.parametrize(
    ("allowed", "told", "level"),
    [
        ((), "", Level.SKIPPED),
        (("198.51.100.0/24",), "198.51.100.7", Level.OK),
        (("192.0.2.1/32", "198.51.100.7/32"), "198.51.100.7", Level.OK),
        (("198.51.100.0/24",), "203.0.113.9", Level.FAILURE),
        # This machine leaves for loopback from loopback, which no allow list can hold.
        (("198.51.100.0/24",), "", Level.WARNING),
    ],
)
def test_the_address_we_leave_from_is_on_the_list_or_not(allowed: tuple[str, ...], told: str, level: Level) -> None:
    found = egress.look(allowed=allowed, told=told, api_url="http://127.0.0.1:8001")

    assert levels(list(found)) == [level]


def test_a_host_without_an_address_gives_none() -> None:
    assert egress.own_address("https://no-such-host.invalid") is None


# Credentials


@pytest.mark.parametrize(
    ("answer", "level", "says"),
    [
        (ApplicationGranted(access_token=Hidden("t"), expires_in=14400), Level.OK, "client secret 2 is known"),
        (TokenRefused(fault=TokenFault.INVALID_CLIENT, status=401), Level.FAILURE, "not known"),
        (TokenRefused(fault=TokenFault.THROTTLED, status=429), Level.FAILURE, "429 throttled"),
        (NotSent(reason="no_slot"), Level.FAILURE, "no_slot"),
        (Unknown(reason="read_timeout"), Level.FAILURE, "read_timeout"),
    ],
)
def test_each_client_secret_is_judged_by_its_place(answer: object, level: Level, says: str) -> None:
    (found,) = credentials.look(1, answer)  # type: ignore[arg-type]

    assert found.level is level
    assert says in found.says


# Headers


def opinion(code: str, **kinds: list[object]) -> Answered:
    return Answered(status=200, body={"code": code, **kinds})  # type: ignore[dict-item]


def test_valid_headers_are_well() -> None:
    assert levels(list(headers.look("WEB_APP_VIA_SERVER", opinion("VALID_HEADERS")))) == [Level.OK]


def test_each_error_and_warning_of_the_validator_is_a_finding_of_its_own() -> None:
    said = opinion(
        "INVALID_HEADERS",
        errors=[{"code": "MISSING_HEADER", "message": "Missing", "headers": ["gov-client-device-id"]}],
        warnings=[{"code": "UNEXPECTED_HEADER"}, "noise"],
    )

    found = list(headers.look("WEB_APP_VIA_SERVER", said))

    assert levels(found) == [Level.FAILURE, Level.WARNING]
    assert "gov-client-device-id: Missing" in found[0].says


@pytest.mark.parametrize(
    "outcome", [refused("INVALID_CREDENTIALS", 401), NotSent(reason="no_slot"), Answered(status=200)]
)
def test_a_validator_that_gives_no_opinion_is_a_warning(outcome: Outcome) -> None:
    assert levels(list(headers.look("WEB_APP_VIA_SERVER", outcome))) == [Level.WARNING]


# What was noted


def snapshot(*deprecations: Deprecation, **codes: int) -> Snapshot:
    return Snapshot(
        status="available", answered_at=None, failed_at=None, deprecations=deprecations, unknown_codes=codes
    )


def test_nothing_noted_is_well() -> None:
    assert levels(list(noted.look(snapshot()))) == [Level.OK]


def test_an_unknown_code_is_a_warning_with_its_count() -> None:
    (found,) = noted.look(snapshot(RULE_NEW=3))

    assert found.level is Level.WARNING
    assert "RULE_NEW (3)" in found.says


@pytest.mark.parametrize(
    ("sunset", "level"),
    [
        (None, Level.WARNING),
        (datetime.now(UTC) + timedelta(days=30), Level.WARNING),
        (datetime.now(UTC) - timedelta(days=1), Level.FAILURE),
    ],
)
def test_a_deprecated_api_is_a_warning_until_it_has_ended(sunset: datetime | None, level: Level) -> None:
    found = noted.look(snapshot(Deprecation(Api.OBLIGATIONS, "3.0", None, sunset)))

    assert levels(list(found)) == [level]
