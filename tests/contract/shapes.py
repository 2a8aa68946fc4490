"""The notation of `facts/README.md`, turned into JSON Schema and checked by jsonschema."""

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

Shape = str | list[Any] | dict[str, Any]

_MOST = Decimal("99999999999.99")
_PENNY = Decimal("0.01")
_NAMED: Mapping[str, dict[str, Any]] = {
    "any": {},
    "b": {"type": "boolean"},
    "£": {"type": "number", "minimum": 0, "maximum": _MOST, "multipleOf": _PENNY},
    "±£": {"type": "number", "minimum": -_MOST, "maximum": _MOST, "multipleOf": _PENNY},
    "£0dp": {"type": "integer", "minimum": 0, "maximum": 99_999_999_999},
    "date": {"type": "string", "pattern": r"^(19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"},
    "datetime": {"type": "string", "pattern": r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$"},
    "taxyear": {"type": "string", "pattern": r"^20\d\d-\d\d$"},
    "uuid": {"type": "string", "pattern": r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
}
_MEASURED = {
    "s": ("string", ("minLength", "maxLength")),
    "n": ("number", ("minimum", "maximum", "multipleOf")),
    "i": ("integer", ("minimum", "maximum", "multipleOf")),
}


def complaints(shape: Shape | None, body: object, *, tax_year: str = "") -> list[str]:
    """
    Say where a body differs from a shape; nothing is expected where there is no shape.
    A shape that depends on the tax year is taken as it is in `tax_year`, or, without one, in any year.
    """
    if shape is None:
        return [] if body is None else ["/: a body where HMRC has none"]
    errors = _validator(json.dumps(shape), tax_year).iter_errors(body)
    return [f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in errors]


def in_year(shape: Shape, tax_year: str) -> Shape:
    """Return the shape that a tax year has. Raises LookupError if it has none."""
    if not _by_year(shape):
        return shape
    assert isinstance(shape, dict)
    for span, part in shape.items():
        first, _, last = span.removeprefix("@").partition("..")
        if (first or "0") <= tax_year <= (last or "9"):
            found: Shape = part
            return found
    raise LookupError(f"no shape in {tax_year}")


def has_year(shape: Shape | None, tax_year: str) -> bool:
    """Tell whether a shape depends on the tax year, and has that one."""
    if not isinstance(shape, dict) or not _by_year(shape):
        return False
    try:
        return bool(in_year(shape, tax_year))
    except LookupError:
        return False


def json_schema(shape: Shape, tax_year: str = "") -> dict[str, Any]:
    """Return the JSON Schema of a shape."""
    if _by_year(shape):
        assert isinstance(shape, dict)
        if tax_year:
            return json_schema(in_year(shape, tax_year))
        return {"anyOf": [json_schema(part) for part in shape.values()]}
    if isinstance(shape, dict):
        return _object(shape)
    if isinstance(shape, list):
        return {"type": "array", "items": json_schema(shape[0]), "minItems": shape[1] if shape[1:] else 0}
    return _leaf(shape)


@cache
def _validator(shape: str, tax_year: str) -> Draft202012Validator:
    return Draft202012Validator(json_schema(json.loads(shape), tax_year))


def _by_year(shape: Shape) -> bool:
    return isinstance(shape, dict) and any(name.startswith("@") for name in shape)


def _object(shape: dict[str, Any]) -> dict[str, Any]:
    fields = {name: part for name, part in shape.items() if name != "..."}
    return {
        "type": "object",
        "properties": {name.removesuffix("*"): json_schema(part) for name, part in fields.items()},
        "required": [name.removesuffix("*") for name in fields if name.endswith("*")],
        "additionalProperties": "..." in shape,
    }


def _leaf(shape: str) -> dict[str, Any]:
    if shape in _NAMED:
        return dict(_NAMED[shape])
    if shape.startswith("="):
        return {"enum": shape.removeprefix("=").split("|")}
    if shape.startswith("~"):
        return {"type": "string", "pattern": shape.removeprefix("~")}
    kind, *bounds = shape.split(" ")
    name, keywords = _MEASURED[kind]
    whole = int if kind == "s" else Decimal
    known = {keyword: whole(bound) for keyword, bound in zip(keywords, bounds, strict=False) if bound != "-"}
    return {"type": name} | known
