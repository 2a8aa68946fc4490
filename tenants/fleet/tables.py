"""The statement that makes a table, in the words in which Django says it, and what later changes would make of it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# Marks, and what hides them: quotes and comments.
_SIGN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$.*?\$\1\$|--[^\n]*|/\*.*?\*/|[(),;]""", re.DOTALL)
_TYPE = r"[a-z][a-z0-9 ]*(?:\([\d, ]+\))?(?:\[\])?"
_COLUMN = re.compile(
    rf'(?P<name>"\w+") (?P<type>{_TYPE})(?P<default> DEFAULT (?:\'(?:[^\']|\'\')*\'(?:::\w+)?|[\w.+-]+(?:\(\))?))?'
    r"(?P<null> NOT NULL| NULL)(?P<more>.*)\Z",
    re.DOTALL,
)
REFERENCE = re.compile(r'REFERENCES "(\w+)" ?\("\w+"\)')
_ADDED = re.compile(r"ADD COLUMN (.*)\Z", re.DOTALL)
_HELD = re.compile(r'ADD (CONSTRAINT "\w+" (?:UNIQUE|CHECK|FOREIGN KEY) .*)(?<! NOT VALID)\Z', re.DOTALL)
_DROPPED = re.compile(r'DROP COLUMN "(\w+)" CASCADE\Z')
_FREED = re.compile(r'DROP CONSTRAINT "(\w+)"\Z')
_ALTERED = re.compile(rf'ALTER COLUMN ("\w+") (DROP DEFAULT|DROP NOT NULL|SET NOT NULL|TYPE ({_TYPE}))\Z')


class CannotFold(Exception):  # noqa: N818
    """Nobody knows how the table would have been made."""


def parts(text: str, mark: str) -> Iterator[str]:
    """What stands between the marks; not those in quotes, comments or brackets."""
    depth = start = 0
    for sign in _SIGN.finditer(text):
        depth += (sign[0] == "(") - (sign[0] == ")")
        if sign[0] == mark and not depth:
            yield text[start : sign.start()].lstrip()
            start = sign.end()
    if rest := text[start:].lstrip():
        yield rest


class Table(NamedTuple):
    """A table to be made: a line for each column, and then for each constraint."""

    name: str
    lines: list[str]

    def __str__(self) -> str:
        return f'CREATE TABLE "{self.name}" ({", ".join(self.lines)})'

    def needs(self) -> set[str]:
        """The other tables that it refers to."""
        return {found for line in self.lines for found in REFERENCE.findall(line)} - {self.name}

    def changed(self, action: str) -> "Table":
        """As it would be after this action of ALTER TABLE. Raises CannotFold."""
        if found := _ADDED.match(action):
            lines = self._with_column(found[1])
        elif found := _HELD.match(action):
            lines = [*self.lines, found[1]]
        elif found := _DROPPED.match(action):
            lines = [line for line in self.lines if not says(line, found[1])]
        elif found := _FREED.match(action):
            lines = [_freed(line, self.name, found[1]) for line in self.lines]
        elif found := _ALTERED.match(action):
            lines = [_altered(line, *found.groups()) for line in self.lines]
        else:
            raise CannotFold
        if lines == self.lines:
            raise CannotFold
        return Table(self.name, [*filter(None, lines)])

    def _with_column(self, line: str) -> list[str]:
        columns = [line for line in self.lines if line.startswith('"')]
        return [*columns, line, *self.lines[len(columns) :]]


def says(line: str, column: str) -> bool:
    """Whether a line about a table, or an index of it, is about this column."""
    return f'"{column}"' in line.partition(" REFERENCES ")[0]


def _freed(line: str, table: str, constraint: str) -> str:
    """Without the constraint, if it has it: by its name, or the one that PostgreSQL gives to what is UNIQUE."""
    if line.startswith(f'CONSTRAINT "{constraint}" '):
        return ""
    column = _COLUMN.match(line)
    if not column:
        return line
    more = re.sub(rf' CONSTRAINT "{constraint}" {REFERENCE.pattern} DEFERRABLE INITIALLY DEFERRED', "", column["more"])
    if f'"{constraint}"' == f'"{table}_{column["name"][1:-1]}_key"':
        more = more.removeprefix(" UNIQUE")
    return line.removesuffix(column["more"]) + more


def _altered(line: str, name: str, action: str, kind: str | None) -> str:
    """With another type, default or null, if it is this column's."""
    column = _COLUMN.match(line)
    if not column or column["name"] != name:
        return line
    default = "" if action == "DROP DEFAULT" else column["default"] or ""
    null = {"DROP NOT NULL": " NULL", "SET NOT NULL": " NOT NULL"}.get(action, column["null"])
    return f"{name} {kind or column['type']}{default}{null}{column['more']}"
