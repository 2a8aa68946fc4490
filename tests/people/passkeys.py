"""A passkey as a telephone or a security key holds one, and the browser in front of it: real keys, real signatures."""

import secrets
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256, CoseKey
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from people.models import User
from tests.people.clients import StaffClient, said

FLAG = AuthenticatorData.FLAG
HOME = "http://alpha.localhost"
ADD = "account/authenticators/webauthn"
ALONE = "auth/webauthn/login"
SECOND = "auth/webauthn/authenticate"
AGAIN = "auth/webauthn/reauthenticate"


class Passkey:
    """One key pair. What a hostile browser or key would say instead goes in as `origin`, `rp`, `flags`, `kind`, `more`.

    Counts its uses from `counter`, unless it `counts` nothing.
    """

    def __init__(self, origin: str = HOME, *, counts: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.origin, self.counts, self.counter = origin, counts, 0
        self.rp = self.user = ""

    def made(self, options: Any, **hostile: Any) -> dict[str, Any]:
        """The browser's answer to creation options."""
        asked = options["publicKey"]
        self.rp, self.user = asked["rp"]["id"], asked["user"]["id"]
        public = hostile.get("public") or self._public()
        credential = AttestedCredentialData.create(Aaguid(bytes(16)), self.id, CoseKey(public))
        data = self._data(FLAG.AT, hostile.get("credential", credential), hostile)
        client = self._client("webauthn.create", asked["challenge"], hostile)
        attested = AttestationObject.create("packed", data, {"x5c": [b"whose device it is"]})
        response = {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(attested)}
        return self._answer(response, {"credProps": {"rk": True}})

    def signed(self, options: Any, **hostile: Any) -> dict[str, Any]:
        """The browser's answer to request options."""
        data = self._data(FLAG(0), b"", hostile)
        client = self._client("webauthn.get", options["publicKey"]["challenge"], hostile)
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(self.key.sign(data + client.hash, ec.ECDSA(SHA256()))),
            "userHandle": hostile.get("user", self.user),
        }
        return self._answer(response, {})

    def _public(self) -> CoseKey:
        numbers = self.key.public_key().public_numbers()
        return ES256(
            {1: 2, 3: ES256.ALGORITHM, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )

    def _answer(self, response: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        name = websafe_encode(self.id)
        return {"type": "public-key", "id": name, "rawId": name, "response": response, "clientExtensionResults": told}

    def _data(self, flag: FLAG, credential: bytes, hostile: dict[str, Any]) -> AuthenticatorData:
        self.counter += self.counts
        rp = sha256(hostile.get("rp", self.rp).encode()).digest()
        flags = hostile.get("flags", FLAG.UP | FLAG.UV) | (flag if credential else 0)
        data: AuthenticatorData = AuthenticatorData.create(rp, flags, hostile.get("counter", self.counter), credential)
        return data

    def _client(self, kind: str, challenge: str, hostile: dict[str, Any]) -> CollectedClientData:
        kind, origin = hostile.get("kind", kind), hostile.get("origin", self.origin)
        more: dict[str, Any] = hostile.get("more", {})
        return CollectedClientData.create(
            kind, websafe_decode(hostile.get("challenge", challenge)), origin, **{"cross_origin": False, **more}
        )


def creation(client: StaffClient) -> Any:
    """What a new passkey is to be made of."""
    return said(client.call("GET", ADD))["data"]["creation_options"]


def request(client: StaffClient, path: str = ALONE) -> Any:
    """What a passkey is to sign."""
    return said(client.call("GET", path))["data"]["request_options"]


def add_passkey(client: StaffClient, user: User, passkey: Passkey, name: str = "Telephone") -> int:
    """Sign in and add it. Its id among the person's authenticators."""
    client.sign_in(user.email)
    client.reauthenticate()
    answer = client.call("POST", ADD, {"name": name, "credential": passkey.made(creation(client))})
    assert answer.status_code == 200, answer.content
    return int(said(answer)["data"]["id"])
