"""
HMRC's operations, read from `facts/*.jsonl` (the notation is in `facts/README.md`).

    operation = find("PUT", "/individuals/business/property/uk/{nino}/{businessId}/cumulative/{taxYear}")
    complaints(operation.response, body, tax_year="2026-27")    # [] if the body is as HMRC says

Bodies must be parsed with `loads`: Decimals, never floats, or `multipleOf 0.01` would fail on rounding alone.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tests.contract.shapes import Shape, complaints

__all__ = ["CORRECTIONS", "Operation", "complaints", "find", "loads", "operations", "token_endpoint"]

_FOLDER = Path(__file__).with_name("facts")


@dataclass(frozen=True)
class Correction:
    """A part of HMRC's published schemas that HMRC's own answers contradict. `at`: keys from the operation down."""

    operation: str
    at: tuple[str | int, ...]
    shape: Shape
    why: str


CORRECTIONS = (
    Correction(
        "GET /individuals/self-assessment-test-support/vendor-state/checkpoints",
        ("response", "checkpoints", 0, "checkpointId*"),
        "~^[A-Za-z0-9-]{36}$",
        "published without the hyphen, yet a checkpointId is a UUID, and the operation that makes one allows it",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of one version of one API, as HMRC publishes it."""

    api: str
    version: str
    method: str
    path: str
    scope: str | None
    query: Mapping[str, str] = field(default_factory=dict)
    request: Shape | None = None
    success: int
    response: Shape | None = None
    errors: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    scenarios: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def accept(self) -> str:
        return f"application/vnd.hmrc.{self.version}+json"

    @property
    def codes(self) -> tuple[tuple[int, str], ...]:
        """Every (status, code) that HMRC lists for it."""
        return tuple((status, code) for status, codes in self.errors.items() for code in codes)


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation of the APIs in scope, the fraud-prevention ones included."""
    return tuple(operation for path in sorted(_FOLDER.glob("*-*.jsonl")) for operation in _read(path))


@cache
def token_endpoint() -> Operation:
    """The token endpoint: a form instead of JSON, and no version."""
    (operation,) = _read(_FOLDER / "oauth.jsonl")
    return operation


def find(method: str, path: str) -> Operation:
    """Raise LookupError if HMRC has no such operation."""
    found = [each for each in operations() if (each.method, each.path) == (method, path)]
    if not found:
        raise LookupError(f"{method} {path}")
    return found[0]


def loads(body: bytes | str) -> Any:
    return json.loads(body, parse_float=Decimal)


def _read(path: Path) -> Iterator[Operation]:
    api, _, version = path.stem.rpartition("-") if "-" in path.stem else (path.stem, "", "")
    for line in path.read_text().splitlines():
        facts = _corrected(loads(line))
        facts["errors"] = {int(status): tuple(codes) for status, codes in facts.get("errors", {}).items()}
        facts["scenarios"] = tuple(facts.get("scenarios", ()))
        yield Operation(api=api, version=version, **facts)


def _corrected(facts: dict[str, Any]) -> dict[str, Any]:
    for correction in CORRECTIONS:
        if correction.operation == f"{facts['method']} {facts['path']}":
            *way, last = correction.at
            part: Any = facts
            for key in way:
                part = part[key]
            part[last] = correction.shape
    return facts
