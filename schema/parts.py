"""What operations share: the problem document, one response for each status that refuses, headers, ways to sign in."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from hmrc_door.errors import CATALOGUE
from tenants.faults import Fault

_TEXT: Final = {"type": "string"}
YEAR: Final = {"type": "string", "pattern": "^20[1-9][0-9]-[1-9][0-9]$", "example": "2026-27"}
CODE: Final = {"$ref": "#/components/schemas/ErrorCode"}
_SHOWN: Final = ("type", "title", "detail", "instance", "request_id", "user_action")
_REQUEST_ID: Final = "7f3c1b0e9a5d4c2f8e6b7a1d0c9e8f7a"
PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457. `code` is stable and listed at GET /errors.",
    "required": [*_SHOWN, "code", "status", "retryable", "errors"],
    "properties": {
        **dict.fromkeys(_SHOWN, _TEXT),
        "code": CODE,
        "status": {"type": "integer"},
        "retryable": {"type": "boolean"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemPlace"}},
        "hmrc": {"$ref": "#/components/schemas/ProblemHmrc"},
    },
}
PLACE: Final = {
    "type": "object",
    "description": "One thing wrong with what was sent. `pointer` is a JSON pointer into the body, or `?name`.",
    "required": ["pointer", "code", "detail"],
    "properties": dict.fromkeys(("pointer", "code", "detail"), _TEXT),
}
HMRC: Final = {
    "type": "object",
    "description": "What HMRC said, where it spoke.",
    "properties": {"code": _TEXT, "status": {"type": "integer"}, "correlation_id": _TEXT},
}
HEADERS: Final = {
    "X-Request-Id": ("The request's own, or one that was given to it: name it to the operator.", _TEXT),
    "RateLimit-Limit": ("How many requests this caller may send in one window.", {"type": "integer"}),
    "RateLimit-Remaining": ("How many are left.", {"type": "integer"}),
    "RateLimit-Reset": ("Seconds until the window ends.", {"type": "integer"}),
    "Retry-After": ("Seconds to wait before it is worth trying again.", {"type": "integer"}),
    "ETag": ("The version that was answered, for If-Match.", _TEXT),
    "Location": ("Where it is, or where to look how far it is.", _TEXT),
    "Idempotent-Replayed": ("`true`: the answer to an earlier request with this key.", _TEXT),
}
_ALWAYS: Final = ("X-Request-Id", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
SCHEMES: Final = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key (qd_live_…, qd_test_…), a landlord's token (qdl_…) or an operator's key (qdo_…).",
    },
    "staffSession": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Session-Token",
        "description": "From /_allauth/app/v1.",
    },
    "staffCookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "quarterday_session",
        "description": "From /_allauth/browser/v1, with X-CSRFToken.",
    },
}


def headers_of(method: str, status: str, *, tagged: bool) -> dict[str, Any]:
    """The headers of an answer that is no refusal."""
    more = (
        *(("Location",) if status in {"201", "202"} else ()),
        *(("ETag",) if tagged else ()),
        *(("Idempotent-Replayed",) if method == "POST" else ()),
    )
    return _refs((*_ALWAYS, *more))


def refusal(status: str, codes: Iterable[str]) -> dict[str, str]:
    """The response of one operation for one status: the shared one, with this operation's codes."""
    return {
        "$ref": f"#/components/responses/Problem{status}",
        "description": f"{HTTPStatus(int(status)).phrase}: {', '.join(f'`{code}`' for code in codes)}.",
    }


def components() -> dict[str, Any]:
    """What the document names once."""
    statuses = sorted({int(fault.status) for fault in Fault.all()})
    return {
        "schemas": {"Problem": PROBLEM, "ProblemPlace": PLACE, "ProblemHmrc": HMRC, "ErrorCode": _codes()},
        "headers": {name: {"description": said, "schema": shape} for name, (said, shape) in HEADERS.items()},
        "responses": {f"Problem{status}": _response(status) for status in statuses},
        "examples": {fault.code: {"summary": fault.title, "value": _problem(fault)} for fault in Fault.all()},
        "securitySchemes": SCHEMES,
    }


def problem_content(codes: Iterable[str]) -> dict[str, Any]:
    """A problem document that can have these codes, an example of each."""
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
    return {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples},
    }


def _response(status: int) -> dict[str, Any]:
    retry = ("Retry-After",) if status in {409, 429, 503} else ()
    return {
        "description": HTTPStatus(status).phrase,
        "headers": _refs((*_ALWAYS, *retry)),
        "content": problem_content(fault.code for fault in Fault.all() if int(fault.status) == status),
    }


def _refs(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _problem(fault: type[Fault]) -> dict[str, Any]:
    return {
        "type": f"/api/v1/errors#{fault.code}",
        "title": fault.title,
        "status": int(fault.status),
        "detail": fault.title,
        "instance": "/api/v1/landlords",
        "code": fault.code,
        "request_id": _REQUEST_ID,
        "retryable": fault.retryable,
        "user_action": fault.user_action,
        "errors": [],
    }


def _codes() -> dict[str, Any]:
    codes = {fault.code for fault in Fault.all()} | {meaning.code for meaning in CATALOGUE}
    return {
        "type": "string",
        "description": "Stable, never reused. More may come: treat one you do not know by its status.",
        "enum": sorted(codes),
    }
