"""Staff sign-in in the document: allauth's own description of its API, as far as it is open here, with our manners.

Its names get `Auth` in front, so that none is another's; what our door adds (`api.staff_door`) is added to each answer.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml
from allauth.headless.spec.internal.schema import specify_user
from django.urls import Resolver404, resolve

from schema import parts, passkeys, refusals

CLIENTS: Final = ("app", "browser")
_ID: Final = "01890000-0000-7000-8000-000000000000"
_TAG: Final = "staff sign-in"
_ENDINGS: Final = {"get": "retrieve", "post": "create", "put": "replace", "patch": "update", "delete": "delete"}
_ANY: Final = frozenset({"agency.leaving", "agency.suspended", "agency.unknown_host", "host.not_allowed", "internal"})
_AND: Final = _ANY | {"service.unavailable", "vault.seal_broken"}
_WITH_BODY: Final = _AND | {"request.malformed_json", "request.too_large", "auth.csrf_failed"}
_SECURITY: Final[list[dict[str, list[str]]]] = [{}, {"staffSession": []}, {"staffCookie": []}]
_ABOVE: Final = re.compile(r"#/components/(\w+)/([\w.]+)")


def merge(document: dict[str, Any]) -> None:
    """Add allauth's operations, and what they refer to."""
    theirs = _theirs()
    for path, operations in theirs["paths"].items():
        shown = {
            method: _operation(path, method, said) for method, said in operations.items() if _is_open(path, method)
        }
        if shown:
            document["paths"][path] = shown
    _take(document, theirs)


@cache
def _read() -> Any:
    return yaml.safe_load(files("allauth.headless.spec").joinpath("doc/openapi.yaml").read_text())


def _theirs() -> dict[str, Any]:
    said = deepcopy(_read())
    specify_user(said)
    passkeys.complete(said)
    schemas = said["components"]["schemas"]
    # Theirs is another with each run.
    said["components"]["examples"]["User"]["value"]["id"] = schemas["User"]["properties"]["id"]["example"] = _ID
    schemas["OptionalTimestamp"] = {**schemas["Timestamp"], "nullable": True}
    schemas["AuthenticationMeta"]["allOf"][1]["properties"]["is_authenticated"]["nullable"] = True
    del said["components"]["responses"]["SessionGone"]["content"]["application/json"]["examples"]  # they are of a 401
    for example in _in_full(said):
        example.setdefault("code", "invalid")
    renamed: dict[str, Any] = _modern({"paths": said["paths"], "components": said["components"]}, "Auth")
    renamed["components"] = {
        kind: {f"Auth{name}": each for name, each in named.items()} for kind, named in renamed["components"].items()
    }
    for name, schema in list(renamed["components"]["schemas"].items()):
        for field, shape in schema.get("properties", {}).items():
            _name(shape.get("items", shape), f"{name}{field.title().replace('_', '')}Enum", renamed["components"])
    client = renamed["components"]["parameters"]["AuthClient"]
    _name(client["schema"], "AuthClientEnum", renamed["components"])
    return renamed


def _in_full(said: Any) -> Iterator[dict[str, Any]]:
    """The faults in their examples, some of which show no code."""
    if isinstance(said, dict):
        faults = said.get("errors") if "status" in said else None
        yield from faults if isinstance(faults, list) else ()
    for each in said.values() if isinstance(said, dict) else said if isinstance(said, list) else ():
        yield from _in_full(each)


def _name(shape: dict[str, Any], name: str, components: dict[str, Any]) -> None:
    """Give a list of values that stands inside something a name of its own."""
    if "enum" in shape:
        components["schemas"][name] = dict(shape)
        shape.clear()
        shape["$ref"] = f"#/components/schemas/{name}"


def _is_open(path: str, method: str) -> bool:
    """Whether the route is there and has the method."""
    try:
        view = resolve(path.replace("{client}", CLIENTS[0])).func
    except Resolver404:
        return False
    return hasattr(getattr(view, "view_class", None), method)


def _operation(path: str, method: str, said: dict[str, Any]) -> dict[str, Any]:
    words = re.split(r"\W+", path.rpartition("/v1/")[2])
    name = "_".join([*([] if words[0] == "auth" else ["auth"]), *words, _ENDINGS[method]])
    codes = refusals.by_status(_AND if method == "get" else _WITH_BODY)
    responses = {**_unsaid(path, method), **said["responses"]}
    for status, names in codes.items():
        responses[status] = (
            {**responses[status], "x-problems": names} if status in responses else parts.refusal(status, names)
        )
    return {
        **said,
        "operationId": name,
        "tags": [_TAG],
        "responses": dict(sorted(responses.items())),
        "security": _SECURITY,
        "x-error-codes": codes,
    }


def _unsaid(path: str, method: str) -> dict[str, Any]:
    """What their document leaves out: a session that is gone, too many tries, who is signed in after a change."""
    found = {"410": "SessionGone"}
    if method != "get" or path.endswith("/webauthn/login"):
        found["429"] = "TooManyRequests"
    if path.endswith("/reauthenticate"):
        found["401"] = "Authentication"
    if path.endswith("/password/change"):
        found["200"] = "Authenticated"
    return {status: {"$ref": f"#/components/responses/Auth{name}"} for status, name in found.items()}


def _take(document: dict[str, Any], theirs: dict[str, Any]) -> None:
    """What is referred to, and what that refers to; refusals of both kinds get both contents."""
    ours, left = (
        document["components"],
        [document["paths"][path] for path in theirs["paths"] if path in document["paths"]],
    )
    for operations in left:
        for operation in operations.values():
            operation["responses"] = {status: _both(said, theirs) for status, said in operation["responses"].items()}
    while left:
        for kind, name in sorted(set(_ABOVE.findall(str(left.pop())))):
            if name not in ours.setdefault(kind, {}) and name in theirs["components"].get(kind, {}):
                ours[kind][name] = theirs["components"][kind][name]
                left.append(ours[kind][name])


def _both(said: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    if "x-problems" not in said:
        return said
    codes = said["x-problems"]
    answer = theirs["components"]["responses"][said["$ref"].rpartition("/")[2]] if "$ref" in said else said
    content = {**answer.get("content", {}), **parts.problem_content(codes)}
    return {**{key: value for key, value in answer.items() if key != "x-problems"}, "content": content}


def _modern(said: Any, prefix: str) -> Any:
    """OpenAPI 3.0 said in 3.1, and every reference to the name it has here."""
    if isinstance(said, list):
        return [_modern(each, prefix) for each in said]
    if not isinstance(said, dict):
        return said
    new = {key: _modern(each, prefix) for key, each in said.items()}
    if isinstance(new.get("$ref"), str):
        new["$ref"] = _ABOVE.sub(rf"#/components/\1/{prefix}\2", new["$ref"])
    if isinstance(new.get("enum"), list) and len(new["enum"]) == 1:
        new["const"] = new.pop("enum")[0]
    if "type" in new and new.pop("nullable", False):
        new["type"] = [new["type"], "null"]
    if "oneOf" in new:
        new["anyOf"] = new.pop("oneOf")  # several of theirs fit at once
    if isinstance(new.get("type"), str) and "example" in new:
        shown = new.pop("example")
        new |= {} if new["type"] == "object" else {"examples": [shown]}  # of objects some lack what must be there
    return new
