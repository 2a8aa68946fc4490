"""What a call to one of HMRC's APIs is made of, before it has an address; and how HMRC's operations are declared."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import update_wrapper
from inspect import signature
from string import Formatter
from typing import Any, Generic, ParamSpec, Self
from urllib.parse import quote, urlencode

from hmrc_door.bodies import JSON, write_json
from hmrc_door.hidden import Secret
from hmrc_door.versions import TERMS, Api, accept

P = ParamSpec("P")


@dataclass(frozen=True, kw_only=True, repr=False)
class Call:
    """
    One operation, for one landlord or for nobody. The NINO stays sealed until the path is made; a repr shows the
    operation only.

    `template` is HMRC's path, with `{nino}` and the names in `parts`; a NINO that has no place in it goes into the
    query. `scenario` is a Gov-Test-Scenario.
    """

    operation: str
    api: Api
    method: str
    template: str
    nino: Secret | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    content: JSON = None
    scenario: str = ""

    @property
    def writes(self) -> bool:
        """Whether HMRC would change anything. A call that only reads may be repeated, whatever became of it."""
        return self.method != "GET"

    @property
    def only_sandbox(self) -> bool:
        """Whether it has no meaning in production."""
        return bool(self.scenario) or TERMS[self.api].only_sandbox

    def in_scenario(self, name: str) -> Self:
        """The same call under one of HMRC's Gov-Test-Scenarios."""
        return replace(self, scenario=name)

    def path(self) -> str:
        """The path and query, with the NINO opened for as long as it takes to write it down."""
        with self.filled() as parts:
            return self.path_in(self.template, parts)

    @contextmanager
    def filled(self) -> Iterator[dict[str, str]]:
        """What fills the template, percent-encoded, with the NINO open."""
        plain = {name: quote(part, safe="") for name, part in self.parts.items()}
        if self.nino is None:
            yield plain
            return
        with self.nino.open(reason="hmrc.url") as nino:
            yield {**plain, "nino": quote(nino, safe="")}

    def path_in(self, template: str, parts: Mapping[str, str]) -> str:
        """The path and query in `template`, which is this call's own or the one HMRC has moved it to."""
        loose = {"nino": parts["nino"]} if "nino" in parts and "nino" not in names_in(template) else {}
        query = urlencode({**loose, **self.query})
        filled = template.format_map(parts)
        return f"{filled}?{query}" if query else filled

    def headers(self) -> dict[str, str]:
        """The headers HMRC wants of this operation, but for the bearer and fraud prevention."""
        typed = {} if self.content is None else {"Content-Type": "application/json"}
        tested = {"Gov-Test-Scenario": self.scenario} if self.scenario else {}
        return {"Accept": accept(self.api), **typed, **tested}

    def body(self) -> bytes | None:
        """What is sent, exact to the penny. Raises TypeError if a float got in."""
        return None if self.content is None else write_json(self.content)

    def __repr__(self) -> str:
        return f"Call({self.operation})"


class Operation(Generic[P]):
    """
    One of HMRC's operations. Called with what its signature asks for, it makes the Call.

    The signature is the declaration: `nino` and `body` are what they say, names in the template fill it, and every
    other name is a query parameter, in HMRC's spelling (`fromDate`), left out where it is None.
    """

    def __init__(self, declared: Callable[P, None], *, api: Api, method: str, template: str) -> None:
        update_wrapper(self, declared)
        self.name = f"{declared.__module__.rpartition('.')[2]}.{declared.__name__}"
        self.api = api
        self.method = method
        self.template = template
        self.signature = signature(declared)

    @property
    def scope(self) -> str | None:
        """The scope a landlord's token needs; None where the application's own token is wanted."""
        if TERMS[self.api].by_application:
            return None
        return "read:self-assessment" if self.method == "GET" else "write:self-assessment"

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Call:
        given: dict[str, Any] = dict(self.signature.bind(*args, **kwargs).arguments)
        nino, content = given.pop("nino", None), given.pop("body", None)
        parts = {name: given.pop(name) for name in names_in(self.template) if name in given}
        return Call(
            operation=self.name,
            api=self.api,
            method=self.method,
            template=self.template,
            nino=nino,
            parts=parts,
            query={_camel(name): _written(value) for name, value in given.items() if value is not None},
            content=content,
        )

    def __repr__(self) -> str:
        return f"Operation({self.name})"


def operation(api: Api, method: str, template: str) -> Callable[[Callable[P, None]], Operation[P]]:
    """Declare one of `api`'s operations by the signature of the function below."""
    return lambda declared: Operation(declared, api=api, method=method, template=template)


def names_in(template: str) -> tuple[str, ...]:
    """The names between braces, in order."""
    return tuple(name for _, name, _, _ in Formatter().parse(template) if name)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def _written(value: str | bool | date) -> str:  # noqa: FBT001  a flag of HMRC's
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else value
