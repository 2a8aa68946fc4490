"""How the database is asked to join."""

import pytest

from tenants.db import connection, row_by_row

pytestmark = pytest.mark.django_db

_JOINED = "EXPLAIN SELECT * FROM generate_series(1, 9) AS a JOIN generate_series(1, 9) AS b ON a = b"


def joined_by_hash() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_JOINED)
        return any("Hash Join" in line or "Merge Join" in line for (line,) in cursor.fetchall())


def test_joins_are_row_by_row_until_it_is_over() -> None:
    before = joined_by_hash()

    with row_by_row():
        within = joined_by_hash()

    assert (before, within, joined_by_hash()) == (True, False, True)
