"""The mutants of a file, and which of its code is left out."""

import ast
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst import matchers as m
from libcst.metadata import MetadataWrapper, PositionProvider

from tests.mutants.equal import EQUAL
from tests.mutants.operators import changed

ROOT = Path(__file__).resolve().parents[2]
HEART = (
    "models/states",
    "models/grant",
    "models/session",
    "models/connection",
    "breaker",
    "backoff",
    "persist",
    "exchange",
    "refresh",
    "settling",
    "witness",
)

# Left out, with all that is in it.
_LEFT_OUT = (
    # No behaviour: what is only read, and names.
    m.Annotation() | m.Import() | m.ImportFrom() | m.Decorator() | m.AssignTarget(),
    m.Expr(m.SimpleString() | m.ConcatenatedString()),
    m.Assign(value=m.Call(func=m.Name("TypeVar"))),
    # A wrong type there always fails, and proves nothing.
    m.Call(func=m.Name("len") | m.Name("isinstance")),
    # Texts for people who watch, and why a seal is opened. What must not be in them is tested elsewhere.
    m.Call(func=m.Attribute(value=m.Name("log"))) | m.Assign(targets=[m.AssignTarget(m.Name("log"))]),
    m.Call(func=m.Attribute(attr=m.Name("open"))) | m.FunctionDef(name=m.Name("__repr__")),
    # Nothing happens there unless a test arms it; that each stands where it is named is tested.
    m.Call(func=m.Name("failpoint")),
)
_LEFT_OUT_STATEMENTS = m.Expr(m.Call(func=m.Attribute(value=m.Name("log")) | m.Name("failpoint")))


@dataclass(frozen=True)
class Mutant:
    """One change. `unit` is the statement of the module, or of a class in it, that holds the change."""

    file: str  # below hmrc_oauth
    owner: str  # the class, or "" for the module itself
    unit: ast.stmt  # as changed, on its lines in the file
    line: int
    lines: range  # of the statement that is changed; those of its whole function where it has none of its own
    change: str

    @property
    def place(self) -> str:
        """The function it is in, or the file if it is a constant."""
        return f"{self.file}.{self.owner}.{getattr(self.unit, 'name', '')}"

    @property
    def key(self) -> str:
        """The same for the same change to the same unit, wherever in its file that stands."""
        text = f"{self.file}\0{self.owner}\0{self.change}\0{self.line - self.unit.lineno}\0{ast.dump(self.unit)}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def __str__(self) -> str:
        return f"hmrc_oauth/{self.file}.py:{self.line}  {self.change}"


def source_of(file: str) -> Path:
    return ROOT / "hmrc_oauth" / f"{file}.py"


def mutants_of(file: str) -> Iterator[Mutant]:
    """Every mutant of the file but the left out, in order."""
    wrapper = MetadataWrapper(cst.parse_module(source_of(file).read_text()))
    yield from _File(file, wrapper).mutants()


class _File:
    def __init__(self, name: str, wrapper: MetadataWrapper) -> None:
        self.name, self.module = name, wrapper.module
        self.positions = wrapper.resolve(PositionProvider)

    def mutants(self) -> Iterator[Mutant]:
        for statement in self.module.body:
            if isinstance(statement, cst.ClassDef):
                # Columns, members and constraints: the drift checks of migrations and of the OpenAPI document judge.
                for member in statement.body.body:
                    if isinstance(member, cst.FunctionDef):
                        yield from self._in_unit(member, owner=statement.name.value)
            else:
                yield from self._in_unit(statement, owner="")

    def _in_unit(self, unit: cst.CSTNode, *, owner: str) -> Iterator[Mutant]:
        for node, statement in self._nodes(unit, unit):
            for new in changed(node):
                change = f"{self._text(node)}  →  {self._text(new)}"
                if (self.name, change) in EQUAL:
                    continue
                with suppress(SyntaxError, cst.CSTValidationError):
                    whole = self._parsed(unit.deep_replace(node, new) if node is not unit else new, unit)
                    where = self.positions.get(node) or self.positions[statement]
                    lines = self._lines(unit if statement is unit else statement, to=where.end.line)
                    yield Mutant(self.name, owner, whole, where.start.line, lines, change)

    def _nodes(self, node: cst.CSTNode, statement: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
        """Each node that may be changed, with the innermost statement it belongs to."""
        if any(m.matches(node, left_out) for left_out in _LEFT_OUT):
            return
        if isinstance(node, cst.BaseSmallStatement | cst.BaseCompoundStatement):
            statement = node
        if not m.matches(node, _LEFT_OUT_STATEMENTS):
            yield node, statement
        for child in node.children:
            yield from self._nodes(child, statement)

    def _lines(self, statement: cst.CSTNode, *, to: int) -> range:
        """Of a statement with a body only what comes before it; of a function all, for it runs when it is defined."""
        where = self.positions[statement]
        return range(where.start.line, (where.end.line if isinstance(statement, cst.FunctionDef) else to) + 1)

    def _text(self, node: cst.CSTNode) -> str:
        return " ".join(self.module.code_for_node(node).split())

    def _parsed(self, changed_unit: cst.CSTNode, original: cst.CSTNode) -> ast.stmt:
        """The changed unit, on the lines of the original. Raises SyntaxError for a change that is none of Python's."""
        unit: ast.stmt
        (unit,) = ast.parse(self.module.code_for_node(changed_unit)).body
        named = original.name if isinstance(original, cst.FunctionDef) else original
        ast.increment_lineno(unit, self.positions[named].start.line - unit.lineno)
        return unit
