"""The two reports of the Test Fraud Prevention Headers API: on the request at hand, and on those received lately."""

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.hmrc.fraud.findings import Finding, merge
from sandbox.hmrc.fraud.validator import Headers, fraud_headers, judge, judge_together

SPECIFICATION = "3.3"
VALID = "VALID_HEADERS"
POTENTIALLY_INVALID = "POTENTIALLY_INVALID_HEADERS"
INVALID = "INVALID_HEADERS"
NO_HEADERS = "NO_HEADERS"
_MESSAGES = {
    VALID: "All headers that your connection method requires are there and appear to be valid",
    POTENTIALLY_INVALID: "At least 1 header is potentially invalid",
    INVALID: "At least 1 header is invalid",
}
_NOTHING_SENT = "No fraud prevention headers submitted. The law requires them. Check the specification."


def validate(request_headers: Headers) -> dict[str, Any]:
    """Report on the headers of one request."""
    headers = fraud_headers(request_headers)
    if not headers:
        return {"specVersion": SPECIFICATION, "code": INVALID, "message": _NOTHING_SENT}
    found = [*merge(_all_findings(headers))]
    code = _verdict(found)
    report: dict[str, Any] = {"specVersion": SPECIFICATION, "code": code, "message": _MESSAGES[code]}
    for name, warning in (("errors", False), ("warnings", True)):
        bodies = [finding.body() for finding in found if finding.warning is warning]
        report |= {name: bodies} if bodies else {}
    return report


def feedback(request: Mapping[str, Any]) -> dict[str, Any]:
    """Report on a recorded request: `path`, `method`, `time` (ISO 8601, UTC) and `headers`."""
    headers = fraud_headers(request["headers"])
    report = {"path": request["path"], "method": request["method"], "requestTimestamp": request["time"]}
    if not headers:
        return report | {"code": NO_HEADERS, "headers": []}
    return report | {
        "code": _verdict(_all_findings(headers)),
        "headers": [_on_header(name, headers.get(name), found) for name, found in judge(headers).items()],
        "crossValidation": [
            {"headers": list(cross.headers), "code": INVALID if found else VALID, "errors": _texts(found)}
            for cross, found in judge_together(headers).items()
        ],
    }


def _all_findings(headers: Headers) -> list[Finding]:
    return [finding for found in (*judge(headers).values(), *judge_together(headers).values()) for finding in found]


def _verdict(found: Iterable[Finding]) -> str:
    warnings = {finding.warning for finding in found}
    return INVALID if False in warnings else POTENTIALLY_INVALID if True in warnings else VALID


def _on_header(name: str, value: str | None, found: list[Finding]) -> dict[str, Any]:
    worst = min(found, key=lambda finding: finding.warning, default=None)
    return {
        "header": name,
        **({} if value is None else {"value": value}),
        "code": worst.code if worst else "VALID_HEADER",
        "errors": _texts(finding for finding in found if not finding.warning),
        "warnings": _texts(finding for finding in found if finding.warning),
    }


def _texts(found: Iterable[Finding]) -> list[str]:
    return [finding.message for finding in found]
