"""What allauth's description leaves open of passkeys: the shapes of what a browser is given and gives, and refusals.

The shapes are WebAuthn's own (Level 3, 5.1.7 to 5.1.9): what `PublicKeyCredential.parseCreationOptionsFromJSON()` takes
and `toJSON()` makes, as far as it is used here.
"""

from typing import Any, Final

_BYTES: Final[dict[str, Any]] = {"type": "string", "description": "Bytes in base64url, without padding."}
_ALGORITHM: Final[dict[str, Any]] = {"type": "integer", "description": "A number of COSE's, as -7 for ES256."}
_KEY: Final[dict[str, Any]] = {"type": "string", "enum": ["public-key"]}
_SETTING: Final = "controlled by\n`MFA_WEBAUTHN_USER_VERIFICATION`."
_VERIFIED: Final = "always `required`:\na PIN, a finger or a face."
_BODIES: Final = {
    "AddWebAuthnAuthenticator": "WebAuthnRegistration",
    "LoginWebAuthn": "WebAuthnAssertion",
    "ReauthenticateWebAuthn": "WebAuthnAssertion",
    "AuthenticateWebAuthn": "WebAuthnAssertion",
}


def complete(said: dict[str, Any]) -> None:
    """Say it in allauth's document, which is of OpenAPI 3.0."""
    parts = said["components"]
    schemas = parts["schemas"]
    del schemas["WebAuthnCredential"]
    schemas |= _shapes()
    for name, shape in _BODIES.items():
        body = parts["requestBodies"][name]["content"]["application/json"]["schema"]
        body["properties"]["credential"] = _ref(shape)
    for name, holds in (("Request", "request_options"), ("Creation", "creation_options")):
        options = _object(publicKey=_ref(f"WebAuthn{name}"))
        schemas[f"WebAuthnCredential{name}Options"]["properties"][holds] = options
    for name in ("WebAuthnRequestOptionsResponse", "WebAuthnCreationOptionsResponse"):
        answer = parts["responses"][name]["content"]["application/json"]["schema"]
        answer["properties"]["meta"] = _ref("BaseAuthenticationMeta")  # a session may begin with the question
    flows = schemas["Flow"]["properties"]["id"]["enum"]
    flows.append("mfa_login_webauthn")
    flows.sort()
    for path, operations in said["paths"].items():
        if "/webauthn" in path:
            _refusals(path, operations)


def _refusals(path: str, operations: dict[str, Any]) -> None:
    for method, operation in operations.items():
        answers = operation["responses"]
        operation["description"] = operation.get("description", operation["summary"]).replace(_SETTING, _VERIFIED)
        unknown = "AuthenticationOrReauthentication" if "/account/" in path else "Authentication"
        answers["401"] = {"$ref": f"#/components/responses/{unknown}"}
        if method != "get":
            answers.setdefault("400", {"$ref": "#/components/responses/Error"})


def _shapes() -> dict[str, Any]:
    descriptor = _object(type=_KEY, id=_BYTES)
    verification = {"type": "string", "enum": ["required"], "description": "A PIN, a finger or a face is asked for."}
    creation = _object(
        rp=_object(id={"type": "string", "description": "The host of the page."}, name={"type": "string"}),
        user=_object(id=_BYTES, name={"type": "string"}, displayName={"type": "string"}),
        challenge=_BYTES,
        pubKeyCredParams=_list(_object(type=_KEY, alg=_ALGORITHM)),
        excludeCredentials=_list(_ref("WebAuthnDescriptor")),
        authenticatorSelection=_ref("WebAuthnSelection"),
        extensions=_object(credProps={"type": "boolean"}),
    )
    selection = _object(
        residentKey={"type": "string", "enum": ["discouraged", "required"]},
        requireResidentKey={"type": "boolean"},
        userVerification=verification,
    )
    request = _object(
        challenge=_BYTES,
        rpId={"type": "string", "description": "The host of the page."},
        allowCredentials=_list(_ref("WebAuthnDescriptor")),
        userVerification=verification,
    )
    attestation = _object(clientDataJSON=_BYTES, attestationObject=_BYTES)
    assertion = _object(clientDataJSON=_BYTES, authenticatorData=_BYTES, signature=_BYTES)
    assertion["properties"]["userHandle"] = {**_BYTES, "nullable": True}
    return {
        "WebAuthnDescriptor": descriptor,
        "WebAuthnCreation": creation,
        "WebAuthnSelection": selection,
        "WebAuthnRequest": request,
        "WebAuthnRegistration": _credential(attestation),
        "WebAuthnAssertion": _credential(assertion),
    }


def _credential(response: dict[str, Any]) -> dict[str, Any]:
    """What a browser answers. It says more than we read, and may."""
    shape = _object(id=_BYTES, rawId=_BYTES, type=_KEY, response=response)
    shape["properties"] |= {
        "authenticatorAttachment": {"type": "string", "nullable": True},
        "clientExtensionResults": {"type": "object", "additionalProperties": True},
    }
    return shape


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}
