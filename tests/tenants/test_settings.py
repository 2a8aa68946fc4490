"""A setting that is missing or nonsense stops start-up with one line that names it. Exit 2."""

from pathlib import Path

import pytest

from tests.tenants.processes import SETTINGS, refused, start

_PRODUCTION = {
    "HMRC_ENVIRONMENT": "production",
    "HMRC_REDIRECT_URI": "https://connect.example.org/hmrc/callback",
    "PUBLIC_URL": "https://connect.example.org",
    "CLOCK_FILE": None,
    "PRIVACY_URL": "https://operator.example.org/privacy",
    "TERMS_URL": "https://operator.example.org/terms",
    "SECURITY_CONTACT": "security@operator.example.org",
    "SERVER_LOCATION": "London",
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", None),
        ("SECRET_KEY", ""),
        ("DATABASE_URL", None),
        ("DATABASE_URL", "somewhere"),
        ("DATABASE_URL", "mysql://u:canary-pass@h/d"),
        ("DATABASE_URL", "postgresql://u:canary-pass@h:port/d"),
        ("REDIS_URL", None),
        ("REDIS_URL", "http://localhost"),
        ("DATABASE_POOL", "perhaps"),
        ("KEK_PROVIDER", "cloud"),
        ("HMRC_ENVIRONMENT", "staging"),
        ("HMRC_CLIENT_ID", ""),
        ("HMRC_CLIENT_SECRETS", "canary-pass,canary-pass"),
        ("HMRC_REDIRECT_URI", ""),
        ("HMRC_REDIRECT_URI", "/hmrc/callback"),
        ("HMRC_REDIRECT_URI", "http://connect.example.org/hmrc/callback"),
        ("HMRC_REDIRECT_URI", "https://10.0.0.1/hmrc/callback"),
        ("HMRC_REDIRECT_URI", "https://connect.example.org/hmrc/callback#x"),
        ("HMRC_REQUESTS_PER_SECOND", "many"),
        ("HMRC_REQUESTS_PER_SECOND", "0"),
        ("HMRC_API_URL", "https://hmrc.example.org"),
        ("HMRC_EGRESS_ALLOW_LIST", "192.0.2.0/23"),
        ("REFRESH_POLICY", "always"),
        ("REFRESH_SHARE", "0"),
        ("REFRESH_SHARE", "1.01"),
        ("REFRESH_SHARE", "nan"),
        ("REFRESH_SHARE", "a fifth"),
        ("PUBLIC_URL", "connect.example.org"),
        ("PRIVACY_URL", "http://operator.example.org/privacy"),
        ("TERMS_URL", "ask us"),
        ("SECURITY_CONTACT", "the porter"),
        ("TRUSTED_PROXIES", "1"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,proxy.example"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("CLIENT_PORT_HEADER", "X-Client-Port"),  # and no proxy whose word counts
        ("VENDOR_PUBLIC_IP", "10.0.0.1"),
        ("VENDOR_LICENCE_IDS", "no hash"),
        ("FRAUD_HEADERS_AGREED_MISSING", "Gov-Client-Colour"),
    ],
)
def test_a_setting_that_can_not_be_is_named(name: str, value: str | None) -> None:
    line = refused(start(SETTINGS, {name: value}))

    assert line.startswith(f"{name}: ")
    assert "canary" not in line


@pytest.mark.parametrize(
    ("name", "value"),
    [("CLOCK_FILE", "/tmp/clock"), ("PUBLIC_URL", None)],
)
def test_what_is_for_ones_own_machine_is_refused_in_production(name: str, value: str | None) -> None:
    assert refused(start(SETTINGS, {**_PRODUCTION, name: value})).startswith(f"{name}: ")


@pytest.mark.parametrize("name", ["PRIVACY_URL", "TERMS_URL", "SECURITY_CONTACT", "SERVER_LOCATION"])
def test_production_says_who_runs_it(name: str) -> None:
    assert refused(start(SETTINGS, {**_PRODUCTION, name: None})).startswith(f"{name}: ")


def test_production_starts_with_settings_that_can_be() -> None:
    edge = {
        "TRUSTED_PROXIES": "10.0.0.0/8, fd00::/8",
        "CLIENT_PORT_HEADER": "X-Client-Port",
        "VENDOR_PUBLIC_IP": "203.0.113.6",
        "VENDOR_LICENCE_IDS": "Quarterday=8D79",
        "FRAUD_HEADERS_AGREED_MISSING": "Gov-Client-Multi-Factor",
    }

    ended = start(SETTINGS, {**_PRODUCTION, **edge})

    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("a-secret-of-fifty-letters\n")
    show = ("-c", "from api import settings; print(settings.SECRET_KEY)")

    ended = start(show, {"SECRET_KEY": None, "SECRET_KEY_FILE": str(path)})

    assert ended.stdout.strip() == "a-secret-of-fifty-letters"


def test_a_secret_in_a_file_that_is_not_there_is_missing() -> None:
    line = refused(start(SETTINGS, {"SECRET_KEY": None, "SECRET_KEY_FILE": "/no/such/file"}))

    assert line.startswith("SECRET_KEY")
