"""Which faults a method of a view can end in, read off the code itself.

Followed is every function of our rooms that is named on the way, wherever the name leads without running anything.
What is raised there counts, and what a docstring says under `Raises`: it speaks for the methods of rows, to which no
name leads. That nothing is forgotten, the tests of the API hold: every answer they get must be in the document.
"""

import ast
import importlib
import inspect
import keyword
import re
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from types import FunctionType, MethodType
from typing import Any, Final

from tenants.faults import Fault

_ROOMS: Final = ("api", "leaving", "mtd", "hmrc_oauth", "hmrc_door", "landlords", "events", "people", "tenants")
_PROMISE: Final = re.compile(r"\bRaises\b((?:[^.]|\.(?=\w))*)")


def codes(view: type, method: str) -> frozenset[str]:
    """The codes with which `view.method` can answer, apart from those that stand before every view."""
    seen: dict[Any, set[str]] = {}
    _follow(getattr(view, method), view, seen)
    return frozenset().union(*seen.values())


def _follow(function: Any, owner: type | None, seen: dict[Any, set[str]]) -> None:
    function = inspect.unwrap(function)
    if function in seen or function.__module__.partition(".")[0] not in _ROOMS:
        return
    tree, names = _tree(function), _names(function, owner)
    found = seen[function] = {fault.code for fault in _promised(function)}
    for function_named in _referred(function, names):
        _follow(function_named, None, seen)
    for node in ast.walk(tree):
        for thing in _named(node, names):
            if isinstance(thing, type) and issubclass(thing, Fault) and hasattr(thing, "code"):
                found |= {thing.code} if _is_raised(node, tree) else set()
            elif isinstance(thing, MethodType):
                _follow(thing.__func__, thing.__self__ if isinstance(thing.__self__, type) else None, seen)
            elif isinstance(inspect.unwrap(thing) if callable(thing) else thing, FunctionType):
                _follow(thing, owner if _is_of_self(node) else None, seen)


@cache
def _tree(function: FunctionType) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def _names(function: FunctionType, owner: type | None) -> Mapping[str, Any]:
    """What names mean inside: the module's, the closure's, and what is imported on the spot."""
    inside = dict(inspect.getclosurevars(function).nonlocals)
    for node in ast.walk(_tree(function)):
        if isinstance(node, ast.ImportFrom) and node.module:
            module = importlib.import_module(node.module)
            inside |= {each.asname or each.name: getattr(module, each.name, None) for each in node.names}
    return {**function.__globals__, **inside, **({"self": owner, "cls": owner} if owner else {})}


def _named(node: ast.AST, names: Mapping[str, Any]) -> Iterator[Any]:
    if isinstance(node, ast.Name | ast.Attribute):
        found = _find(node, names)
        if found is not None:
            yield found


def _find(node: ast.expr, names: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        above = _find(node.value, names)
        return getattr(above, node.attr, None) if inspect.ismodule(above) or isinstance(above, type) else None
    return None


def _is_of_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}


def _is_raised(node: ast.AST, tree: ast.AST) -> bool:
    """Raised by its name, or made: to be raised, or answered as it is."""
    return any(
        (isinstance(each, ast.Raise) and node is each.exc) or (isinstance(each, ast.Call) and node is each.func)
        for each in ast.walk(tree)
    )


def _promised(function: FunctionType) -> Iterator[type[Fault]]:
    words = set(re.findall(r"\b[A-Z]\w+", _promise(function)))
    return (fault for fault in Fault.all() if fault.__name__ in words)


def _referred(function: FunctionType, names: Mapping[str, Any]) -> Iterator[FunctionType]:
    """What a docstring names as raising the same."""
    for said in re.findall(r"`?([a-z_]+(?:\.[a-z_]+)*)`?", _promise(function)):
        found = _find(ast.parse(said, mode="eval").body, names) if not keyword.iskeyword(said) else None
        if isinstance(found, FunctionType):
            yield found


def _promise(function: FunctionType) -> str:
    return " ".join(_PROMISE.findall(inspect.getdoc(function) or ""))
