"""The document as a thing of its own: valid, its examples too, nothing in it without a name, every code a real one."""

import json
import re
from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate

from api import urls
from api.base import View
from api.settings.enums import ENUM_NAMES
from schema import edition
from tenants.faults import Fault
from tests.api.document import DOCUMENT

_ = urls  # importing the routes imports every room, and with it every fault
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
_EVERY = [(path, method, said) for path, methods in DOCUMENT["paths"].items() for method, said in methods.items()]


def _inside(said: Any, place: str) -> Iterator[tuple[str, Any]]:
    yield place, said
    if isinstance(said, dict):
        for name, each in said.items():
            yield from _inside(each, f"{place}/{name}")
    elif isinstance(said, list):
        for number, each in enumerate(said):
            yield from _inside(each, f"{place}/{number}")


def _faults(schema: dict[str, Any], example: Any) -> list[str]:
    checks = Draft202012Validator({**schema, "components": DOCUMENT["components"]}, format_checker=FormatChecker())
    return [f"{each.json_path}: {each.message[:120]}" for each in checks.iter_errors(example)]


def test_both_editions_are_valid() -> None:
    older = json.loads(edition.older())

    validate(DOCUMENT)
    validate(older)
    assert (DOCUMENT["openapi"], older["openapi"]) == ("3.1.0", "3.0.3")
    assert older["paths"].keys() == DOCUMENT["paths"].keys()


def test_the_older_edition_says_nothing_that_it_does_not_know() -> None:
    newer = {"const", "exclusiveMinimum", "prefixItems", "$defs", "webhooks"}

    for place, said in _inside(json.loads(edition.older()), ""):
        if isinstance(said, dict) and not place.endswith(("/properties", "/example", "/value")):
            assert not newer & said.keys(), place
            assert not isinstance(said.get("type"), list), place


@pytest.mark.parametrize("name", [name for name, each in SCHEMAS.items() if "examples" in each])
def test_the_example_of_a_schema_is_of_it(name: str) -> None:
    assert [_faults(SCHEMAS[name], each) for each in SCHEMAS[name]["examples"]] == [[]] * len(SCHEMAS[name]["examples"])


def test_every_object_has_an_example() -> None:
    bare = {name for name, each in SCHEMAS.items() if each.get("type") == "object" and "examples" not in each}

    assert {name for name in bare if not name.startswith("Auth")} == set()


def test_the_examples_of_answers_are_of_their_schemas() -> None:
    for place, said in _inside({"paths": DOCUMENT["paths"], "responses": DOCUMENT["components"]["responses"]}, ""):
        if isinstance(said, dict) and isinstance(said.get("examples"), dict) and "schema" in said:
            for name, example in said["examples"].items():
                shown = (
                    DOCUMENT["components"]["examples"][example["$ref"].rpartition("/")[2]]
                    if "$ref" in example
                    else example
                )
                assert _faults(said["schema"], shown["value"]) == [], f"{place} {name}"


def test_every_list_of_values_has_a_name_that_somebody_chose() -> None:
    for place, said in _inside(DOCUMENT, ""):
        if isinstance(said, dict) and isinstance(said.get("enum"), list):
            assert re.fullmatch(r"/components/schemas/\w+", place), place
    chosen = {*ENUM_NAMES, "BlankEnum"}
    assert {name for name in SCHEMAS if name.endswith("Enum") and not name.startswith("Auth")} == chosen


def test_every_operation_says_what_it_is_for() -> None:
    of_no_use = {"", cleandoc(View.__doc__ or "")}
    ours = [(path, said.get("description", "")) for path, _, said in _EVERY if not path.startswith("/_allauth/")]

    assert [path for path, words in ours if words in of_no_use] == []


def test_every_operation_names_the_codes_that_it_refuses_with() -> None:
    status = {fault.code: str(int(fault.status)) for fault in Fault.all()}

    for path, _, said in _EVERY:
        for shown, codes in said["x-error-codes"].items():
            assert {status[code] for code in codes} == {shown}, path
            assert shown in said["responses"], path


def test_domain_codes_reach_the_document_by_what_the_code_raises() -> None:
    codes = {
        said["operationId"]: {each for every in said["x-error-codes"].values() for each in every} for *_, said in _EVERY
    }

    assert {"nino.conflict", "landlord.reference_taken", "idempotency.key_reused"} <= codes["landlords_create"]
    assert {"fraud_context.required", "mandate.missing", "idempotency.key_required"} <= codes["submissions_create"]
    assert "nino.conflict" not in codes["landlords_list"]
    assert {"auth.required", "auth.csrf_failed"}.isdisjoint(codes["landlord_sessions_create"])
    assert "auth.csrf_failed" in codes["auth_login_create"]


def test_staff_sign_in_is_there_and_what_is_not_offered_is_not() -> None:
    paths = {path.rpartition("/v1/")[2] for path in DOCUMENT["paths"] if path.startswith("/_allauth/")}

    assert {"auth/login", "auth/session", "auth/2fa/authenticate", "account/authenticators/totp"} <= paths
    assert {"auth/webauthn/login", "auth/webauthn/authenticate", "account/authenticators/webauthn"} <= paths
    assert not {path for path in paths if "provider" in path or "webauthn/signup" in path}


def test_a_passkey_has_the_shapes_that_browsers_know() -> None:
    schemas = DOCUMENT["components"]["schemas"]

    assert schemas["AuthWebAuthnCredentialRequestOptions"]["properties"]["request_options"]["properties"] == {
        "publicKey": {"$ref": "#/components/schemas/AuthWebAuthnRequest"}
    }
    assert schemas["AuthWebAuthnAssertion"]["properties"]["response"]["required"] == [
        "clientDataJSON",
        "authenticatorData",
        "signature",
    ]
    assert "AuthWebAuthnCredential" not in schemas


def test_every_reference_leads_somewhere() -> None:
    for place, said in _inside(DOCUMENT, ""):
        if isinstance(said, dict) and isinstance(said.get("$ref"), str):
            _, kind, name = said["$ref"].removeprefix("#/").split("/")
            assert name in DOCUMENT["components"][kind], place
