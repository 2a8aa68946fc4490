"""The lists of connections: each filter finds what it says, by an index and never by reading the whole agency."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from hmrc_oauth.models import Grant
from tenants.context import tenant
from tenants.models import Agency
from tests.api.callers import Caller
from tests.api.world import World

FILTERS = [
    ("state=uncertain", "grant_in_passing"),
    ("state=refreshing", "grant_in_passing"),
    ("reason_code=refused", "connection_by_reason"),
    ("state=reconnect_required", "connection_by_state"),
]


@pytest.fixture
def many(alpha: Agency, alphas: World) -> Iterator[None]:
    """Three thousand landlords who are connected, all by the same sealed bytes."""
    with tenant(alpha), connection.cursor() as cursor:
        for table, own, more in (
            ("landlords_landlord", "gen_random_uuid()", {"nino": "NULL", "nino_index": "NULL", "reference": "n::text"}),
            ("hmrc_oauth_grant", "gen_random_uuid()", {}),
        ):
            _multiply(cursor, table, {"id": own, **more})
        cursor.execute(
            "INSERT INTO hmrc_oauth_connection (id, landlord_id, grant_id, state, reason_code, possible_causes,"
            " generation, changed_at)"
            " SELECT gen_random_uuid(), landlord.id, granted.id, 'active', '', '[]', 1, now()"
            " FROM (SELECT id, row_number() OVER () FROM landlords_landlord WHERE nino IS NULL) AS landlord (id, n)"
            " JOIN (SELECT id, row_number() OVER () FROM hmrc_oauth_grant) AS granted (id, n) USING (n)"
            " WHERE NOT EXISTS (SELECT FROM hmrc_oauth_connection AS own WHERE own.landlord_id = landlord.id)"
        )
        for table in ("landlords_landlord", "hmrc_oauth_grant", "hmrc_oauth_connection"):
            cursor.execute(f"ANALYZE {table}")
        yield


def _multiply(cursor: Any, table: str, own: dict[str, str]) -> None:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    columns = [name for (name,) in cursor.fetchall()]
    values = ", ".join(own.get(name, f'one."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values}"
        f" FROM (SELECT * FROM {table} LIMIT 1) AS one, generate_series(1, 3000) AS n"
    )


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(("query", "index"), FILTERS)
def test_no_filter_reads_a_whole_agency(machine: Caller, query: str, index: str) -> None:
    plans: list[str] = []

    def explained(execute: Any, statement: str, given: Any, many: bool, context: Any) -> Any:
        if 'FROM "hmrc_oauth_connection"' in statement and "reason_code" in statement:
            execute(f"EXPLAIN {statement}", given, many, context)
            plans.append("\n".join(row[0] for row in context["cursor"].fetchall()))
        return execute(statement, given, many, context)

    with connection.execute_wrapper(explained):
        assert machine.get(f"connections?{query}").status_code == 200

    assert len(plans) == 1
    assert "Seq Scan on hmrc_oauth_" not in plans[0], plans[0]
    assert index in plans[0], plans[0]


@pytest.mark.parametrize(("status", "found"), [("active", 1), ("uncertain", 1), ("refreshing", 1), ("dead", 0)])
@pytest.mark.parametrize("path", ["connections?grant_expires_before", "landlords?expiring_before"])
def test_an_end_is_foretold_of_grants_that_live(
    machine: Caller, alpha: Agency, alphas: World, path: str, status: str, found: int
) -> None:
    with tenant(alpha):
        end = Grant.objects.get().ends_at
        Grant.objects.update(status=status, lease_ends_at=end if status == "refreshing" else None)
    before = (end + timedelta(seconds=1)).isoformat().replace("+00:00", "Z")

    assert len(machine.get(f"{path}={before}").json()["results"]) == found
