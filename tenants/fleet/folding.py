"""What a history says of a table, folded into the statement that makes it.

PostgreSQL writes its catalogues at each statement, and reads anew all that it knows of a table that was changed. What
can't be folded is said where it was said, and whatever comes after it about the same table, too.
"""

import re
from collections.abc import Iterable, Iterator

from tenants.fleet.tables import REFERENCE, CannotFold, Table, parts, says

_MADE = re.compile(r'CREATE TABLE "(\w+)" \((.*)\)\Z', re.DOTALL)
_CHANGED = re.compile(r'ALTER TABLE "(\w+)" (.*)\Z', re.DOTALL)
_INDEXED = re.compile(r'CREATE (?:UNIQUE )?INDEX "(\w+)" ON "(\w+)" ')
_UNINDEXED = re.compile(r'DROP INDEX IF EXISTS "(\w+)"\Z')
_COLUMN_DROPPED = re.compile(r'DROP COLUMN "(\w+)" ')
# With a column's type, PostgreSQL makes anew what is said of it, from its own print of it: other words for the same.
_RETYPED = re.compile(r'ALTER COLUMN "(\w+)" TYPE ')
_IN_WORDS = re.compile(r" WHERE | CHECK \(|\(\(")
# What is deferred is checked between migrations, for rows that there are.
_CHECKED = re.compile(r"SET CONSTRAINTS ")
# Of use to those tables alone that they name. Nothing is moved to before any other, such as one that makes a type.
_PLAIN = re.compile(r"(INSERT|UPDATE|DELETE|ALTER TABLE|DROP TABLE|CREATE (UNIQUE )?INDEX|DROP INDEX|COMMENT) ")


def folded(text: str) -> str:
    """Fewer statements, which make the same of a new schema."""
    story = _Story()
    for statement in parts(text, ";"):
        if not _CHECKED.match(statement):
            story.say(statement)
    return "".join(f"{statement};\n" for statement in story.statements())


class _Story:
    def __init__(self) -> None:
        self._said: list[Table | str] = []
        self._places: dict[str, int] = {}  # of all tables
        self._open: dict[str, Table] = {}  # those that may still be changed
        self._indexes: dict[str, tuple[str, int]] = {}  # of which table, and their places

    def statements(self) -> Iterator[str]:
        return filter(None, map(str, self._said))

    def say(self, statement: str) -> None:
        """Fold it, or keep it."""
        if made := _MADE.match(statement):
            self._make(Table(made[1], [*parts(made[2], ",")]))
        elif index := _INDEXED.match(statement):
            self._indexes[index[1]] = (index[2], len(self._said))
            self._said.append(statement)
        elif not (self._change(statement) or self._unindex(statement)):
            self._keep(statement)

    def _make(self, table: Table) -> None:
        self._places[table.name] = len(self._said)
        self._open[table.name] = table
        self._said.append(table)

    def _change(self, statement: str) -> bool:
        found = _CHANGED.match(statement)
        table = self._open.get(found[1]) if found else None
        if not found or not table:
            return False
        actions = [*parts(found[2], ",")]
        try:
            for action in actions:
                table = table.changed(action)
        except CannotFold:
            return False
        if not self._may_be(table) or any(self._is_in_words(table, column) for column in _said(_RETYPED, actions)):
            return False
        self._open[table.name] = self._said[self._places[table.name]] = table
        for column in _said(_COLUMN_DROPPED, actions):
            self._unsay(place for place, index in self._indexes_of(table) if says(index, column))
        return True

    def _may_be(self, table: Table) -> bool:
        """Whether all that it refers to is made by then."""
        place = self._places[table.name]
        return all(self._places.get(name, place) < place for name in table.needs())

    def _is_in_words(self, table: Table, column: str) -> bool:
        lines = [*table.lines, *(index for _, index in self._indexes_of(table))]
        return any(says(line, column) and _IN_WORDS.search(line) for line in lines)

    def _unindex(self, statement: str) -> bool:
        """What was said between may have needed an index only if it is unique."""
        found = _UNINDEXED.match(statement)
        table, place = self._indexes.get(found[1], ("", -1)) if found else ("", -1)
        known = place >= 0 and (table in self._open or not str(self._said[place]).startswith("CREATE UNIQUE "))
        if known:
            self._unsay([place])
        return known

    def _indexes_of(self, table: Table) -> Iterator[tuple[int, str]]:
        return ((place, str(self._said[place])) for of, place in self._indexes.values() if of == table.name)

    def _unsay(self, places: Iterable[int]) -> None:
        for place in places:
            self._said[place] = ""

    def _keep(self, statement: str) -> None:
        named = set(re.findall(r"\w+", REFERENCE.sub("", statement)))
        for name in [*self._open]:
            if name in named or not _PLAIN.match(statement):
                del self._open[name]
        self._said.append(statement)


def _said(pattern: re.Pattern[str], actions: list[str]) -> Iterator[str]:
    return (found[1] for found in map(pattern.match, actions) if found)
