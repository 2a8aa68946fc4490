"""What a schema still needs, and whether that may be replayed: done once, and its SQL sent to all others."""

from collections.abc import Iterable, Iterator, Sequence

from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RenameModel, RunPython, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation

from tenants.db import connection

# Django's own operations, whose SQL all goes through the schema editor. Of others nobody knows what they do besides.
_OWN = tuple(f"django.db.migrations.operations.{part}" for part in ("fields", "models", "special"))
_SAME_FOR_ALL = (dict, list, set, tuple, str, int, float, bool)


def pending(schema: str) -> list[Migration]:
    """The migrations that this schema lacks, in order. Leaves the connection in the schema."""
    connection.set_schema(schema)
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def obstacle(plan: Sequence[Migration]) -> str:
    """Why these can't be replayed: which one, and what it does. Empty if they can. Asked in an agency's schema."""
    return next(_obstacles(plan), "")


def _obstacles(plan: Sequence[Migration]) -> Iterator[str]:
    # What belongs to a public app is recorded in an agency's schema, and does nothing there.
    here = [each for each in plan if router.allow_migrate(DEFAULT_DB_ALIAS, each.app_label)]
    for migration in here:
        if not migration.atomic:
            yield f"{migration} is not atomic"
        yield from (f"{migration} {why}" for each in _flat(migration.operations) if (why := _why_not(each)))


def _flat(operations: Iterable[Operation]) -> Iterator[Operation]:
    for each in operations:
        yield from _flat(each.database_operations) if isinstance(each, SeparateDatabaseAndState) else [each]


def _why_not(operation: Operation) -> str:
    if isinstance(operation, RunPython):
        return "runs Python"
    if isinstance(operation, RenameModel):
        return "renames a model"  # and, by a signal, its content type
    if type(operation).__module__ not in _OWN:
        return f"does {type(operation).__name__}"
    return "has a default that is made anew for each schema" if _makes_its_default(operation) else ""


def _makes_its_default(operation: Operation) -> bool:
    field = getattr(operation, "field", None)
    return field is not None and field.has_default() and callable(field.default) and field.default not in _SAME_FOR_ALL
