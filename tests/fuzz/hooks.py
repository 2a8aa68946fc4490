"""For schemathesis: requests that name what is there, so that more is reached than a 404; and a check of our own."""

import json
import os
from collections import defaultdict
from typing import Any
from uuid import UUID

import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

_OURS = "key_id"  # of the key by which all is sent: it must not be lost
_MOST = 50
_known: dict[str, list[str]] = defaultdict(list, landlord_id=json.loads(os.environ.get("QUARTERDAY_LANDLORDS", "[]")))
# Faults that the document leaves no room for. Others depend on what is stored, or on what a text means.
_FORM = {"unknown_field", "required", "null", "invalid_choice", "not_a_list", "not_a_dict", "empty", "max_length"}
_BEYOND = "?"  # what is needed of some media types only
_SHARED = ("/tax_year", "/period_start", "/period_end")  # of a row, or of its batch
_BY_STATE = {400, 410, 412, 422}


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any]) -> dict[str, Any]:
    """Every other id is a real one, if one has been seen; what is meant to be no id stays none."""
    return {name: _real(name, value) for name, value in (path_parameters or {}).items()}


def _real(name: str, made_up: Any) -> Any:
    known, number = _known[name], sum(str(made_up).encode(errors="replace"))
    return known[number % len(known)] if known and number % 2 and name != _OURS and _is_id(made_up) else made_up


def _is_id(made_up: Any) -> bool:
    try:
        return bool(str(UUID(made_up)) == made_up)
    except (ValueError, AttributeError, TypeError):
        return False


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Remember the ids of what was made or listed, by the name that the paths below have for them."""
    name = next(iter(_names_below(case.operation)), "")
    if not name or response.status_code not in {200, 201, 202}:
        return
    said = _json(response)
    for each in said["results"] if isinstance(said.get("results"), list) else [said]:
        found = each.get("id") if isinstance(each, dict) else None
        if isinstance(found, str) and found not in _known[name]:
            _known[name] = [*_known[name], found][-_MOST:]


def _names_below(operation: Any) -> list[str]:
    start = f"{operation.path}/{{"
    paths = operation.schema.raw_schema["paths"]
    return [path.removeprefix(start).partition("}")[0] for path in paths if path.startswith(start)]


@schemathesis.hook
def filter_headers(context: Any, headers: dict[str, Any]) -> bool:
    """What a browser sends back of a stream it lost is taken as it is: what can't be read counts as not sent."""
    return str((headers or {}).get("Last-Event-ID", 0)).isdigit()


@schemathesis.check
def form_is_said(ctx: Any, response: Any, case: Any) -> bool | None:
    """What fits the document is not refused for its form. A rule of the business, or a state, may still refuse it."""
    told = _json(response).get("errors") or ()
    faults = {
        each["code"]
        for each in told
        if not each["pointer"].startswith(_BEYOND) and not each["pointer"].endswith(_SHARED)
    }
    if response.status_code in _BY_STATE and not faults & _FORM:
        return None
    checked: bool | None = positive_data_acceptance(ctx, response, case)
    return checked


def _json(response: Any) -> dict[str, Any]:
    try:
        said = response.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
