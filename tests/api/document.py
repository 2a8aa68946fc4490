"""The OpenAPI document as a list of operations, each with a well-formed call. A new route is tested unasked."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCUMENT: dict[str, Any] = json.loads((Path(__file__).parents[2] / "schema" / "openapi.json").read_text())
# What answers without a credential, by operation id. Nothing else may.
PUBLIC = frozenset(
    {
        "config",
        "errors_list",
        "landlord_sessions_create",
        "fraud_contexts_schema",
        "fraud_contexts_snippet",
        "wordings_list",
        "landlord_sessions_link",
        "landlord_sessions_code",
        "landlord_sessions_resume",
        "start_page",
        "mail_opt_outs_create",
        "mail_opt_outs_one_click",
    }
)
# What would ask for nothing without it, and what is looked at beyond its type.
_SAMPLES: dict[str, Any] = {
    "staff_change_role": {"role": "member"},
    "landlord_sessions_resume": {"connect_session": "01890000-0000-7000-8000-000000000000", "code": "123456"},
}
_STRINGS = {
    "uuid": "01890000-0000-7000-8000-000000000000",
    "date": "2026-04-06",
    "date-time": "2027-01-01T09:00:00Z",
    "email": "somebody@post.example",
}


@dataclass(frozen=True, eq=False)
class Operation:
    """One method of one path."""

    id: str
    method: str
    path: str
    scope: str | None
    parameters: tuple[tuple[str, str], ...]
    body: dict[str, Any] | None

    @property
    def keys(self) -> tuple[str, ...]:
        """The ids its path holds."""
        return tuple(name for name, place in self.parameters if place == "path")

    @property
    def query(self) -> tuple[str, ...]:
        return tuple(name for name, place in self.parameters if place == "query")

    def kinds(self) -> set[str]:
        """Names in its query that take an id, a time, a yes or no, or one of a list of values."""
        found = DOCUMENT["paths"][self.path][self.method.lower()].get("parameters", ())
        shapes = {each["name"]: resolve(each["schema"]) for each in found if each["in"] == "query"}
        return {name for name, of in shapes.items() if "format" in of or "enum" in of or of.get("type") == "boolean"}

    def at(self, **ids: str) -> str:
        return self.path.format(**ids)

    def sample(self) -> Any:
        """The smallest body that has the right shape; None where none is taken."""
        if self.id in _SAMPLES:
            return _SAMPLES[self.id]
        return None if self.body is None else sample(self.body)

    def fields(self) -> dict[str, dict[str, Any]]:
        """The body's members and their schemas."""
        return {} if self.body is None else dict(self.body.get("properties", {}))


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself: references followed, the first choice taken."""
    if "$ref" in schema:
        return resolve(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for several in ("oneOf", "allOf", "anyOf"):
        if several in schema:
            return resolve(schema[several][0])
    return schema


def kind_of(schema: dict[str, Any]) -> str:
    """`string`, `object`, …: the first type that is named."""
    named = resolve(schema).get("type", "object")
    return str(named[0] if isinstance(named, list) else named)


def sample(schema: dict[str, Any]) -> Any:
    """A value of the schema's shape with nothing in it that is not required."""
    shape = resolve(schema)
    if "enum" in shape:
        return shape["enum"][0]
    match kind_of(shape):
        case "object":
            return {name: sample(shape["properties"][name]) for name in shape.get("required", [])}
        case "array":
            return [sample(shape["items"])] * shape.get("minItems", 0)
        case "boolean":
            return True
        case "integer" | "number":
            return 1
    return _STRINGS.get(shape.get("format", ""), "something")


def _operation(path: str, method: str, said: dict[str, Any]) -> Operation:
    content = said.get("requestBody", {}).get("content", {}).get("application/json")
    parameters = tuple((each["name"], each["in"]) for each in said.get("parameters", []))
    body = None if content is None else resolve(content["schema"])
    return Operation(said["operationId"], method.upper(), path, said.get("x-scope"), parameters, body)


OPERATIONS = tuple(
    _operation(path, method, said)
    for path, methods in DOCUMENT["paths"].items()
    if path.startswith("/api/v1/")  # staff sign-in is allauth's, and has tests of its own
    for method, said in methods.items()
)
BY_ID = {operation.id: operation for operation in OPERATIONS}


def name_of(value: object) -> str | None:
    """How pytest shows an operation."""
    return value.id if isinstance(value, Operation) else None
