"""What settings are made of the environment, and which are refused."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.house.source import ROOT


def started_with(**environ: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own, and tell one."""
    script = "from api.settings import base; print(base.EMAIL_TIMEOUT)"
    return subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **environ},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_mail_server_is_given_up_after_twenty_seconds() -> None:
    assert settings.EMAIL_TIMEOUT == 20


def test_or_after_as_many_as_its_address_says() -> None:
    assert started_with(EMAIL_URL="smtp://post.example:25?timeout=5").stdout == "5\n"


@pytest.mark.parametrize("timeout", ["soon", "-1"])
def test_what_is_no_number_of_seconds_is_refused(timeout: str) -> None:
    ended = started_with(EMAIL_URL=f"smtp://somebody:canary@post.example:25?timeout={timeout}")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("quarterday: EMAIL_URL: ")
    assert len(ended.stderr.splitlines()) == 1
    assert "canary" not in ended.stderr
