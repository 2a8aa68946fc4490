"""django-tenants' backend, asking the server where it is instead of trusting a flag.

PostgreSQL 18 reports every change of search_path to the client (SET, ROLLBACK, ROLLBACK TO, the hand-over of a pooled
connection), with the answer that caused it. So comparing costs nothing, and SET goes out only when the two differ.
Older servers report nothing: None differs from every wish, and SET goes out every time, as django-tenants does by
itself.
"""

import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper
from django_tenants.utils import quote_schema_name

_BARE = re.compile(r"^[a-z_][a-z0-9_$]*\Z")


def _as_reported(schema: str) -> str:
    return schema if _BARE.match(schema) else str(quote_schema_name(schema))


class DatabaseWrapper(TenantsWrapper):
    _wanted: tuple[tuple[str, bool] | None, str] = (None, "")

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path:
            return
        if not self.schema_name:
            raise ImproperlyConfigured("No schema is set on this connection.")
        if self.connection.info.parameter_status("search_path") == self._wanted_search_path():
            return
        self.search_path_set_schemas = None
        super()._handle_search_path(cursor)

    def _wanted_search_path(self) -> str:
        key = (self.schema_name, self.include_public_schema)
        if self._wanted[0] != key:
            self._wanted = (key, ", ".join(map(_as_reported, self._get_cursor_search_paths())))
        return self._wanted[1]
