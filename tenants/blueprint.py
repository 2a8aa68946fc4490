"""The schema of a new agency, as one text of SQL: all that its migrations say to PostgreSQL, said at once.

The text, `agency.sql`, is drawn by `make blueprint` (`tenants/fleet/drawing`), and names the migrations that it was
drawn from. With any others it is not used.
"""

import hashlib
import sys
from functools import cache
from pathlib import Path

from django.db.migrations.loader import MigrationLoader
from django_tenants.utils import quote_schema_name

from tenants.db import connection
from tenants.models import Agency

TEXT = Path(__file__).with_name("agency.sql")


def fits() -> bool:
    """Whether the text was drawn from this code's migrations, to the byte."""
    return TEXT.exists() and _text().startswith(heading())


def build(agency: Agency, *, text: str = "") -> None:
    """Make the agency's schema as its migrations would. In the caller's transaction: all of it or nothing.

    `text`: another than the committed one.
    """
    before = connection.tenant
    # Alone on the search path: a name that is missing there must not be found in the public schema.
    connection.set_tenant(agency, include_public=False)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {quote_schema_name(agency.schema_name)};\n{text or _text()}")
    finally:
        connection.set_tenant(before)


@cache
def heading() -> str:
    """The lines with which a text begins that was drawn from this code's migrations."""
    return (
        "-- The schema of a new agency. Drawn from the migrations by `make blueprint`, and never edited by hand.\n"
        f"-- Migrations: {_digest()}\n"
    )


@cache
def _text() -> str:
    return TEXT.read_text()


def _digest() -> str:
    """SHA-256 of every migration's name and source: those of public apps are recorded in each schema, too."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    found = hashlib.sha256()
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        source = Path(str(sys.modules[migration.__module__].__file__)).read_bytes()
        found.update(f"{app}.{name} {hashlib.sha256(source).hexdigest()}\n".encode())
    return found.hexdigest()
