"""A script is sent to one schema, in one transaction: all of it or nothing."""

import time
from collections.abc import Callable
from typing import TypeAlias

import psycopg.errors
from django.db import DatabaseError, OperationalError, transaction
from django_tenants.utils import quote_schema_name

from tenants.db import connection
from tenants.fleet import by_django, states
from tenants.fleet.catalogue import described
from tenants.fleet.outcome import Outcome, Result, Way, reason
from tenants.fleet.patience import wait_a_little
from tenants.fleet.rehearsing import Change, Script, rehearse

_TRIES = 3
Send: TypeAlias = Callable[[str, Script], None]
_IN_USE = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)


class Differs(Exception):  # noqa: N818
    """The script does not fit: the schema has moved on, or would not become what it should."""


def replay(schema: str, script: Script) -> None:
    """Raises Differs if the schema is not in the script's state any more, DatabaseError."""
    connection.set_schema(schema)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Named in full: where it is missing, the public schema's must not be found in its place.
            table = f"{quote_schema_name(schema)}.django_migrations"
            wait_a_little(cursor)
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
            if states.digest(cursor, schema) != script.state:
                raise Differs("has moved on")
            cursor.execute(script.sql)
    finally:
        connection.set_schema_to_public()


def prove(schema: str, script: Script) -> None:
    """The same, and see that the catalogue changes as it did for the first. Raises Differs, and leaves no trace."""
    with transaction.atomic():
        before = described(schema)
        replay(schema, script)
        if Change.between(before, described(schema)) != script.change:
            raise Differs("becomes another than the first by the same script")


def rehearsed(schema: str, state: str) -> tuple[Outcome, Script | None]:
    """Migrate the first by Django. With it comes the script for others of its state, unless there can be none."""
    began = time.monotonic()
    try:
        script = rehearse(schema, state=state)
    except Exception as error:  # noqa: BLE001 (a migration may raise anything, and the others go on)
        return Outcome(schema, Result.FAILED, Way.DJANGO, time.monotonic() - began, reason(error)), None
    general = schema not in script.sql
    why = "the first of its state" if general else "its SQL names the schema"
    return Outcome(schema, Result.MIGRATED, Way.DJANGO, time.monotonic() - began, why), script if general else None


def by_script(schema: str, script: Script, *, send: Send = replay, tries: int = _TRIES) -> Outcome:
    """Replay it; what can't be replayed here is migrated by Django. A table in use is tried again, and left alone."""
    began = time.monotonic()
    try:
        send(schema, script)
    except (DatabaseError, Differs) as error:
        if not _is_in_use(error):
            return one_by_django(schema, why=str(error) if isinstance(error, Differs) else reason(error))
        if tries > 1:
            return by_script(schema, script, send=send, tries=tries - 1)
        return Outcome(schema, Result.FAILED, Way.REPLAYED, time.monotonic() - began, reason(error))
    return Outcome(schema, Result.MIGRATED, Way.REPLAYED, time.monotonic() - began)


def one_by_django(schema: str, *, why: str = "") -> Outcome:
    """Migrate one by Django. `why` it was not replayed."""
    began = time.monotonic()
    try:
        by_django.migrate(schema)
    except Exception as error:  # noqa: BLE001 (a migration may raise anything, and the others go on)
        return Outcome(schema, Result.FAILED, Way.DJANGO, time.monotonic() - began, reason(error))
    return Outcome(schema, Result.MIGRATED, Way.DJANGO, time.monotonic() - began, why)


def _is_in_use(error: Exception) -> bool:
    return isinstance(error, OperationalError) and isinstance(error.__cause__, _IN_USE)
