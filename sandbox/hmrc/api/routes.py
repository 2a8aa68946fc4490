"""
Which operation a path and a method name.

A framework's router compiles every rule anew for every application, and tests start very many: this table is made
once, and looked through by the number of a path's segments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.operation import Operation
from sandbox.hmrc.api.problems import Refusal, refuse

Versions = Mapping[str, Operation[Any]]


@dataclass(frozen=True)
class Route:
    """The versions of one method on one path; a segment such as "{nino}" takes any text."""

    method: str
    segments: tuple[str, ...]
    versions: Versions

    @property
    def openness(self) -> tuple[bool, ...]:
        """Sort by this, and of two paths that match the one that says more comes first."""
        return tuple(segment.startswith("{") for segment in self.segments)

    def read(self, given: tuple[str, ...]) -> dict[str, str] | None:
        """Return the values of the open segments; None if the path is another."""
        values = {}
        for segment, value in zip(self.segments, given, strict=True):
            if segment.startswith("{") and value:
                values[segment.strip("{}")] = value
            elif segment != value:
                return None
        return values


class Routes:
    """The routes of all operations; several versions of one path stand side by side."""

    def __init__(self, operations: Iterable[Operation[Any]]) -> None:
        versions: dict[tuple[str, str], dict[str, Operation[Any]]] = {}
        for operation in operations:
            versions.setdefault((operation.method, operation.path), {})[operation.version] = operation
        routes = [Route(method, _split(path), of_path) for (method, path), of_path in versions.items()]
        self._by_length: dict[int, list[Route]] = {}
        for route in sorted(routes, key=lambda route: route.openness):
            self._by_length.setdefault(len(route.segments), []).append(route)
        self.first_segments = frozenset(route.segments[0] for route in routes)

    def find(self, method: str, path: str) -> tuple[Versions, dict[str, str]]:
        """Return the versions and what the path's open segments say. Raises Refusal: no such path, or method."""
        given = _split(path)
        found = [(route, route.read(given)) for route in self._by_length.get(len(given), ())]
        matching = [(route, values) for route, values in found if values is not None]
        if not matching:
            raise Refusal(problems.NO_SUCH_PATH)
        of_method = ((route.versions, values) for route, values in matching if route.method == method)
        return next(of_method, None) or refuse(problems.METHOD_NOT_ALLOWED)


def _split(path: str) -> tuple[str, ...]:
    return tuple(path.removeprefix("/").split("/"))
