"""The database connection as django-tenants makes it: it knows whose schema it is in."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol, cast

from django.db import connection as _connection

from tenants.models import Agency


class TenantConnection(Protocol):
    """What Django's connection gains by the tenants' backend."""

    tenant: Any  # an Agency, or django-tenants' stand-in for the public schema
    schema_name: str
    in_atomic_block: bool

    def set_tenant(self, tenant: Agency, include_public: bool = ...) -> None: ...  # noqa: FBT001

    def set_schema(self, schema_name: str, include_public: bool = ...) -> None: ...  # noqa: FBT001

    def set_schema_to_public(self) -> None: ...

    def cursor(self) -> Any: ...

    def anywhere(self) -> AbstractContextManager[Any]: ...

    def close(self) -> None: ...


connection = cast("TenantConnection", _connection)


@contextmanager
def row_by_row() -> Iterator[None]:
    """In a transaction: what is joined is looked up row by row, by its index, and not gathered whole beforehand.

    For pages of a list whose filter is worked out of many tables: PostgreSQL counts what that costs only for such a
    plan, and so does not see that it is over after a page.
    """
    _join_at_once("off")
    yield
    _join_at_once("on")  # after an exception, the transaction's end does it


def _join_at_once(setting: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('enable_hashjoin', %s, true), set_config('enable_mergejoin', %s, true)",
            [setting, setting],
        )
