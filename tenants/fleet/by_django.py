"""Migrating one schema as django-tenants does, migration by migration: slow, and right for whatever they do."""

from django.core.management.commands.migrate import Command
from django_tenants.migration_executors.base import run_migrations

from tenants.db import connection
from tenants.fleet.patience import wait_a_little


def migrate(schema: str) -> None:
    """Bring it to the last migration. Raises what a migration raises. Leaves the connection closed, and public."""
    options = vars(Command().create_parser("manage.py", "migrate").parse_args(["--noinput", "-v0", "--skip-checks"]))
    connection.set_schema(schema)
    try:
        with connection.cursor() as cursor:
            wait_a_little(cursor, scope="SESSION")
        run_migrations((), options, "django", schema)
    finally:
        connection.set_schema_to_public()
        if not connection.in_atomic_block:
            connection.close()
