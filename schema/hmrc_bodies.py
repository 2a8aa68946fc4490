"""What goes to HMRC by HMRC's own names, in the document: made from the shapes by which it is read."""

from typing import Any, Final

from drf_spectacular.extensions import OpenApiSerializerFieldExtension

from mtd.shapes import Amount, Day, Flag, Object, Several, Shape, Text

_MONEY: Final = r"^-?[0-9]{1,11}\.[0-9]{2}$"
_WRITTEN: Final = r"^-?[0-9]{1,20}(\.[0-9]{1,2}0{0,18})?$"
FIGURES_EXAMPLE: Final = {"income": {"periodAmount": "1200.00"}, "expenses": {"consolidatedExpenses": "300.00"}}
# What each is, and an example: all that may be named would be none, since consolidated expenses stand alone.
_SAID: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "UkPropertyFigures": (
        "Year-to-date figures of a UK property business, by HMRC's names.",
        FIGURES_EXAMPLE,
    ),
    "UkPropertyAdjustments": (
        "Adjustments of a UK property business's year, by HMRC's names.",
        {"nonResidentLandlord": False, "privateUseAdjustment": "100.00"},
    ),
    "UkPropertyAllowances": (
        "Allowances of a UK property business's year, by HMRC's names.",
        {"costOfReplacingDomesticItems": "250.00"},
    ),
}


def asked(shape: Shape) -> dict[str, Any]:
    """The JSON Schema of what may be sent. Amounts are decimal strings, or numbers."""
    match shape:
        case Amount(low, high):
            said = f"Pounds, from {low:.2f} to {high:.2f}, with at most two decimals."
            bounds = {"minimum": float(low), "maximum": float(high)}
            return {"type": ["string", "number"], "pattern": _WRITTEN, **bounds, "description": said}
        case Object(members, required):
            return {
                "type": "object",
                "properties": {name: asked(inner) for name, inner in members.items()},
                **({"required": sorted(required)} if required else {}),
                "minProperties": 1,
                "additionalProperties": False,
            }
        case Several(of):
            return {"type": "array", "items": asked(of), "minItems": 1}
    return answered(shape)


def answered(shape: Shape) -> dict[str, Any]:
    """The JSON Schema of what is shown. Amounts are decimal strings of two places."""
    match shape:
        case Amount():
            return {"type": "string", "pattern": _MONEY}
        case Object(members, required):
            return {
                "type": "object",
                "properties": {name: answered(inner) for name, inner in members.items()},
                **({"required": sorted(required)} if required else {}),
            }
        case Several(of):
            return {"type": "array", "items": answered(of)}
        case Flag():
            return {"type": "boolean"}
        case Text(pattern):
            return {"type": "string", "pattern": f"^{pattern.pattern}$"}
        case Day():
            return {"type": "string", "format": "date"}
    raise TypeError(type(shape))


class HmrcBody(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Of `api.fields.HmrcObject`: a schema by its own name in either direction, as `Request` or as `Out`."""

    target_class = "api.fields.HmrcObject"

    def get_name(self) -> str:
        return f"{self.target.name}{'Out' if self.target.read_only else 'Request'}"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        described, example = _SAID[self.target.name]
        shape = (asked if direction == "request" else answered)(self.target.shape)
        return {**shape, "description": described, "examples": [example]}
