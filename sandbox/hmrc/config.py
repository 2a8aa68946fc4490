"""What the stand-in is told at start, and the lines it stops with when that makes no sense."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Self

from sandbox.hmrc import redirects
from sandbox.hmrc.modes import MODES, PRODUCTION_LIKE
from sandbox.hmrc.throttle import BadRate, Rate

MOST_SECRETS = 5
# HMRC's usual length of a grant, and the longest that it has for an application: a hundred years.
EIGHTEEN_MONTHS = 547
LONGEST_GRANT = 36_500


class BadConfig(ValueError):  # noqa: N818 - the word of the house
    """A setting is missing or nonsensical. The text names the setting and the reason, never a secret."""

    def __init__(self, setting: str, reason: str) -> None:
        super().__init__(f"{setting}: {reason}")
        self.setting = setting


def digest(secret: str) -> str:
    """Return what the stand-in keeps instead of a secret, token or code."""
    return sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Config:
    """One registered application and where its world is kept. Raises BadConfig."""

    home: Path
    client_id: str
    client_secrets: tuple[str, ...] = field(repr=False)
    redirect_uris: tuple[str, ...]
    application_name: str = "Quarterday"
    rate: Rate = field(default_factory=Rate)
    grant_days: int = EIGHTEEN_MONTHS
    clock_file: Path | None = None
    mode: str = PRODUCTION_LIKE

    def __post_init__(self) -> None:
        _check(bool(self.client_id), "SANDBOX_CLIENT_ID", "it is missing")
        _check_count("SANDBOX_CLIENT_SECRETS_FILE", self.client_secrets, MOST_SECRETS, "client secrets")
        _check_count("SANDBOX_REDIRECT_URIS", self.redirect_uris, redirects.MOST_REGISTERED, "redirect URIs")
        _check(0 < self.grant_days <= LONGEST_GRANT, "SANDBOX_GRANT_DAYS", f"it must be 1 to {LONGEST_GRANT} days")
        _check(self.mode in MODES, "SANDBOX_MODE", f"it is one of {', '.join(MODES)}")
        for uri in self.redirect_uris:
            reason = redirects.fault(uri)
            _check(reason is None, "SANDBOX_REDIRECT_URIS", f"{uri}: {reason}")

    @property
    def clock_path(self) -> Path:
        return self.clock_file or self.home / "clock"

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """
        Read SANDBOX_HOME, SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRETS_FILE, SANDBOX_REDIRECT_URIS;
        and, if given, SANDBOX_RATE, SANDBOX_RATE_MODEL, SANDBOX_GRANT_DAYS, SANDBOX_MODE, SANDBOX_APPLICATION_NAME,
        CLOCK_FILE. Raises BadConfig.
        """
        clock = environ.get("CLOCK_FILE")
        return cls(
            home=Path(_need(environ, "SANDBOX_HOME")),
            client_id=_need(environ, "SANDBOX_CLIENT_ID"),
            client_secrets=_secrets(Path(_need(environ, "SANDBOX_CLIENT_SECRETS_FILE"))),
            redirect_uris=_listed(_need(environ, "SANDBOX_REDIRECT_URIS")),
            application_name=environ.get("SANDBOX_APPLICATION_NAME", "Quarterday"),
            rate=_rate(environ),
            grant_days=_whole(environ, "SANDBOX_GRANT_DAYS", EIGHTEEN_MONTHS, "of days"),
            clock_file=Path(clock) if clock else None,
            mode=environ.get("SANDBOX_MODE", PRODUCTION_LIKE),
        )


def _check(holds: bool, setting: str, reason: str) -> None:  # noqa: FBT001 - a condition, not a switch
    if not holds:
        raise BadConfig(setting, reason)


def _check_count(setting: str, values: tuple[str, ...], most: int, noun: str) -> None:
    _check(bool(values), setting, f"it holds no {noun}")
    _check(len(values) <= most, setting, f"HMRC allows at most {most} {noun}, and this is {len(values)}")


def _need(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    _check(bool(value), name, "it is missing")
    return value


def _listed(text: str) -> tuple[str, ...]:
    return tuple(item for item in re.split(r"[,\s]+", text) if item)


def _secrets(file: Path) -> tuple[str, ...]:
    try:
        return _listed(file.read_text())
    except OSError as error:
        raise BadConfig("SANDBOX_CLIENT_SECRETS_FILE", f"it cannot be read ({error.strerror})") from error


def _rate(environ: Mapping[str, str]) -> Rate:
    per_second = _whole(environ, "SANDBOX_RATE", 3, "of requests a second, 0 for no limit")
    try:
        return Rate(per_second=per_second, model=environ.get("SANDBOX_RATE_MODEL", "sliding_second"))
    except BadRate as error:
        raise BadConfig("SANDBOX_RATE_MODEL", str(error)) from error


def _whole(environ: Mapping[str, str], name: str, default: int, noun: str) -> int:
    text = environ.get(name, str(default))
    _check(text.isdecimal(), name, f"it must be a whole number {noun}")
    return int(text)
