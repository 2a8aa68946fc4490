"""The end of an agency in the public schema: its keys, its schema, and every row about it. Each may be done twice."""

from typing import Any

from django.db import connection, transaction

from tenants.models import (
    Agency,
    AgencyTurn,
    ConnectState,
    Credential,
    Domain,
    Due,
    Ending,
    Pause,
    PauseScope,
    Share,
    TenantKey,
)
from tenants.vault import keyring


def destroy_keys(agency: Agency) -> list[dict[str, Any]]:
    """After this nothing sealed opens. Which keys there were: purpose, version, and what wrapped them."""
    return keyring.shred(agency.pk)


def drop_schema(agency: Agency) -> dict[str, int]:
    """Destroy the agency's tables. How many rows each had; nothing, if there is no schema any more."""
    with transaction.atomic(), connection.cursor() as cursor:
        counts = {table: _count(cursor, agency, table) for table in _tables(cursor, agency)}
        # Where checks are still to come for what this transaction has changed, no table can be dropped.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"DROP SCHEMA IF EXISTS {_quoted(agency.schema_name)} CASCADE")
    return counts


def forget(agency: Agency) -> dict[str, int]:
    """Delete the agency's rows in the public schema, itself last. How many there were of each kind."""
    about = {"agency_id": agency.pk}
    rows = [
        Due.objects.filter(**about),
        Credential.objects.filter(**about),
        ConnectState.objects.filter(**about),
        Ending.objects.filter(**about),
        AgencyTurn.objects.filter(**about),
        Share.objects.filter(**about),
        Pause.objects.filter(scope=PauseScope.AGENCY, name=str(agency.pk)),
        TenantKey.objects.filter(**about),  # made anew by whoever had not heard yet
        Domain.objects.filter(tenant=agency),
        Agency.objects.filter(pk=agency.pk),
    ]
    return {each.model._meta.db_table: each.delete()[0] for each in rows}


def _tables(cursor: Any, agency: Agency) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [agency.schema_name])
    return [name for (name,) in cursor.fetchall()]


def _count(cursor: Any, agency: Agency, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {_quoted(agency.schema_name)}.{_quoted(table)}")  # noqa: S608 - quoted
    return int(cursor.fetchone()[0])


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
