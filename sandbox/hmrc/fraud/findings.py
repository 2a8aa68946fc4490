"""What the validator finds in a header."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.hmrc.fraud.methods import MAY_BE_ABSENT


@dataclass(frozen=True)
class Finding:
    """An error, or a warning (HMRC's documentation says advisory), about one header or several together."""

    code: str
    message: str
    headers: tuple[str, ...] = ()
    warning: bool = False

    def body(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "headers": list(self.headers)}


def invalid(message: str, *headers: str) -> Finding:
    return Finding("INVALID_HEADER", message, headers)


def suspicious(message: str, *headers: str) -> Finding:
    return Finding("POTENTIALLY_INVALID_HEADER", message, headers, warning=True)


def missing(header: str) -> Finding:
    if header in MAY_BE_ABSENT:
        return suspicious("Header required", header)
    return Finding("MISSING_HEADER", "Header required", (header,))


def empty(header: str) -> Finding:
    return Finding("EMPTY_HEADER", "Value is empty", (header,), warning=header in MAY_BE_ABSENT)


def unexpected(header: str, message: str) -> Finding:
    return Finding("UNEXPECTED_HEADER", message, (header,), warning=True)


def merge(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Join the headers of findings that say the same."""
    merged: dict[tuple[str, str, bool], list[str]] = {}
    for finding in findings:
        merged.setdefault((finding.code, finding.message, finding.warning), []).extend(finding.headers)
    for (code, message, warning), headers in merged.items():
        yield Finding(code, message, _once(headers), warning)


def _once(headers: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(headers))
