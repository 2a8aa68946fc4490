"""The database connection as django-tenants makes it: it knows whose schema it is in."""

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

    def close(self) -> None: ...


connection = cast("TenantConnection", _connection)
