"""What stops the stand-in at start, in one line that names the setting."""

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.hmrc.config import BadConfig, Config

FIVE = ",".join(f"https://agency{number}.example.com" for number in range(5))


def environ(tmp_path: Path, *, secrets: str = "one", **changes: str) -> dict[str, str]:
    file = tmp_path / "secrets"
    file.write_text(secrets)
    return {
        "SANDBOX_HOME": str(tmp_path),
        "SANDBOX_CLIENT_ID": "client",
        "SANDBOX_CLIENT_SECRETS_FILE": str(file),
        "SANDBOX_REDIRECT_URIS": FIVE,
    } | changes


def test_reads_five_redirect_uris_and_five_secrets_in_order(tmp_path: Path) -> None:
    given = environ(tmp_path, secrets="a,b\nc\nd, e\n")

    config = Config.read(given)

    assert config.client_secrets == ("a", "b", "c", "d", "e")
    assert len(config.redirect_uris) == 5
    assert config.rate.per_second == 3
    assert config.clock_path == tmp_path / "clock"


def test_reads_the_rate_model_the_grants_length_and_the_mode(tmp_path: Path) -> None:
    given = environ(tmp_path, SANDBOX_RATE_MODEL="token_bucket", SANDBOX_GRANT_DAYS="365", SANDBOX_MODE="hmrc_sandbox")

    config = Config.read(given)

    assert (config.rate.model, config.grant_days, config.mode) == ("token_bucket", 365, "hmrc_sandbox")


@pytest.mark.parametrize(
    ("changes", "setting", "reason"),
    [
        ({"SANDBOX_REDIRECT_URIS": f"{FIVE},https://sixth.example.com"}, "SANDBOX_REDIRECT_URIS", "at most 5"),
        ({"SANDBOX_REDIRECT_URIS": "https://203.0.113.6/back"}, "SANDBOX_REDIRECT_URIS", "IP address"),
        ({"SANDBOX_REDIRECT_URIS": " , "}, "SANDBOX_REDIRECT_URIS", "no redirect URIs"),
        ({"SANDBOX_CLIENT_ID": ""}, "SANDBOX_CLIENT_ID", "missing"),
        ({"SANDBOX_HOME": ""}, "SANDBOX_HOME", "missing"),
        ({"SANDBOX_RATE": "fast"}, "SANDBOX_RATE", "whole number"),
        ({"SANDBOX_RATE_MODEL": "leaky"}, "SANDBOX_RATE_MODEL", "sliding_second, token_bucket, fixed_second"),
        ({"SANDBOX_GRANT_DAYS": "0"}, "SANDBOX_GRANT_DAYS", "1 to 36500 days"),
        ({"SANDBOX_GRANT_DAYS": "long"}, "SANDBOX_GRANT_DAYS", "whole number of days"),
        ({"SANDBOX_MODE": "real"}, "SANDBOX_MODE", "production_like"),
        ({"SANDBOX_CLIENT_SECRETS_FILE": "/nowhere/at/all"}, "SANDBOX_CLIENT_SECRETS_FILE", "cannot be read"),
    ],
)
def test_refuses_nonsense_by_the_name_of_the_setting(
    tmp_path: Path, changes: dict[str, str], setting: str, reason: str
) -> None:
    with pytest.raises(BadConfig, match=f"^{setting}: .*{reason}"):
        Config.read(environ(tmp_path, **changes))


def test_refuses_a_sixth_secret_without_showing_any(tmp_path: Path) -> None:
    with pytest.raises(BadConfig) as caught:
        Config.read(environ(tmp_path, secrets="s3cr1 s3cr2 s3cr3 s3cr4 s3cr5 s3cr6"))

    assert "at most 5 client secrets" in str(caught.value)
    assert "s3cr" not in str(caught.value)


def test_its_repr_shows_no_secret(tmp_path: Path) -> None:
    assert "hush" not in repr(Config.read(environ(tmp_path, secrets="hush")))


def test_the_process_stops_with_one_line_and_exit_code_2(tmp_path: Path) -> None:
    given = environ(tmp_path, SANDBOX_REDIRECT_URIS=f"{FIVE},https://sixth.example.com")

    ended = subprocess.run(
        [sys.executable, "-c", "import sandbox.hmrc.wsgi"], env=given, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        "HMRC stand-in: SANDBOX_REDIRECT_URIS: HMRC allows at most 5 redirect URIs, and this is 6"
    ]
