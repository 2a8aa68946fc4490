"""What can go wrong, said so that a caller can act on it: a stable code, a status, who must act and how.

Every room lists its own faults in its `errors.py`; this is their base and their register, from which `GET /errors`,
the OpenAPI document and the docs are made. A code is never reused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, ClassVar


class Who(StrEnum):
    """Who can mend it."""

    CALLER = "caller"
    LANDLORD = "landlord"
    AGENCY = "agency"
    OPERATOR = "operator"
    NOBODY = "nobody"


@dataclass(frozen=True)
class FieldFault:
    """One thing wrong with what was sent. `pointer` is an RFC 6901 pointer into the body, or `?name` for a query
    parameter.
    """

    pointer: str
    code: str
    detail: str


class Fault(Exception):  # noqa: N818 - the name of the house, see docs/ARCHITECTURE.md
    """A refusal with a stable code. Raised in any room, turned into problem+json at the edge."""

    code: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    who: ClassVar[Who] = Who.CALLER
    user_action: ClassVar[str] = ""
    retryable: ClassVar[bool] = False

    _register: ClassVar[dict[str, type["Fault"]]] = {}

    def __init__(
        self, detail: str = "", *, errors: Sequence[FieldFault] = (), headers: dict[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(self.code)
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = headers or {}
        self.more = more

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "code" not in cls.__dict__:
            return
        known = Fault._register.setdefault(cls.code, cls)
        if known is not cls and known.__qualname__ != cls.__qualname__:
            raise TypeError(f"The code {cls.code} is taken by {known.__qualname__}.")

    @classmethod
    def all(cls) -> Iterator[type["Fault"]]:
        """Every fault that has a code, in the order of their codes."""
        yield from (Fault._register[code] for code in sorted(Fault._register))


class NotFound(Fault):
    """Nothing of that id is visible to this caller. Never says whether it exists elsewhere."""

    code = "not_found"
    title = "There is nothing here by that id"
    status = HTTPStatus.NOT_FOUND
    user_action = "Check the id and which agency the credential belongs to."


class Invalid(Fault):
    """The body or a parameter breaks a rule; `errors` lists every one of them."""

    code = "request.invalid"
    title = "The request breaks one or more rules"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    user_action = "Mend the fields listed in errors and send it again."


class Stale(Fault):
    code = "request.stale"
    title = "It was changed since you read it"
    status = HTTPStatus.PRECONDITION_FAILED
    user_action = "Read it again and repeat the change on what is there now."
