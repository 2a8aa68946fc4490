"""manage.py vault_report: how many values lie where, sealed with which version of a data key, wrapped by which KEK."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandParser

from tenants.context import tenant
from tenants.models import Agency, TenantKey
from tenants.named import add_agency, agencies
from tenants.vault import inventory


class Line(NamedTuple):
    """`kek`: empty where the version's key is gone, and the values with it. `version`: None if it is not sealed."""

    table: str
    field: str
    purpose: str
    version: int | None
    kek: str


class Command(BaseCommand):
    help = "Count the sealed values, by table, field, version of the data key and key that wraps it. Opens nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_agency(parser)
        parser.add_argument("--json", action="store_true", help="a line of JSON for each count")

    def handle(self, *args: Any, **options: Any) -> None:
        total = Counter[Line]()
        for agency in agencies(options["agency"]):
            total.update(_of(agency))
        for line in sorted(total, key=str):
            told = {**line._asdict(), "values": total[line]}
            self.stdout.write(json.dumps(told) if options["json"] else _words(told))


def _of(agency: Agency) -> Counter[Line]:
    rows = TenantKey.objects.filter(agency_id=agency.pk)
    keks = {(row.purpose, row.version): row.kek_ref for row in rows}
    found = Counter[Line]()
    with tenant(agency):
        for column, version, values in inventory.count():
            kek = keks.get((column.purpose, version), "") if version is not None else ""
            found[Line(column.table.strip('"'), column.name, column.purpose, version, kek)] += values
    return found


def _words(told: Mapping[str, Any]) -> str:
    version = "not sealed" if told["version"] is None else f"v{told['version']}"
    what = f"{told['table']:<34}{told['field']:<16}{told['purpose']:<8}"
    return f"{what}{version:<12}{told['kek'] or '-':<16}{told['values']:>10}"
