"""One thing the doctor found."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How bad it is; the number is the exit code of the worst finding but for SKIPPED, which is no worse than OK."""

    SKIPPED = -1
    OK = 0
    WARNING = 1
    FAILURE = 2


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`check` is a stable word; `says` what was seen, `mend` what to do about it (empty where nothing is wrong)."""

    check: str
    level: Level
    says: str
    mend: str = ""


def ok(check: str, says: str) -> Finding:
    return Finding(check=check, level=Level.OK, says=says)


def skipped(check: str, says: str) -> Finding:
    return Finding(check=check, level=Level.SKIPPED, says=says)


def warning(check: str, says: str, mend: str) -> Finding:
    return Finding(check=check, level=Level.WARNING, says=says, mend=mend)


def failure(check: str, says: str, mend: str) -> Finding:
    return Finding(check=check, level=Level.FAILURE, says=says, mend=mend)


def worst(findings: Iterable[Finding]) -> Level:
    """The worst level among them, OK if there is nothing to complain of."""
    return max([Level.OK, *(finding.level for finding in findings)])
