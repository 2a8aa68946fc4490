"""From a request to the facts of a fraud context: what the body says, and what the edge and the session know better."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from rest_framework.request import Request

from api.auth import caller
from api.edge import Client
from api.fraud_inputs import INTEGRATORS_ONLY
from hmrc_door.fraud import Facts, Method
from hmrc_door.fraud_facts import Factor
from hmrc_door.fraud_formats import written
from people.factors import second_factors
from people.principal import Principal, PrincipalKind
from tenants.faults import FieldFault, Invalid

_AS_IT_CAME = (
    *("connection_method", "device_id", "user_agent", "screens", "window", "timezone"),
    *("local_ips", "local_ips_timestamp", "mac_addresses"),
)
_DEVICE = {
    "os-family": "os_family",
    "os-version": "os_version",
    "device-manufacturer": "manufacturer",
    "device-model": "model",
}
_US = "quarterday"


def facts_of(request: Request, said: Mapping[str, Any]) -> Facts:
    """What was collected of the person at the device. Raises Invalid for what only an API key may say."""
    by = caller(request)
    is_key = by.kind is PrincipalKind.API_KEY
    found = _by_integrator(by, said) if is_key else _by_person(by, said, client_of(request), request.auth)
    same = {name: said[name] for name in _AS_IT_CAME if name in said}
    device = {theirs: said["device"][ours] for theirs, ours in _DEVICE.items() if ours in said.get("device", {})}
    programs = said["connection_method"] != Method.WEB_APP_VIA_SERVER  # a page does not know who is signed in below it
    users = {"os": said["os_user"]} if programs and "os_user" in said else {}
    found["user_ids"] = {**users, **found.get("user_ids", {})}
    return cast("Facts", {**found, **same, "device": device, "versions": _version(said)})


def client_of(request: Request) -> Client:
    """Where the request came from, as the middleware noted."""
    known: Client = request._request.edge  # type: ignore[attr-defined] # noqa: SLF001 - DRF wraps Django's request
    return known


def _by_person(by: Principal, said: Mapping[str, Any], client: Client, session: object) -> Facts:
    """The device talks to us itself."""
    presumed = [FieldFault(f"/{name}", "api_key_only", _PRESUMED) for name in INTEGRATORS_ONLY if name in said]
    if presumed:
        raise Invalid(errors=presumed)
    facts: Facts = {"user_ids": {_US: str(by.id)}, "mfa": _factors(session, by.id)}
    if client.ip is not None:
        facts |= {"public_ip": client.ip, "public_ip_timestamp": written(client.at)}
    if client.port is not None:
        facts["public_port"] = client.port
    return facts


def _by_integrator(by: Principal, said: Mapping[str, Any]) -> Facts:
    """The device talks to the integrator's server, and that to us: who the person is, only it knows."""
    same = {name: said[name] for name in ("mfa", "licence_ids", "forwarded") if name in said}
    software = said.get("application", {}).get("name", "user")
    users = {_US: str(by.id), software: said["user_id"]} if "user_id" in said else {}
    return cast("Facts", {**same, **said.get("client", {}), "user_ids": users})


def _factors(session: object, user_id: UUID) -> list[Factor]:
    """A landlord's link and a password alone are no second factor, and nothing is made of them."""
    proved = second_factors(session=session, user_id=user_id) if isinstance(session, SessionBase) else []
    return [
        {"type": factor.kind, "timestamp": written(factor.at), "unique_reference": factor.reference}
        for factor in proved
    ]


def _version(said: Mapping[str, Any]) -> dict[str, str]:
    application = said.get("application")
    return {application["name"]: application["version"]} if application else {}


_PRESUMED = "Only an integrator's server says this, with its API key; of you we know it ourselves."
