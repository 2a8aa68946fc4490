"""How many values lie where, sealed with which version: read without a key."""

from collections.abc import Iterator
from typing import NamedTuple

from tenants.db import connection
from tenants.vault.columns import Column, columns
from tenants.vault.envelope import MAGIC

_COUNT = """
SELECT {place}, substring({value} from 1 for 3), count(*) FROM {table} t WHERE {value} IS NOT NULL GROUP BY 2
"""


class Count(NamedTuple):
    """`version`: None for what is not sealed at all."""

    column: Column
    version: int | None
    values: int


def count() -> Iterator[Count]:
    """Of the current agency, every column that holds values, by version. Nothing if its schema is dropped already."""
    known = columns()
    every = (_COUNT.format(place=place, value=column.value, table=column.table) for place, column in enumerate(known))
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NULL", [connection.schema_name])
        if cursor.fetchone()[0]:
            return
        cursor.execute(" UNION ALL ".join(every))
        for place, header, many in cursor.fetchall():
            yield Count(known[place], _version(bytes(header)), many)


def _version(header: bytes) -> int | None:
    return int.from_bytes(header[1:], "big") if len(header) == 3 and header[0] == MAGIC else None  # noqa: PLR2004
