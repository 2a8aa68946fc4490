"""Entering an agency: the only way in for workers, commands and the middleware."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from tenants.db import connection
from tenants.errors import UnknownHost
from tenants.models import Agency


@contextmanager
def tenant(agency: Agency | UUID) -> Iterator[Agency]:
    """Run the block in the agency's schema and come back to where it was, whatever happens.

    Raises UnknownHost if there is no such agency.
    """
    before = connection.tenant
    found = agency if isinstance(agency, Agency) else get_agency(agency)
    connection.set_tenant(found)
    try:
        yield found
    finally:
        connection.set_tenant(before)


@contextmanager
def public() -> Iterator[None]:
    """Run the block in the public schema."""
    before = connection.tenant
    connection.set_schema_to_public()
    try:
        yield
    finally:
        connection.set_tenant(before)


def current_agency() -> Agency:
    """The agency whose schema this thread is in. Raises UnknownHost in the public schema."""
    if not isinstance(connection.tenant, Agency):
        raise UnknownHost
    return connection.tenant


def get_agency(agency_id: UUID) -> Agency:
    """Raises UnknownHost."""
    found: Agency | None = Agency.objects.filter(pk=agency_id).first()
    if found is None:
        raise UnknownHost
    return found
