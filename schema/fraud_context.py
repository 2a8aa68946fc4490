"""The JSON Schema of what is posted to /fraud-contexts: taken out of the OpenAPI document, to stand on its own."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

_DOCUMENT: Final = Path(__file__).with_name("openapi.json")
_NAME: Final = "FraudContextInRequest"
_ABOVE: Final = "#/components/schemas/"


@cache
def json_schema() -> dict[str, Any]:
    """The schema, of draft 2020-12, with everything it refers to."""
    every = json.loads(_DOCUMENT.read_text())["components"]["schemas"]
    wanted = json.dumps(every[_NAME])
    named = {name: shape for name, shape in every.items() if f'"{_ABOVE}{name}"' in wanted}
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **every[_NAME], "$defs": named}
    return dict(json.loads(json.dumps(whole).replace(_ABOVE, "#/$defs/")))
