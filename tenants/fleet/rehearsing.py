"""One schema is migrated as Django does it, and what that says to PostgreSQL is written down for the others."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import TracebackType
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.schema import DatabaseSchemaEditor

from tenants.db import connection
from tenants.fleet import by_django, states
from tenants.fleet.catalogue import described

# As a commit does between two migrations: what is deferred is checked, and no trigger is left pending on a table.
_AS_COMMITTED = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
_END_OF_COMMENT = "\n"
# What Django adds when all is migrated: it has ids of its own in each schema, and is found by its names.
_ROWS = {
    "SELECT app_label, model FROM django_content_type ORDER BY id": (
        "INSERT INTO django_content_type (app_label, model)\n"
        "SELECT column2, column3 FROM (VALUES\n{rows}\n) new ORDER BY column1 ON CONFLICT DO NOTHING"
    ),
    "SELECT p.name, codename, app_label, model FROM auth_permission p"
    " JOIN django_content_type c ON c.id = content_type_id ORDER BY p.id": (
        "INSERT INTO auth_permission (name, codename, content_type_id)\n"
        "SELECT column2, column3, id FROM (VALUES\n{rows}\n) new\n"
        "JOIN django_content_type ON (app_label, model) = (column4, column5) ORDER BY column1 ON CONFLICT DO NOTHING"
    ),
    "SELECT app, name FROM django_migrations ORDER BY id": (
        "INSERT INTO django_migrations (app, name, applied)\n"
        "SELECT column2, column3, now() FROM (VALUES\n{rows}\n) new ORDER BY column1"
    ),
}
_Rows = dict[str, list[tuple[str, ...]]]


class Change(NamedTuple):
    """What a migration does to a schema's catalogue."""

    added: Counter[str]
    removed: Counter[str]

    @classmethod
    def between(cls, before: Counter[str], after: Counter[str]) -> "Change":
        return cls(after - before, before - after)


class Script(NamedTuple):
    """What brings a schema of this state to the next, and what that changes."""

    state: str
    sql: str
    change: Change


def rehearse(schema: str, *, state: str) -> Script:
    """Migrate this schema, and return the script for others of its state. Raises what migrating raises."""
    before = described(schema)
    rows = {} if state == states.UNKNOWN else _rows(schema)
    with _recorded() as said:
        by_django.migrate(schema)
    return Script(state, "".join([*said, *_added(rows, _rows(schema))]), Change.between(before, described(schema)))


class _Recording(DatabaseSchemaEditor):
    def __init__(self, said: list[str], connection: BaseDatabaseWrapper, *args: Any, **kwargs: Any) -> None:
        super().__init__(connection, *args, **kwargs)
        self._said = said

    def execute(self, sql: Any, params: Sequence[Any] | None = ()) -> None:
        text = str(sql) if params is None else _composed(str(sql), params)
        super().execute(text, None)
        self._said.append(f"{text.rstrip().removesuffix(';')}{_END_OF_COMMENT if '--' in text else ''};\n")

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None:
        super().__exit__(kind, raised, traceback)
        self._said.append(f"{_AS_COMMITTED};\n")


@contextmanager
def _recorded() -> Iterator[list[str]]:
    said: list[str] = []
    ours = connections[DEFAULT_DB_ALIAS]
    before = ours.SchemaEditorClass
    ours.SchemaEditorClass = partial(_Recording, said)  # type: ignore[assignment]
    try:
        yield said
    finally:
        ours.SchemaEditorClass = before


def _rows(schema: str) -> _Rows:
    connection.set_schema(schema, include_public=False)
    found = {}
    with connection.cursor() as cursor:
        for asked in _ROWS:
            cursor.execute(asked)
            found[asked] = cursor.fetchall()
    return found


def _added(before: _Rows, after: _Rows) -> Iterator[str]:
    for asked, insert in _ROWS.items():
        known = set(before.get(asked, []))
        if new := [row for row in after[asked] if row not in known]:
            rows = ",\n".join(_literal((number, *row)) for number, row in enumerate(new))
            yield f"{insert.format(rows=rows)};\n"


def _literal(row: tuple[Any, ...]) -> str:
    return _composed(f"({', '.join(['%s'] * len(row))})", row)


def _composed(sql: str, params: Sequence[Any]) -> str:
    ours: Any = connections[DEFAULT_DB_ALIAS]
    return str(ours.ops.compose_sql(sql, params))
