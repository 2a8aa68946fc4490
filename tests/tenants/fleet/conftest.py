"""Schemas of agencies, committed and dropped afterwards, and releases that bring a migration more."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias
from uuid import uuid4

import pytest
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from tenants import blueprint
from tenants.db import connection
from tenants.ids import new_id
from tenants.models import Agency
from tests.house.source import ROOT

Make: TypeAlias = Callable[[int], list[str]]
Release: TypeAlias = Callable[..., None]

_LAST = max((ROOT / "landlords" / "migrations").glob("0*.py")).stem


@pytest.fixture
def schemas(django_db_setup: None, django_db_blocker: Any) -> Iterator[Make]:
    """Makes so many schemas of new agencies, without agencies."""
    made: list[Agency] = []

    def make(many: int) -> list[str]:
        new = [Agency(id=new_id()) for _ in range(many)]
        for agency in new:
            with transaction.atomic():
                blueprint.build(agency)
        made.extend(new)
        return [agency.schema_name for agency in new]

    with django_db_blocker.unblock():
        yield make
        connection.set_schema_to_public()
        with connection.cursor() as cursor:
            for agency in made:
                cursor.execute(f"DROP SCHEMA IF EXISTS {agency.schema_name} CASCADE")
        connection.close()


@pytest.fixture
def another(schemas: Make) -> Iterator[Any]:
    """Somebody else's connection, in a transaction that is rolled back."""
    own = connections[DEFAULT_DB_ALIAS].copy()
    own.set_autocommit(False)
    with own.cursor() as cursor:
        yield cursor
    own.rollback()
    own.close()


@pytest.fixture
def release(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Release]:
    """Adds migrations to the landlords', one for each list of operations, which is given as source text."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def bring(*operations: str, atomic: bool = True, before: str = "") -> None:
        package = tmp_path / f"release_{uuid4().hex}"
        package.mkdir()
        (package / "__init__.py").write_text("from landlords import migrations\n__path__ += migrations.__path__\n")
        names = [_LAST, *(f"9{number:03}_probe" for number in range(len(operations)))]
        for last, name, said in zip(names, names[1:], operations, strict=False):
            (package / f"{name}.py").write_text(_MIGRATION.format(before=before, last=last, atomic=atomic, said=said))
        settings.MIGRATION_MODULES = {"landlords": package.name}
        blueprint.heading.cache_clear()

    yield bring
    blueprint.heading.cache_clear()


def rows(schema: str, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    """What stands in a table of the schema."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {schema}.{table} ORDER BY 1")
        return list(cursor.fetchall())


_MIGRATION = """
from django.db import migrations, models
from django.contrib.postgres.operations import AddIndexConcurrently
{before}

class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [("landlords", "{last}")]
    operations = [{said}]
"""
