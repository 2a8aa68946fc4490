"""
HMRC's order of checks, for every operation:

    Accept (406), version (404) → Content-Type (415), JSON → NINO format (400)
    → token (401) and scope (403) → the NINO is the token's user, and enrolled (403) → the operation's own phases
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.hmrc.api import exact, problems
from sandbox.hmrc.api.operation import Answer, Call, Operation, World
from sandbox.hmrc.api.problems import Refusal, refuse
from sandbox.hmrc.api.routes import Versions
from sandbox.hmrc.api.scenarios import carry_out
from sandbox.hmrc.magic import is_nino
from sandbox.hmrc.oauth.grants import Bearer
from sandbox.hmrc.people import User

_ACCEPT = re.compile(r"application/vnd\.hmrc\.(\d\.\d)\+json")
_JSON_TYPES = frozenset({"application/json", "text/json"})


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """
    What came in, freed of the framework. Names of headers are in lower case; the content type is without parameters.

    `pause` is called before the effect, where a fault may make it wait.
    """

    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    content_type: str
    body: bytes
    pause: Callable[[], None]


def serve(versions: Versions, incoming: Incoming, *, world: World) -> Answer:
    """Answer a request to a path that these versions share."""
    try:
        return _carry_out(versions, incoming, world)
    except Refusal as refusal:
        return Answer(refusal.status, refusal.body)


def _carry_out(versions: Versions, incoming: Incoming, world: World) -> Answer:
    operation = _negotiate(versions, incoming.headers.get("accept", ""))
    body = _read_body(operation, incoming)
    nino = _check_nino(incoming.path)
    taxpayer = _authorize(operation, incoming.headers.get("authorization", ""), nino, world)
    incoming.pause()
    call = Call(
        world=world,
        path=incoming.path,
        query=incoming.query,
        headers=incoming.headers,
        body=body,
        taxpayer=taxpayer,
    )
    return carry_out(operation, call)


def _negotiate(versions: Versions, accept: str) -> Operation[Any]:
    asked = _ACCEPT.fullmatch(accept.strip())
    if not asked:
        raise Refusal(problems.ACCEPT)
    return versions.get(asked[1]) or refuse(problems.NO_SUCH_VERSION)


def _read_body(operation: Operation[Any], incoming: Incoming) -> object:
    if not operation.takes_body:
        return None
    if incoming.content_type not in _JSON_TYPES:
        raise Refusal(problems.BODY_TYPE)
    try:
        return exact.loads(incoming.body)
    except exact.NotJson:
        raise Refusal(problems.BODY) from None


def _check_nino(path: Mapping[str, str]) -> str | None:
    nino = path.get("nino")
    if nino is not None and not is_nino(nino):
        raise Refusal(problems.NINO)
    return nino


def _authorize(operation: Operation[Any], authorization: str, nino: str | None, world: World) -> User | None:
    bearer = _bearer(authorization, world)
    if (bearer.user_id is None) != (operation.scope is None):
        raise Refusal(problems.WRONG_TOKEN_TYPE)
    if bearer.user_id is None:
        return None
    if operation.scope not in bearer.scopes:
        raise Refusal(problems.INVALID_SCOPE)
    return _taxpayer(bearer.user_id, nino, world) or refuse(operation.stranger)


def _bearer(authorization: str, world: World) -> Bearer:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refusal(problems.MISSING_CREDENTIALS)
    return world.grants.bearer(token.strip(), now=world.clock.now()) or refuse(problems.INVALID_CREDENTIALS)


def _taxpayer(user_id: str, nino: str | None, world: World) -> User | None:
    # HMRC does not tell a stranger's NINO from one that is not signed up: both are one and the same 403.
    user = world.people.by_id(user_id)
    return user if user and user.enrolled and nino in {None, user.nino} else None
