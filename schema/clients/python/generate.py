"""Writes what of the client follows from the document: types.py (bodies and codes), operations.py (a method each)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
OUT = HERE / "quarterday_client"
DOCUMENT: dict[str, Any] = json.loads((ROOT / "schema" / "openapi.json").read_text())
_SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def shape(schema: dict[str, Any]) -> str:
    """The Python type of a schema, as source."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "const" in schema or "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema.get('enum', [schema.get('const')])))}]"
    several = schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf")
    if several:
        return "Any" if "allOf" in schema else " | ".join(dict.fromkeys(map(shape, several)))
    kinds = schema.get("type", [])
    return " | ".join(_of(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)) or "Any"


def _of(kind: str, schema: dict[str, Any]) -> str:
    if kind == "array":
        return f"list[{shape(schema['items'])}]"
    return "dict[str, Any]" if kind == "object" else _SIMPLE[kind]


def types() -> Iterator[str]:
    yield '"""Generated: the shapes of bodies, and the error codes."""\n'
    yield "from typing import Any, Literal, NotRequired, TypeAlias, TypedDict\n"
    for name, schema in DOCUMENT["components"]["schemas"].items():
        fields, needed = schema.get("properties", {}), set(schema.get("required", ()))
        if schema.get("type") != "object" or not fields:
            yield f'{name}: TypeAlias = "{shape(schema)}"'
            continue
        lines = "".join(
            f'        "{field}": "{shape(said)}",\n' if field in needed else f'        "{field}": NotRequired["{shape(said)}"],\n'
            for field, said in fields.items()
        )
        yield f'{name} = TypedDict(\n    "{name}",\n    {{\n{lines}    }},\n)'
    codes = DOCUMENT["components"]["schemas"]["ErrorCode"]["enum"]
    yield "ERROR_CODES: tuple[ErrorCode, ...] = (\n" + "".join(f'    "{code}",\n' for code in codes) + ")"


def operations() -> Iterator[str]:
    yield '"""Generated: a method for each operation of the document."""\n'
    yield "from collections.abc import Mapping\nfrom typing import Any\n"
    yield "from quarterday_client import types as t\nfrom quarterday_client.sending import Answer, Sender\n\n"
    yield "class Operations(Sender):"
    for path, methods in DOCUMENT["paths"].items():
        for method, said in methods.items():
            if path.startswith("/api/v1/"):
                yield _method(path, method.upper(), said)


def _method(path: str, method: str, said: dict[str, Any]) -> str:
    ids = re.findall(r"\{(\w+)\}", path)
    body = _json(said.get("requestBody", {}))
    optional = "" if said.get("requestBody", {}).get("required") else " | None = None"
    arguments = [
        "self",
        *(f"{name}: str" for name in ids),
        *([f"body: {_qualified(body)}{optional}"] if body else []),
        "*",
        "params: Mapping[str, Any] | None = None",
        "headers: Mapping[str, str] | None = None",
    ]
    good = [_json(answer) for status, answer in sorted(said["responses"].items()) if status.startswith("2")]
    answered = " | ".join(dict.fromkeys(_qualified(each) if each else "None" for each in good)) or "None"
    given = "body=body, " if body else ""
    text = said.get("description") or said["operationId"].replace("_", " ").capitalize() + "."
    return (
        f"    def {said['operationId']}({', '.join(arguments)}) -> Answer[{answered}]:\n"
        f'        """{text.strip()}"""\n'
        f'        return self.send("{method}", f"{path}", {given}params=params, headers=headers)\n'
    )


def _json(said: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = said.get("content", {})
    return dict(content.get("application/json", {}).get("schema", {"type": "string"} if content else {}))


def _qualified(schema: dict[str, Any]) -> str:
    return re.sub(r"\b(?!Any\b|None\b|Literal\b)([A-Z]\w+)", r"t.\1", shape(schema))


if __name__ == "__main__":
    (OUT / "types.py").write_text("\n".join(types()) + "\n")
    (OUT / "operations.py").write_text("\n".join(operations()))
    (OUT / "snippet.js").write_text((ROOT / "api" / "browser" / "snippet.js").read_text())
