"""The JSON Schema of what is posted to /fraud-contexts: taken out of the OpenAPI document, to stand on its own."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

_DOCUMENT: Final = Path(__file__).with_name("openapi.json")
_NAME: Final = "FraudContextInRequest"
_ABOVE: Final = "#/components/schemas/"


@cache
def json_schema() -> dict[str, Any]:
    """The schema, of draft 2020-12, with everything it refers to."""
    every: dict[str, Any] = json.loads(_DOCUMENT.read_text())["components"]["schemas"]
    named = {name: every[name] for name in sorted(_below(every[_NAME], every))}
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **every[_NAME], "$defs": named}
    return dict(json.loads(json.dumps(whole).replace(_ABOVE, "#/$defs/")))


def _below(shape: Any, every: Mapping[str, Any]) -> set[str]:
    names = set(re.findall(f'"{_ABOVE}([^"]+)"', json.dumps(shape)))
    return names.union(*(_below(every[name], every) for name in names))
