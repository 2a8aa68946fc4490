"""What may be replayed: only what is the same for every schema, and is all said in SQL."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models.signals import post_migrate, pre_migrate

from tenants.db import connection
from tenants.fleet.planning import obstacle, pending
from tenants.models import Agency
from tests.tenants.fleet.conftest import Release

_REPLAYED = [
    migrations.AddField("landlord", "probe", models.IntegerField(null=True)),
    migrations.AddField("landlord", "probe", models.JSONField(default=dict)),
    migrations.AddField("landlord", "probe", models.IntegerField(default=7)),
    migrations.AlterField("landlord", "full_name", models.CharField(max_length=300)),
    migrations.RenameField("landlord", "full_name", "name"),
    migrations.RemoveField("landlord", "tags"),
    migrations.CreateModel("probe", fields=[("id", models.UUIDField(primary_key=True, default=uuid4))]),
    migrations.DeleteModel("landlord"),
    migrations.AddIndex("landlord", models.Index(fields=["full_name"], name="probe")),
    migrations.AddConstraint("landlord", models.UniqueConstraint(fields=["full_name"], name="probe")),
    migrations.RunSQL("SELECT 1"),
    migrations.SeparateDatabaseAndState([migrations.RunSQL("SELECT 1")], [migrations.DeleteModel("landlord")]),
]


class Strange(migrations.RunSQL):
    """An operation of somebody's own."""


_RUN = migrations.RunPython(migrations.RunPython.noop)
_NOT = {
    "runs Python": [_RUN],
    "runs Python ": [migrations.SeparateDatabaseAndState([migrations.SeparateDatabaseAndState([_RUN])])],
    "renames a model": [migrations.RenameModel("landlord", "owner")],
    "does Strange": [migrations.RunSQL("SELECT 1"), Strange("SELECT 1")],
    "does AddIndexConcurrently": [AddIndexConcurrently("landlord", models.Index(fields=["full_name"], name="probe"))],
    "has a default that is made anew for each schema": [
        migrations.AddField("landlord", "probe", models.UUIDField(default=uuid4))
    ],
}


@pytest.mark.parametrize("operation", _REPLAYED, ids=lambda each: each.describe())
def test_what_the_schema_editor_says_is_replayed(operation: Operation, in_alpha: Agency) -> None:
    assert obstacle([_migration(operation)]) == ""


@pytest.mark.parametrize(("why", "operations"), _NOT.items(), ids=_NOT)
def test_what_does_more_is_left_to_django(why: str, operations: list[Operation], in_alpha: Agency) -> None:
    harmless = _migration(migrations.RunSQL("SELECT 1"))

    assert obstacle([harmless, _migration(*operations)]) == f"landlords.9000_probe {why.strip()}"


def test_what_is_not_one_transaction_is_left_to_django(in_alpha: Agency) -> None:
    migration = _migration(migrations.RunSQL("SELECT 1"))
    migration.atomic = False

    assert obstacle([migration]) == "landlords.9000_probe is not atomic"


def test_what_belongs_to_the_public_schema_does_nothing_here(in_alpha: Agency) -> None:
    assert obstacle([_migration(_RUN, app="tenants")]) == ""
    assert obstacle([_migration(_RUN, app="landlords")]) != ""


def test_only_what_is_not_recorded_is_pending(release: Release, alpha: Agency) -> None:
    assert pending(alpha.schema_name) == []

    release("migrations.RunSQL('SELECT 1')", "migrations.RunSQL('SELECT 2')")

    assert [str(each) for each in pending(alpha.schema_name)] == ["landlords.9000_probe", "landlords.9001_probe"]
    assert connection.schema_name == alpha.schema_name


def test_nobody_else_listens_to_migrations() -> None:
    """What they do is not said through the schema editor. A new one has to be thought of in `fleet/rehearsing`."""
    receivers = [entry[1]() for signal in (pre_migrate, post_migrate) for entry in signal.receivers]

    assert {getattr(each, "__name__", "") for each in receivers} == {
        "inject_rename_contenttypes_operations",
        "create_contenttypes",
        "create_permissions",
    }


def _migration(*operations: Operation, app: str = "landlords") -> Any:
    migration: Any = migrations.Migration("9000_probe", app)
    migration.operations = [*operations]
    return migration
