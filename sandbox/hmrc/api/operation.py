"""An operation of an HMRC API, declared where it is defined."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.hmrc.api.problems import NOT_AUTHORISED, refuse
from sandbox.hmrc.clock import Clock
from sandbox.hmrc.config import Config
from sandbox.hmrc.filings import Filings
from sandbox.hmrc.oauth.grants import Grants
from sandbox.hmrc.people import People, User
from sandbox.hmrc.store import Store

READ = "read:self-assessment"
WRITE = "write:self-assessment"
APPLICATION = None  # an application-restricted operation asks for the application's own token and no scope


@dataclass(frozen=True, kw_only=True)
class World:
    """All that the stand-in knows."""

    config: Config
    clock: Clock
    store: Store
    people: People
    grants: Grants
    filings: Filings


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request that has passed the checks every operation shares."""

    world: World
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    taxpayer: User | None = field(default=None, repr=False)

    @property
    def user(self) -> User:
        """Return the taxpayer whom a user-restricted operation is about. Raises Refusal where there is none."""
        return self.taxpayer or refuse(NOT_AUTHORISED)


@dataclass(frozen=True)
class Answer:
    """A status and a JSON body; a body that is text is JSON already."""

    status: int
    body: Mapping[str, Any] | str | None = None


Work = Callable[[Call], Answer]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """Method, path ("/{nino}/list"), version as in the Accept header, scope, and what it does. May raise Refusal."""

    name: str
    method: str
    path: str
    version: str
    scope: str | None
    work: Work

    @property
    def takes_body(self) -> bool:
        return self.method in {"POST", "PUT"}


def operation(name: str, method: str, path: str, *, version: str, scope: str | None) -> Callable[[Work], Operation]:
    """Declare a function as an operation."""

    def declare(work: Work) -> Operation:
        return Operation(name=name, method=method, path=path, version=version, scope=scope, work=work)

    return declare
