"""Draws the blueprint: an agency's schema is made by its migrations, and what they say to PostgreSQL is the text."""

import re
from typing import Any
from uuid import UUID

from django.db import transaction

from tenants import blueprint
from tenants.db import connection
from tenants.fleet import states
from tenants.fleet.catalogue import described
from tenants.fleet.rehearsing import rehearse
from tenants.models import Agency

# A default that Django makes anew at each migration, for rows that there are: none here.
_MADE_ANEW = {
    re.compile(r"DEFAULT '[^']*'::timestamptz"): "DEFAULT now()",
    re.compile(r"DEFAULT '[^']*'::uuid"): "DEFAULT gen_random_uuid()",
}
# What is deferred is checked between migrations, for rows that there are.
_CHECKED = re.compile(r"^SET CONSTRAINTS ALL .*\n| SET CONSTRAINTS \"\w+\" IMMEDIATE;", re.MULTILINE)
_TABLE = re.compile(r'CREATE TABLE "(\w+)"')
_REFERENCE = re.compile(
    r'ALTER TABLE "(?P<of>\w+)" ADD (?P<said>CONSTRAINT "(?P<name>\w+)" FOREIGN KEY \("(?P<by>\w+)"\) '
    r'REFERENCES "(?P<to>\w+)" .*);\Z'
)
_MODEL, _COPY = (Agency(id=UUID(int=number)) for number in (0, 1))


class CannotDraw(Exception):  # noqa: N818
    """A schema that is made by the text would be another than the migrated one. Says in what, without values."""


def drawn() -> str:
    """The blueprint of this code's migrations. Leaves nothing in the database. Raises CannotDraw."""
    with transaction.atomic():
        connection.set_schema_to_public()
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {_MODEL.schema_name}")
        text = _steadied(rehearse(_MODEL.schema_name, state=states.UNKNOWN).sql)
        blueprint.build(_COPY, text=text)
        _compare(_MODEL.schema_name, _COPY.schema_name)
        transaction.set_rollback(True)
    return blueprint.heading() + text


def _steadied(text: str) -> str:
    for found, instead in _MADE_ANEW.items():
        text = found.sub(instead, text)
    return _gathered(_CHECKED.sub("", text))


def _gathered(text: str) -> str:
    """With each reference in the line that makes its table, if what it refers to is there by then: added later, it
    would be held against every row.
    """
    lines: list[str] = []
    tables: dict[str, int] = {}
    names: set[str] = set()
    for line in text.splitlines():
        if made := _TABLE.match(line):
            tables[made[1]] = len(lines)
        found = _REFERENCE.match(line)
        if found and _fits(found, lines, tables) and found["name"] not in names:
            place = tables[found["of"]]
            lines[place] = f"{lines[place].removesuffix(');')}, {found['said']});"
        else:
            lines.append(line)
        names |= {found["name"]} if found else set()
    return "\n".join([*lines, ""])


def _fits(found: re.Match[str], lines: list[str], tables: dict[str, int]) -> bool:
    """Whether the table has the column from the first, and comes after the one that is referred to, or is it."""
    place = tables[found["of"]]
    return tables[found["to"]] <= place and f'"{found["by"]}" ' in lines[place] and lines[place].endswith(");")


def _compare(model: str, copy: str) -> None:
    if described(model) != described(copy):
        raise CannotDraw("the schema that the text makes differs from the migrated one")
    filled, ours = contents(model), contents(copy)
    if differing := sorted(table for table in filled if filled[table] != ours[table]):
        raise CannotDraw(f"migrations leave rows that the text does not: {', '.join(differing)}")


def contents(schema: str) -> dict[str, list[Any]]:
    """The rows of each table and the place of each sequence; not when a migration was applied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        found = {table: _rows(cursor, schema, table) for (table,) in cursor.fetchall()}
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = %s", [schema])
        return found | {name: [last] for name, last in cursor.fetchall()}


def _rows(cursor: Any, schema: str, table: str) -> list[Any]:
    cursor.execute(f"SELECT to_jsonb(t) - 'applied' FROM {schema}.\"{table}\" t ORDER BY 1")  # noqa: S608
    return list(cursor.fetchall())
