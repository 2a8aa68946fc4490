"""django-tenants' backend, asking the server where it is instead of trusting a flag.

PostgreSQL 18 reports every change of search_path to the client (SET, ROLLBACK, ROLLBACK TO, the hand-over of a pooled
connection), with the answer that caused it. So comparing costs nothing, and SET goes out only when the two differ.
Older servers report nothing: None differs from every wish, and SET goes out every time, as django-tenants does by
itself.
"""

import re
import select
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper
from django_tenants.utils import quote_schema_name
from psycopg.adapt import AdaptersMap
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

_BARE = re.compile(r"^[a-z_][a-z0-9_$]*\Z")


def _as_reported(schema: str) -> str:
    return schema if _BARE.match(schema) else str(quote_schema_name(schema))


class DatabaseWrapper(TenantsWrapper):
    _wanted: tuple[tuple[str, bool] | None, str] = (None, "")
    _anywhere = False

    def get_connection_params(self) -> Any:
        """Django's, with moments read in a tenth of the time: a page of a list holds dozens."""
        params = super().get_connection_params()
        return {**params, "context": _with_quick_moments(params["context"])}

    @contextmanager
    def anywhere(self) -> Iterator[Any]:
        """A cursor that may be in any schema, whichever was entered: for a statement that names that of each of its
        tables.
        """
        self._anywhere = True
        try:
            cursor = self.cursor()
        finally:
            self._anywhere = False
        with cursor:
            yield cursor

    def get_new_connection(self, conn_params: Any) -> Any:
        """From a pool only a connection whose other end is there, as far as that is known without a question: a server
        that was killed has hung up on all of them.
        """
        connection = super().get_new_connection(conn_params)
        for _ in range(self.pool.max_size if self.pool else 0):
            if not _has_hung_up(connection):
                break
            connection.close()
            self.pool.putconn(connection)  # which makes another in its place
            connection = super().get_new_connection(conn_params)
        return connection

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._anywhere:
            return
        if not self.schema_name:
            raise ImproperlyConfigured("No schema is set on this connection.")
        info = self.connection.info
        if info.parameter_status("search_path") == self._wanted_search_path():
            return
        if self.needs_rollback or info.transaction_status == TransactionStatus.INERROR:
            return  # nothing but a rollback is taken now, and that can be said anywhere
        # Unlike django-tenants, which swallows what goes wrong here: the statement would run in another schema.
        if cursor is not None:
            cursor.execute(self._set_search_path())
            return
        with self.wrap_database_errors, self.connection.cursor() as own:
            own.execute(self._set_search_path())

    def _set_search_path(self) -> str:
        return f"SET search_path = {','.join(map(quote_schema_name, self._get_cursor_search_paths()))}"

    def _wanted_search_path(self) -> str:
        key = (self.schema_name, self.include_public_schema)
        if self._wanted[0] != key:
            self._wanted = (key, ", ".join(map(_as_reported, self._get_cursor_search_paths())))
        return self._wanted[1]


def _has_hung_up(connection: Any) -> bool:
    """Of a connection that waits for nothing: that there is something to read bodes ill, and is looked into."""
    heard = select.poll()
    heard.register(connection.fileno(), select.POLLIN)
    if not heard.poll(0):
        return False
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        return True
    return False


class _QuickMoments(BaseTzLoader):
    timezone = UTC

    def load(self, data: Any) -> datetime:
        text = str(data, "ascii")
        if text.endswith("+00"):
            with suppress(ValueError):  # an age that Python does not know
                return datetime.fromisoformat(text)
        return cast("datetime", super().load(data))


@cache
def _with_quick_moments(template: AdaptersMap) -> AdaptersMap:
    quick = AdaptersMap(template)
    quick.register_loader("timestamptz", _QuickMoments)
    return quick
