"""What a schema is made of, as PostgreSQL's catalogues say it: two schemas are alike if their lines are."""

from collections import Counter
from functools import cache
from pathlib import Path

from django.db import transaction

from tenants.db import connection
from tenants.fleet.patience import wait_a_little


def described(schema: str) -> Counter[str]:
    """Tables, columns, defaults, constraints, indexes, sequences, triggers, grants and all else, a line each, without
    the schema's name and without its rows. Leaves the connection in the public schema.
    """
    connection.set_schema(schema, include_public=False)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            wait_a_little(cursor)  # what prints an expression locks its table
            cursor.execute(_sql(), {"schema": schema})
            return Counter(line.replace(f"{schema}.", "") for (line,) in cursor.fetchall())
    finally:
        connection.set_schema_to_public()


@cache
def _sql() -> str:
    return Path(__file__).with_suffix(".sql").read_text()
