"""
An operation of an HMRC API, declared where it is defined, in the phases in which HMRC works:

    check       the path, the query and the body by themselves, all problems at once
    scenarios   what the Gov-Test-Scenario header asks for; the fixed answer is `canned`
    stateful    the state of the world
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sandbox.hmrc.api.problems import NOT_AUTHORISED, Problem, refuse
from sandbox.hmrc.businesses import Business
from sandbox.hmrc.calculations import Calculations
from sandbox.hmrc.clock import Clock
from sandbox.hmrc.config import Config
from sandbox.hmrc.filings import Filings
from sandbox.hmrc.oauth.grants import Grants
from sandbox.hmrc.oauth.sends import Sends
from sandbox.hmrc.people import People, User
from sandbox.hmrc.record import Record
from sandbox.hmrc.records import Records
from sandbox.hmrc.settings import Setting
from sandbox.hmrc.statuses import Statuses
from sandbox.hmrc.store import Store
from sandbox.hmrc.vendor_state import VendorState

READ = "read:self-assessment"
WRITE = "write:self-assessment"
APPLICATION = None  # an application-restricted operation asks for the application's own token and no scope

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class World:
    """All that the stand-in knows."""

    config: Config
    clock: Clock
    store: Store
    people: People
    grants: Grants
    sends: Sends
    filings: Filings
    records: Records
    calculations: Calculations
    statuses: Statuses
    vendor_state: VendorState
    mode: Setting[str]
    lag_seconds: Setting[float]
    record: Record


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request that has passed the checks every operation shares. Names of headers are in lower case."""

    world: World
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: Any = None
    taxpayer: User | None = field(default=None, repr=False)

    @property
    def user(self) -> User:
        """Return the taxpayer whom a user-restricted operation is about. Raises Refusal where there is none."""
        return self.taxpayer or refuse(NOT_AUTHORISED)

    @property
    def businesses(self) -> tuple[Business, ...]:
        """Return the taxpayer's businesses as they are now: much can happen after the token's check."""
        return self.world.people.businesses(self.user.nino)

    @property
    def suspends_dates(self) -> bool:
        """Tell whether checks against today's date are to be left out, as a test may ask."""
        return self.headers.get("suspend-temporal-validations", "").lower() == "true"


@dataclass(frozen=True)
class Answer:
    """A status and a JSON body; a body that is text is JSON already."""

    status: int
    body: Mapping[str, Any] | Sequence[Any] | None = None


Work = Callable[[Call, T], Answer]


@dataclass(frozen=True, kw_only=True)
class Operation(Generic[T]):
    """
    Method, path ("/{nino}/list"), version as in the Accept header, scope, and what is done in each phase.

    Any phase may raise Refusal. `check` returns what the others work on. An operation without scenarios leaves
    the header unread. `sandbox_keeps_state` says whether HMRC's own sandbox knows STATEFUL here. `stranger` is the
    403 of a user who is not the taxpayer or not signed up.
    """

    name: str
    method: str
    path: str
    version: str
    scope: str | None
    check: Callable[[Call], T]
    stateful: Work[T] | None = None
    canned: Work[T] | None = None
    scenarios: Mapping[str, Problem | Work[T]] = field(default_factory=dict)
    sandbox_keeps_state: bool = True
    takes_body: bool = False
    stranger: Problem = NOT_AUTHORISED


def unchecked(_: Call) -> None:
    """Check nothing: the operation has no field but the NINO."""


def fixed(status: int, body: Mapping[str, Any] | Sequence[Any] | None = None) -> Work[Any]:
    """Return work that always has this answer."""
    return lambda _call, _read: Answer(status, body)


def scenarios(*problems: Problem) -> dict[str, Problem]:
    """Name a scenario after each problem, as HMRC does: its code without "RULE_"."""
    return {problem.code.removeprefix("RULE_"): problem for problem in problems}
