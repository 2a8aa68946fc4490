"""Draws the blueprint: an agency's schema is made by its migrations, and what they say to PostgreSQL is the text."""

import re
from typing import Any
from uuid import UUID

from django.db import transaction

from tenants import blueprint
from tenants.db import connection
from tenants.fleet import states
from tenants.fleet.catalogue import described
from tenants.fleet.folding import folded
from tenants.fleet.rehearsing import rehearse
from tenants.models import Agency

# A default that Django makes anew at each migration, for rows that there are: none here.
_MADE_ANEW = {
    re.compile(r"DEFAULT '[^']*'::timestamptz"): "DEFAULT now()",
    re.compile(r"DEFAULT '[^']*'::uuid"): "DEFAULT gen_random_uuid()",
}
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
    return folded(text)


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
