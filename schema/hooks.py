"""The last touch to the document: what operations share, staff sign-in, names for enums, examples."""

from typing import Any

from schema import enums, parts, samples, signing_in, webhooks


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001 - drf-spectacular's signature
    """A post-processing hook of drf-spectacular."""
    components = result.setdefault("components", {})
    for kind, named in parts.components().items():
        components[kind] = {**components.get(kind, {}), **named}
    components["schemas"]["ErrorOut"]["properties"]["code"] = parts.CODE
    webhooks.add_to(result)
    for path in result["paths"].values():
        for operation in path.values():
            operation["security"] = [{}] if operation.pop("x-public") else [{name: []} for name in parts.SCHEMES]
    result["components"]["schemas"].pop("NullEnum", None)
    _mend(result["paths"])
    _mend(components["schemas"])
    enums.name_all(result)
    samples.give_all(components["schemas"])
    signing_in.merge(result)
    result["components"] = {kind: dict(sorted(named.items())) for kind, named in sorted(components.items())}
    return result


def _mend(said: Any) -> None:
    """What may be null says so by its type; what may be anything, by saying nothing: null would be both of two."""
    if isinstance(said, list):
        for each in said:
            _mend(each)
    elif isinstance(said, dict):
        if said.get("$ref") == "#/components/schemas/NullEnum":
            said.clear()
            said["type"] = "null"
        if {} in said.get("oneOf", ()):
            del said["oneOf"]
        for each in said.values():
            _mend(each)
