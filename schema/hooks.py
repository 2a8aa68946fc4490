"""The last touch to the document: the problem schema, the error codes, the ways to authenticate."""

from typing import Any

from hmrc_door.errors import CATALOGUE
from schema import webhooks
from tenants.faults import Fault

_TEXT = {"type": "string"}
_CODE = {"$ref": "#/components/schemas/ErrorCode"}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable and listed at GET /errors.",
    "required": [
        "type",
        "title",
        "status",
        "detail",
        "instance",
        "code",
        "request_id",
        "retryable",
        "user_action",
        "errors",
    ],
    "properties": {
        **dict.fromkeys(("type", "title", "detail", "instance", "request_id", "user_action"), _TEXT),
        "code": _CODE,
        "status": {"type": "integer"},
        "retryable": {"type": "boolean"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": dict.fromkeys(("pointer", "code", "detail"), _TEXT),
            },
        },
        "hmrc": {
            "type": "object",
            "properties": {"code": _TEXT, "status": {"type": "integer"}, "correlation_id": _TEXT},
        },
    },
}
_SCHEMES = {
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


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001 - drf-spectacular's signature
    """A post-processing hook of drf-spectacular."""
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas |= {"Problem": PROBLEM, "ErrorCode": _codes()}
    schemas["ErrorOut"]["properties"]["code"] = _CODE
    components["securitySchemes"] = _SCHEMES
    webhooks.add_to(result)
    for path in result["paths"].values():
        for operation in path.values():
            operation["security"] = [{}] if operation.pop("x-public") else [{name: []} for name in _SCHEMES]
    return result


def _codes() -> dict[str, Any]:
    codes = {fault.code for fault in Fault.all()} | {meaning.code for meaning in CATALOGUE}
    return {
        "type": "string",
        "description": "Stable, never reused. More may come: treat one you do not know by its status.",
        "enum": sorted(codes),
    }
