"""What `people.passkeys` takes the place of in allauth, held to the text that was read when it was written.

If a release of allauth fails here: read what changed, see whether ours still does all that theirs does, and whether
there is a setting by now; then write down the new digest.
"""

import ast
import inspect
from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import pytest
from allauth.mfa.webauthn.internal import auth

AUTH = auth.__name__
FORMS = "allauth.mfa.webauthn.forms"
REPLACED = {
    "get_server": "66e795805005ee9b",
    "set_state": "b77d85fa0fec1876",
    "parse_registration_response": "2ac72914deb02f33",
    "parse_authentication_response": "808a8ab59b3ae574",
    "begin_authentication": "803884c07d484299",
    "extract_user_from_response": "edac33730f61ef53",
    "complete_registration": "0c00067f936d127c",
    "complete_authentication": "8340c1fd7960e251",
}
LEANT_ON = [
    (AUTH, "get_state", "c73501dbf4ea0444"),
    (AUTH, "clear_state", "a6c9250d9f869d11"),
    (AUTH, "get_credentials", "707d1a3d53df5c57"),
    (AUTH, "get_authenticator_by_credential_id", "a6fa9b9849d91b75"),
    (AUTH, "WebAuthn", "88da6648e2094ca8"),  # what is saved of a new one
    (FORMS, "_BaseAddWebAuthnForm", "c5ce6cdb340de29c"),  # in which order they are called
    (FORMS, "AuthenticateWebAuthnForm", "067eac3aeaacebc6"),
]


def theirs(module: str) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef, str]]:
    """Each function and class of it as its file has it, whatever was put in its place since: name, tree, text."""
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node, ast.get_source_segment(text, node) or ""


def test_no_other_function_is_replaced_and_these_are() -> None:
    ours = {name for name, *_ in theirs(AUTH) if getattr(auth, name).__module__ != AUTH}

    assert ours == set(REPLACED)


@pytest.mark.parametrize("name", REPLACED)
def test_ours_is_called_as_theirs_is(name: str) -> None:
    (tree,) = [node for each, node, _ in theirs(AUTH) if each == name and isinstance(node, ast.FunctionDef)]

    asked = inspect.signature(getattr(auth, name)).parameters.values()

    assert len(asked) == len(tree.args.args)
    assert sum(each.default is not each.empty for each in asked) == len(tree.args.defaults)


@pytest.mark.parametrize(
    ("module", "name", "digest"), [*((AUTH, *each) for each in REPLACED.items()), *LEANT_ON], ids=lambda each: each
)
def test_theirs_reads_as_it_did(module: str, name: str, digest: str) -> None:
    (text,) = [text for each, _, text in theirs(module) if each == name]

    assert sha256(text.encode()).hexdigest()[:16] == digest
