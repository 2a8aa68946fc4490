"""Every answer that the tests of the API get must be in the document: its status, its code, its body's shape."""

import re
from functools import cache
from typing import Any

from django.urls import Resolver404, resolve
from jsonschema import Draft202012Validator, FormatChecker

from tests.api.document import DOCUMENT

_JSON = ("application/json", "application/problem+json")


def hold(answer: Any, method: str, address: str) -> None:
    """Fails if the document does not know such an answer of this operation. What is no operation is let be."""
    operation = _operation(method, address.partition("?")[0])
    if operation is None:
        return
    status, kind = str(answer.status_code), answer.headers.get("Content-Type", "").partition(";")[0]
    where = f"{method} {address} {status}"
    assert status in operation["responses"], f"{where} is not in the document: {answer.content[:300]}"
    if kind == "application/problem+json":
        known = operation["x-error-codes"].get(status, ())
        assert answer.json()["code"] in known, f"{where} {answer.json()['code']} is not in the document"
    if kind in _JSON and answer.content and status != "204":
        checks = _checks(operation["operationId"], status, kind)
        assert checks is not None, f"{where}: no {kind} in the document"
        faults = [f"{each.json_path}: {each.message[:200]}" for each in checks.iter_errors(answer.json())]
        assert faults == [], f"{where} is not of the document's shape: {faults}"


def _operation(method: str, path: str) -> dict[str, Any] | None:
    try:
        route = resolve(path).route
    except Resolver404:
        return None
    found: dict[str, Any] | None = _operations().get((route, method))
    return found


@cache
def _operations() -> dict[tuple[str, str], dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for path, methods in DOCUMENT["paths"].items():
        for client in ("app", "browser"):
            try:
                route = resolve(_filled(path.replace("{client}", client))).route
            except Resolver404:
                continue
            found |= {(route, method.upper()): said for method, said in methods.items()}
    return found


def _filled(path: str) -> str:
    return re.sub(r"\{\w+\}", "01890000-0000-7000-8000-000000000000", path)


@cache
def _checks(operation_id: str, status: str, kind: str) -> Draft202012Validator | None:
    said = next(each for each in _operations().values() if each["operationId"] == operation_id)["responses"][status]
    while "$ref" in said:
        said = DOCUMENT["components"]["responses"][said["$ref"].rpartition("/")[2]]
    content = said.get("content", {})
    if kind not in content:
        return None
    whole = {**content[kind]["schema"], "components": DOCUMENT["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker(["date", "uuid", "email"]))
