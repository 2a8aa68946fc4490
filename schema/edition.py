"""The same document in OpenAPI 3.0, for generators that know no newer one. What 3.0 can't say is said more loosely."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

DOCUMENT: Final = Path(__file__).with_name("openapi.json")
_SCHEMA: Final = "#/components/schemas/"
_JSON, _FORM = "application/json", "multipart/form-data"
_NEWER: Final = ("propertyNames", "unevaluatedProperties", "contentMediaType", "contentEncoding")


@cache
def newest() -> bytes:
    """The document as it is committed: that it is what the code says, `make check` holds."""
    return DOCUMENT.read_bytes()


@cache
def older() -> bytes:
    """The document in 3.0."""
    return json.dumps(downgrade(json.loads(newest()))).encode()


def downgrade(document: dict[str, Any]) -> dict[str, Any]:
    """A document of OpenAPI 3.1 in 3.0.3. Webhooks, of which 3.0 knows nothing, stand under `x-webhooks`."""
    said = {"openapi": "3.0.3", **{key: each for key, each in document.items() if key not in {"openapi", "webhooks"}}}
    if "webhooks" in document:
        said["x-webhooks"] = document["webhooks"]
    lowered: dict[str, Any] = _lower(said)
    for path in lowered["paths"].values():
        for operation in path.values():
            _leave_out_forms(operation.get("requestBody", {}).get("content", {}))
    return lowered


def _leave_out_forms(content: dict[str, Any]) -> None:
    """Where JSON is taken as well: of the two together generators make what does not compile."""
    if _JSON in content:
        content.pop(_FORM, None)


def _lower(said: Any) -> Any:
    if isinstance(said, list):
        return [_lower(each) for each in said]
    if not isinstance(said, dict):
        return said
    if "$ref" in said:
        return _reference(said)
    new = {key: _lower(each) for key, each in said.items() if key not in _NEWER}
    if isinstance(new.get("examples"), list):
        new["example"] = new.pop("examples")[0]
    if "const" in new:
        new["enum"] = [new.pop("const")]
    for several in ("oneOf", "anyOf"):
        if several in new:
            new |= _choices(new.pop(several), several)
    if isinstance(new.get("type"), list):
        new = _of_one_type(new)
    elif new.get("type") == "null":
        new = {"nullable": True}
    return new


def _reference(said: dict[str, Any]) -> dict[str, Any]:
    """A reference stands alone in 3.0; what is said beside it needs `allOf`, which only schemas have."""
    beside = {key: _lower(each) for key, each in said.items() if key != "$ref"}
    if not beside or not said["$ref"].startswith(_SCHEMA):
        return {"$ref": said["$ref"]}
    return {"allOf": [{"$ref": said["$ref"]}], **beside}


def _choices(choices: list[Any], several: str) -> dict[str, Any]:
    kept = [each for each in choices if each != {"nullable": True}]
    null = {"nullable": True} if len(kept) < len(choices) else {}
    return {"allOf" if len(kept) == 1 else several: kept, **null}


def _of_one_type(said: dict[str, Any]) -> dict[str, Any]:
    """The first of several stays: an amount is a decimal string, which may be a number too, with bounds."""
    kind, *others = [each for each in said["type"] if each != "null"]
    null = {"nullable": True} if "null" in said["type"] else {}
    kept = {name: each for name, each in said.items() if not (others and name in {"minimum", "maximum"})}
    return {**kept, "type": kind, **null}
