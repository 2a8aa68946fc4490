"""Passkeys: allauth's ceremonies, held to what WebAuthn asks of a relying party and allauth leaves to chance.

A passkey belongs to the page on which it was made: the agency's own host, or one of its allowed origins. A challenge is
good for one try, a counter only ever rises, whatever can't be read is an incorrect code, and little is kept.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.signals import pre_save
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AuthenticationResponse,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialRpEntity,
    RegistrationResponse,
)

from tenants import clock
from tenants.context import current_agency

log = structlog.get_logger()
_Begin = Callable[[AbstractBaseUser | None], dict[str, Any]]
_BYTES: Final = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")
_GOOD_FOR: Final = timedelta(minutes=10)  # a challenge: as long as a browser waits for a person at most
_LONGEST: Final = 8192  # bytes of what a browser says or an authenticator attests
_LONGEST_NAME: Final = 100  # as for a new name
_MOST: Final = 20  # of one person: each try in a name reads them all


def install() -> None:
    """Take the place of those of allauth's functions that are too trusting. It has no setting for them."""
    auth.get_server = _server
    auth.set_state = partial(_set_state, auth.set_state)
    auth.parse_registration_response = _read_registration
    auth.parse_authentication_response = _read_authentication
    auth.begin_authentication = partial(_begin_authentication, auth.begin_authentication)
    auth.extract_user_from_response = partial(_whose, auth.extract_user_from_response)
    auth.complete_registration = _complete_registration
    auth.complete_authentication = _complete_authentication
    pre_save.connect(_keep_little, sender=Authenticator, dispatch_uid="quarterday.passkeys")


def relying_party() -> dict[str, str]:
    """Whom a passkey is for: the host of the page, which is the one name that its browser lets it use everywhere."""
    return {"id": urlsplit(_page()).hostname or "", "name": current_agency().name}


def _page() -> str:
    """The origin whose passkeys these are: of the page that asks, if the agency lists it; else that of the API."""
    origin = context.request.headers.get("Origin", "")
    if current_agency().allows_origin(origin):
        return str(origin)
    return f"{context.request.scheme}://{context.request.get_host()}".lower()


def _server() -> Fido2Server:
    page = _page()
    # fido2 alone would take any page below the host, and so a page of another agency's.
    return Fido2Server(PublicKeyCredentialRpEntity(**relying_party()), verify_origin=lambda origin: origin == page)


def _begin_authentication(begin: _Begin, user: AbstractBaseUser | None = None) -> dict[str, Any]:
    """Whoever is nobody yet gets a session to keep the challenge in, and not as many of them as they like."""
    request = context.request
    if user is None and not ratelimit.consume(request, app="allauth.mfa", action="webauthn_challenge", limit_get=True):
        raise ImmediateHttpResponse(ratelimit.respond_429(request))
    return begin(user)


@contextmanager
def _or_incorrect() -> Iterator[None]:
    """Whatever is wrong with what was sent, the answer is the same, and the challenge is gone."""
    try:
        yield
    except Exception:  # noqa: BLE001 - fido2 raises whatever the bytes of a stranger provoke
        auth.clear_state()
        raise _incorrect() from None


def _incorrect() -> ValidationError:
    error: ValidationError = get_adapter().validation_error("incorrect_code")
    return error


def _read_registration(sent: Mapping[str, Any]) -> RegistrationResponse:
    with _or_incorrect():
        _in_texts(sent)
        return RegistrationResponse.from_dict(sent)


def _read_authentication(sent: Mapping[str, Any]) -> AuthenticationResponse:
    with _or_incorrect():
        _in_texts(sent)
        return AuthenticationResponse.from_dict(sent)


def _whose(find: Callable[[Mapping[str, Any]], AbstractBaseUser], sent: Mapping[str, Any]) -> AbstractBaseUser:
    """Nobody's is as wrong as somebody's: a challenge that could be tried again would tell who is known here."""
    try:
        return find(sent)
    except ValidationError:
        auth.clear_state()
        raise _incorrect() from None


def _in_texts(sent: Mapping[str, Any]) -> None:
    """Of a number, fido2 would make as many bytes."""
    held = [sent["id"], sent["rawId"], *(sent["response"].get(name) for name in _BYTES)]
    if not all(isinstance(each, str | None) for each in held):
        raise TypeError


def _complete_registration(sent: Mapping[str, Any]) -> AuthenticatorData:
    state = _challenge()
    server, said = auth.get_server(), _read_registration(sent)
    with _or_incorrect():
        _in_a_window_of_its_own(said.response.client_data)
        made: AuthenticatorData = server.register_complete(state, said)
        if made.credential_data is None or max(len(made), len(said.response.client_data)) > _LONGEST:
            raise ValueError
        if made.credential_data.public_key.ALGORITHM not in CoseKey.supported_algorithms():
            raise ValueError
        if said.raw_id != made.credential_data.credential_id:
            raise ValueError
    if _is_known(said.raw_id):
        raise _incorrect()
    if Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, user=context.request.user).count() >= _MOST:
        raise ValidationError(f"Nobody has more than {_MOST} passkeys: remove one first.", code="too_many_passkeys")
    return made


def _is_known(name: bytes) -> bool:
    """Whether somebody at the agency has it already. A second row of it would open on when the first is removed."""
    named = {"data__credential__id": websafe_encode(name)}
    known: bool = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, **named).exists()
    return known


def _complete_authentication(user: AbstractBaseUser, sent: Mapping[str, Any]) -> Authenticator:
    state, known = _challenge(), auth.get_credentials(user)
    server, said = auth.get_server(), _read_authentication(sent)
    with _or_incorrect():
        _in_a_window_of_its_own(said.response.client_data)
        proved = server.authenticate_complete(state, known, said)
    authenticator = auth.get_authenticator_by_credential_id(user, proved.credential_id)
    if authenticator is None:
        raise _incorrect()
    _count(authenticator, said.response.authenticator_data.counter)
    return authenticator


def _set_state(keep: Callable[[dict[str, Any]], None], state: dict[str, Any]) -> None:
    keep({**state, "until": (clock.now() + _GOOD_FOR).timestamp()})


def _challenge() -> Any:
    """What the session asked to be signed. It is gone with the first try, whatever becomes of that.

    Another request that read the session at the same moment, or writes back what it read, finds it spent in Redis.
    """
    state = auth.get_state()
    auth.clear_state()
    if not state or state.get("until", 0) < clock.now().timestamp():
        raise _incorrect()
    if not cache.add(f"passkeys:spent:{state['challenge']}", 1, timeout=int(_GOOD_FOR.total_seconds())):
        raise _incorrect()
    return state


def _in_a_window_of_its_own(said: CollectedClientData) -> None:
    """A page inside another's frame could have its button clicked without the person knowing."""
    if said.cross_origin:
        raise ValueError


def _count(authenticator: Authenticator, now: int) -> None:
    """One that counts its uses never shows the same number twice: a copy of it would. Many count nothing and show 0."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(pk=authenticator.pk).first()
        before = row.data.get("counter", 0) if row else 0
        if row is None or (now <= before and (now or before)):
            log.warning("passkey.counter_went_back", user=str(authenticator.user_id), authenticator=authenticator.pk)
            raise _incorrect()
        row.data = authenticator.data = {**row.data, "counter": now}
        row.save(update_fields=["data"])


def _keep_little(instance: Authenticator, **_: Any) -> None:
    """Of a new passkey: its name, its public key and what identifies it; not what made it, nor what else was sent."""
    if instance.type != Authenticator.Type.WEBAUTHN or instance.pk is not None:
        return
    sent = instance.data["credential"]
    said = RegistrationResponse.from_dict(sent)
    made = said.response.attestation_object.auth_data
    name = websafe_encode(said.raw_id)
    response = {
        "clientDataJSON": websafe_encode(said.response.client_data),
        "attestationObject": websafe_encode(AttestationObject.create("none", made, {})),
    }
    kept = {"id": name, "rawId": name, "type": "public-key", "response": response}
    instance.data = {
        "name": instance.data["name"][:_LONGEST_NAME],
        "credential": {**kept, "clientExtensionResults": _told_of_itself(sent)},
        "counter": made.counter,
    }


def _told_of_itself(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the browser says that it can sign in by this passkey alone; nothing, if it says nothing of the kind."""
    told = sent.get("clientExtensionResults")
    properties = told.get("credProps") if isinstance(told, dict) else None
    alone = properties.get("rk") if isinstance(properties, dict) else None
    return {"credProps": {"rk": alone}} if isinstance(alone, bool) else {}
