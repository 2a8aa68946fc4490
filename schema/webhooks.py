"""The document's `webhooks`: a schema for each type of event, from the one list of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from events.types import CODE, COUNT, ID, TIME, TYPES, YES, Type

_ID: dict[str, Any] = {"type": "string", "format": "uuid"}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_KINDS: Mapping[str, dict[str, Any]] = MappingProxyType(
    {ID: _ID, CODE: {"type": "string"}, COUNT: {"type": "integer"}, TIME: _TIME, YES: {"type": "boolean"}}
)
_HEADERS = {
    "webhook-id": "The event's id: the same however often it is sent.",
    "webhook-timestamp": "When it was sent, in seconds since 1970.",
    "webhook-signature": "By Standard Webhooks: one or several of `v1,<base64>`, with a space between.",
}


def add_to(document: dict[str, Any]) -> None:
    """Describe every type of event."""
    document["components"]["schemas"] |= {_named(each): _message(each) for each in TYPES.values()}
    document["components"]["parameters"] = document["components"].get("parameters", {}) | {
        name: {"name": name, "in": "header", "required": True, "description": says, "schema": {"type": "string"}}
        for name, says in _HEADERS.items()
    }
    document["webhooks"] = {each.name: {"post": _post(each)} for each in sorted(TYPES.values(), key=lambda it: it.name)}


def _named(event: Type) -> str:
    words = event.name.replace(".", "_").split("_")
    return "".join(word.title() for word in words) + "Event"


def _post(event: Type) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{_named(event)}"}}}
    return {
        "operationId": f"on_{event.name.replace('.', '_')}",
        "summary": event.says,
        "tags": ["webhooks"],
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in _HEADERS],
        "requestBody": {"required": True, "content": content},
        "responses": {"2XX": {"description": "Taken."}, "410": {"description": "Never again: disables the endpoint."}},
        "security": [],
    }


def _message(event: Type) -> dict[str, Any]:
    always = {"agency_id": ID, "subject_type": CODE, "subject_id": ID, **event.always}
    data = {name: _KINDS[kind] for name, kind in {**always, **event.perhaps}.items()}
    data["subject_type"] = {"type": "string", "const": event.subject}
    return {
        "type": "object",
        "description": event.says,
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", "const": event.name},
            "timestamp": {**_TIME, "description": "When it happened."},
            "data": {"type": "object", "required": list(always), "properties": data},
        },
    }
