"""What `migrate_schemas` does with agencies, in place of django-tenants' own ways. Those are still had by their names
(`--executor=standard`).
"""

import os
from collections.abc import Iterable
from typing import Any

from django.core.management import CommandError
from django_tenants import migration_executors as stock

from tenants.fleet.migrating import migrate
from tenants.fleet.outcome import Summary

# Asked for any of these, it is a person who looks after single migrations.
_BY_HAND = ("app_label", "migration_name", "fake", "fake_initial", "plan", "prune", "run_syncdb", "check_unapplied")


class ReplayingExecutor(stock.StandardExecutor):
    """Public and single schemas as always; many of them by replaying."""

    codename = "replay"

    def run_migrations(self, tenants: Iterable[str] | None = None) -> None:
        schemas = [*(tenants or [])]
        if len(schemas) <= 1 or any(self.options.get(name) for name in _BY_HAND):
            super().run_migrations(schemas)
            return
        finish(Summary().of(migrate(schemas)))


def get_executor(codename: str | None = None) -> Any:
    """Settings name this one: ours, unless the command line or EXECUTOR asks for another."""
    codename = codename or os.environ.get("EXECUTOR", ReplayingExecutor.codename)
    return ReplayingExecutor if codename == ReplayingExecutor.codename else stock.get_executor(codename)


def finish(summary: Summary) -> None:
    """Raises CommandError if a schema failed. The others are done: after a repair, the same command goes on."""
    if summary.failed:
        raise CommandError("\n".join([f"Agencies: {summary}", *summary.lines()]))
