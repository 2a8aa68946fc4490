"""An example of everything in the document, made from its schemas: so it can't disagree with them."""

from collections.abc import Mapping
from typing import Any, Final

from schema.hmrc_bodies import FIGURES_EXAMPLE

_ID: Final = "01890000-0000-7000-8000-000000000000"
_FORMATS: Final = {
    "uuid": _ID,
    "date": "2026-04-06",
    "date-time": "2026-11-22T09:00:00Z",
    "email": "lena@post.example",
    "uri": "https://agency.example/",
}
# What says more than "text" would, by the name of the field.
_WORDS: Final = {
    "business_id": "XAIS12345678901",
    "chosen_in": "2026-27",
    "code": "123456",
    "correlation_id": "c75f40a6-a3df-4429-a697-471eeec46435",
    "detail": "At most 200 characters.",
    "allowed_origins": "https://agency.example",
    "device_id": "beec798b-b366-47fa-b1f8-92cede14a1ce",
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "front_end_url": "https://agency.example/",
    "full_name": "Lena Landlady",
    "ip": "198.51.100.7",
    "limit": "20",
    "name": "Ledger",
    "nino": "QQ123456C",
    "owner_email": "olga@agency.example",
    "periodAmount": "1200.00",
    "pointer": "/nino",
    "public_ip": "198.51.100.7",
    "reference": "L-1042",
    "replaces": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "request_id": "7f3c1b0e9a5d4c2f8e6b7a1d0c9e8f7a",
    "return_urls": "https://agency.example/connected",
    "share": "50.00",
    "tax_year": "2026-27",
    "timezone": "UTC+00:00",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0",
}
_FREE: Final = {
    "external_ids": {"crm": "4711"},
    "figures": FIGURES_EXAMPLE,
    "mapping": {"Reference": "reference"},
}


def give_all(schemas: dict[str, Any]) -> None:
    """Put an example into every schema of an object."""
    for name, schema in schemas.items():
        if schema.get("type") == "object" and "examples" not in schema:
            made = make(schema, schemas)
            schema["examples"] = [_masked(made) if name.endswith("Out") and name != "RevealedOut" else made]


def _masked(made: Any) -> Any:
    """What is answered shows a NINO by its ends only."""
    return {**made, "nino": "QQ****56C"} if made.get("nino") else made


def make(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str = "") -> Any:
    """A value of this schema: its own example, if it has one. `name`: of the field it is for."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return make(schemas[schema["$ref"].rpartition("/")[2]], schemas, name)
    for several in ("allOf", "oneOf", "anyOf"):
        if several in schema:
            return make(schema[several][0], schemas, name)
    if "const" in schema or "enum" in schema:
        return schema.get("const", next(iter(schema.get("enum", ())), None))
    kinds = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else next(each for each in kinds if each != "null")
    return _of_kind(kind, schema, schemas, name)


def _of_kind(kind: str, schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str) -> Any:
    match kind:
        case "object" if "properties" in schema:
            return {each: make(inner, schemas, each) for each, inner in schema["properties"].items()}
        case "object":
            return _FREE.get(name, {})
        case "array":
            return [make(schema["items"], schemas, name)] * max(1, schema.get("minItems", 1))
        case "boolean":
            return schema.get("default", True)
        case "integer" | "number":
            return schema.get("default", schema.get("minimum", 1))
    return _text(schema, name)


def _text(schema: Mapping[str, Any], name: str) -> str:
    given = _FORMATS.get(schema.get("format", "")) or _WORDS.get(name) or schema.get("default") or "text"
    return str(given)[: schema.get("maxLength", 1000)]
