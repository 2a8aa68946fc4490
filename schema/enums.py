"""No list of values without a name: the parameters' are looked up where the bodies' are, in the settings."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.plumbing import deep_import_string
from drf_spectacular.settings import spectacular_settings


def name_all(document: dict[str, Any]) -> None:
    """Put names in place of the lists of values that stand in parameters. Raises KeyError for one without a name."""
    schemas, names = document["components"]["schemas"], _names()
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                shape = parameter.get("schema", {})
                if "enum" in shape:
                    values = shape.pop("enum")
                    name = names[frozenset(values)]
                    schemas.setdefault(name, {"type": shape.pop("type"), "enum": values})
                    parameter["schema"] = {"$ref": f"#/components/schemas/{name}"} | {
                        key: each for key, each in shape.items() if key == "default"
                    }


def _names() -> Mapping[frozenset[str], str]:
    given = spectacular_settings.ENUM_NAME_OVERRIDES.items()
    found = {name: deep_import_string(of) if isinstance(of, str) else of for name, of in given}
    return {frozenset(getattr(each, "values", each)): name for name, each in found.items()}
