"""How far each schema has come: which migrations it has recorded."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django_tenants.utils import quote_schema_name

from tenants.db import connection

_AT_ONCE = 500
UNKNOWN = ""  # of a schema that records nothing, or is not there


def grouped(schemas: Sequence[str]) -> dict[str, list[str]]:
    """The schemas by the digest of what they have recorded, in the given order."""
    recording = _recording(schemas)
    known: dict[str, str] = {}
    for start in range(0, len(recording), _AT_ONCE):
        known |= _digests(recording[start : start + _AT_ONCE])
    groups: dict[str, list[str]] = defaultdict(list)
    for schema in schemas:
        groups[known.get(schema, UNKNOWN)].append(schema)
    return dict(groups)


def digest(cursor: Any, schema: str) -> str:
    """The same for one, which must record."""
    cursor.execute(*_asking(schema))
    return str(cursor.fetchone()[1])


def _digests(schemas: Sequence[str]) -> dict[str, str]:
    asked = [_asking(schema) for schema in schemas]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(sql for sql, _ in asked), [value for _, values in asked for value in values])
        return dict(cursor.fetchall())


def _asking(schema: str) -> tuple[str, list[str]]:
    # The name can't be a parameter there; django-tenants refuses names that would break out of the quotes.
    table = f"{quote_schema_name(schema)}.django_migrations"
    said = "coalesce(string_agg(app || '.' || name, ',' ORDER BY app, name), '')"
    return f"SELECT %s, md5({said}) FROM {table}", [schema]  # noqa: S608


def _recording(schemas: Sequence[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'django_migrations'")
        there = {schema for (schema,) in cursor.fetchall()}
    return [schema for schema in schemas if schema in there]
