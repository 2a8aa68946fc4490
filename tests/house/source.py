"""The source of the rooms, as text and as trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "tenants",
    "people",
    "events",
    "landlords",
    "hmrc_door",
    "hmrc_oauth",
    "mtd",
    "leaving",
    "api",
    "workers",
    "schema",
)
WORLD = ("sandbox", "tests")


def files(*folders: str) -> list[Path]:
    """Python files below these folders, migrations and generated clients excepted."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if not {"migrations", "clients"} & {*path.relative_to(ROOT).parts[:-1]}]


def nodes(*folders: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node of every file, each with its place."""
    for path in files(*folders):
        yield from _nodes(path)


def calls(*folders: str) -> Iterator[tuple[str, ast.Call, str]]:
    """Every call, with its place and what is called, dotted."""
    for path in files(*folders):
        yield from _calls(path)


@cache
def _nodes(path: Path) -> tuple[tuple[str, ast.AST], ...]:
    tree = ast.parse(path.read_text(), filename=str(path))
    return tuple((f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", node) for node in ast.walk(tree))


@cache
def _calls(path: Path) -> tuple[tuple[str, ast.Call, str], ...]:
    return tuple((place, node, _dotted(node.func)) for place, node in _nodes(path) if isinstance(node, ast.Call))


def _dotted(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner, attr=name):
            return f"{_dotted(inner)}.{name}"
    return ""
