"""Typed readers that fail loudly. Any setting may come from a file: NAME_FILE holds the path."""

import sys
from pathlib import Path
from typing import NoReturn

from environs import EnvError, FileAwareEnv

env = FileAwareEnv(eager=True)
_PORTS = 65_536
_DIGITS = 10


def refuse(name: str, why: str) -> NoReturn:
    """Stop start-up with one line that says which setting is wrong and why."""
    sys.stderr.write(f"quarterday: {name}: {why}\n")
    raise SystemExit(2)


def text(name: str, default: str | None = None) -> str:
    """A string; must be set if it has no default."""
    try:
        value = env.str(name, default)
    except (EnvError, ValueError, OSError):
        value = None
    if not value and default is None:
        refuse(name, "is missing (or name a file that holds it in " + name + "_FILE)")
    return (value or "").strip()


def listed(name: str, default: str) -> list[str]:
    """A comma-separated list."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def path(name: str) -> Path | None:
    """The path of a file, taken as it is: what it holds is not read here."""
    value = env.str(name, "") if not name.endswith("_FILE") else _plain(name)
    return Path(value) if value else None


def _plain(name: str) -> str:
    import os

    return os.environ.get(name, "")


def yes(name: str, *, default: bool) -> bool:
    try:
        return bool(env.bool(name, default))
    except EnvError:
        refuse(name, "must be true or false")


def port(name: str) -> int:
    """A TCP port; 0 if it is not set."""
    given = text(name, "0")
    if not (given.isascii() and given.isdigit() and int(given[:6]) < _PORTS):
        refuse(name, "must be a port such as 9100")
    return int(given)


def number(name: str, default: int) -> int:
    """A whole number, at least 1."""
    given = text(name, str(default))
    if not (given.isascii() and given.isdigit() and len(given) < _DIGITS and int(given)):
        refuse(name, "must be a whole number, at least 1")
    return int(given)
